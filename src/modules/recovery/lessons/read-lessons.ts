import { Refusal } from '../../../core/http/refusal.ts'
import { atHome, mark, reveal } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { inSight } from '../../incidents/index.ts'
import type { LessonContent } from '../tables.ts'
import '../tables.ts'
import type { LessonAnswer } from '../vocabulary.ts'

export interface Lesson {
  id: string
  incident: string
  content: LessonContent
  dueAt: number
  tlp: Tlp
  by: string
  at: number
  /** Answered once; open where it is not there. */
  answer?: { id: string; answer: LessonAnswer; run?: string; words: string; by: string; at: number }
  /** Open, and its day is over. */
  isOverdue: boolean
}

interface Asked {
  incident?: string
  lesson?: string
  /** Only those that are open and due before this moment, ms. */
  openBefore?: number
}

export interface Lessons {
  lessons: Lesson[]
  /** Marked above the reader, or about a service that is. */
  withheld: number
}

/**
 * Lessons of all incidents this person may know of, or of one, oldest first: two queries however many there are. A
 * service that is hidden from the person hides what it taught.
 */
export async function readLessons(
  services: Services,
  viewer: Viewer,
  { incident, lesson, openBefore }: Asked = {},
): Promise<Lessons> {
  const rows = await services.db
    .selectFrom('home.recovery_lesson as l')
    .leftJoin('home.recovery_lesson_answer as a', 'a.lesson', 'l.id')
    .select(['l.id', 'l.incident', 'l.content', 'l.due_at as dueAt', 'l.tlp', 'l.by_person as by', 'l.at'])
    .select(['a.id as form', 'a.answer', 'a.run', 'a.words', 'a.by_person as answeredBy', 'a.at as answeredAt'])
    .where(inSight(services, viewer, 'l.incident'))
    .$if(incident !== undefined, (query) => query.where('l.incident', '=', incident as string))
    .$if(lesson !== undefined, (query) => query.where('l.id', '=', lesson as string))
    .$if(openBefore !== undefined, (query) =>
      query.where('a.lesson', 'is', null).where('l.due_at', '<=', openBefore as number),
    )
    .orderBy('l.ordinal')
    .execute()
  const seen = await readableServices(
    services,
    viewer,
    rows.flatMap(({ content }) => content.services),
  )
  const reader = atHome(services, viewer)
  const now = services.clock.now()
  const shown = rows.filter(
    ({ tlp, content }) =>
      reveal(mark(tlp, { tlp }), reader, 'page').shown && content.services.every((id) => seen.has(id)),
  )
  const lessons = shown.map(({ form, answer, run, words, answeredBy, answeredAt, ...row }): Lesson => {
    const isAnswered = form !== null && answer !== null && words !== null && answeredBy !== null && answeredAt !== null
    return {
      ...row,
      isOverdue: !isAnswered && row.dueAt < now,
      ...(isAnswered && {
        answer: { id: form, answer, words, by: answeredBy, at: answeredAt, ...(run !== null && { run }) },
      }),
    }
  })
  return { lessons, withheld: rows.length - lessons.length }
}

/** Those of these services whose newest entry this person may read, as in the plan itself. */
async function readableServices(services: Services, viewer: Viewer, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await services.db
    .selectFrom('home.recovery_service')
    .select(['service', 'tlp'])
    .distinctOn('service')
    .where('service', 'in', [...new Set(ids)])
    .where(inSight(services, viewer, 'home.recovery_service.incident'))
    .orderBy('service')
    .orderBy('ordinal', 'desc')
    .execute()
  const reader = atHome(services, viewer)
  return new Set(rows.flatMap(({ service, tlp }) => (reveal(mark(tlp, { tlp }), reader, 'page').shown ? service : [])))
}

/** @throws Refusal `recovery.lesson-not-found` */
export async function getLesson(services: Services, viewer: Viewer, incident: string, id: string): Promise<Lesson> {
  const { lessons } = await readLessons(services, viewer, { incident, lesson: id })
  const [found] = lessons
  if (!found) throw new Refusal('recovery.lesson-not-found')
  return found
}
