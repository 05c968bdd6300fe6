import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import type { Run } from '../../preparedness/index.ts'
import type { Returned } from '../../frame/index.ts'
import type { Became } from '../lessons/became.ts'
import type { Lesson, Lessons } from '../lessons/read-lessons.ts'
import type { Loaded } from '../load-page.ts'

/** What the page of all lessons shows from. */
export interface LessonsProps {
  visit: Visit
  loaded: Loaded
  lessons: Lessons
  returned?: Returned
}

/** What every part of the page of a lesson shows from. */
export interface LessonProps {
  visit: Visit
  loaded: Loaded
  lesson: Lesson
  became: Became
  /** Response plans at work in the incident. */
  runs: readonly Run[]
  /** Where a text can be proposed. */
  spaces: readonly SpaceFacts[]
  returned?: Returned
}
