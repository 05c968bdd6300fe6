import type { Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import type { Lesson } from '../lessons/read-lessons.ts'

/** What became of a lesson, or that it is open, or that its day is over. */
export const lessonState = ({ t }: Visit, { answer, isOverdue }: Lesson): string =>
  t(answer ? `recovery.lesson.state.${answer.answer}` : `recovery.lesson.state.${isOverdue ? 'overdue' : 'open'}`)

/** The day it is due, as it was written down. */
export const dueDay = ({ language }: Visit, { content }: Lesson): string =>
  formatDate(Date.parse(`${content.due}T00:00:00Z`), 'UTC', language)
