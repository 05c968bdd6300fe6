import { actHref } from '../../../core/module/act-href.ts'
import type { ActNote, NoteReading, Services, ShownAct, Viewer } from '../../../core/module/types.ts'
import { maySeeDraft } from '../../../core/release/index.ts'
import { readPlanLessons, readRuns } from '../../preparedness/index.ts'
import '../tables.ts'
import { type Lesson, readLessons } from './read-lessons.ts'

/** What can be followed from a lesson that was answered. */
export interface Became {
  /** The response plan that took it in, and what its version did with it. */
  plan?: { href: string; name: string; state: 'open' | 'taken' | 'aside'; version: number }
  /** Drafts that began with it and what they became, oldest first; nothing where they were given up. */
  drafts: { href: string; isSent: boolean }[]
}

export async function whatBecame(services: Services, viewer: Viewer, lesson: Lesson): Promise<Became> {
  const { answer } = lesson
  if (answer?.run !== undefined) return { drafts: [], ...(await planOf(services, viewer, lesson, answer.run)) }
  if (answer?.answer !== 'commitment' && answer?.answer !== 'capacity') return { drafts: [] }
  const begun = await services.db
    .selectFrom('home.recovery_lesson_draft as d')
    .leftJoin('log.entry as e', (join) => join.onRef('e.act_id', '=', 'd.draft').on('e.author', '=', services.party))
    .select(['d.draft', 'e.space', 'e.act_hash as hash'])
    .where('d.lesson', '=', lesson.id)
    .orderBy('d.at')
    .orderBy('d.draft')
    .execute()
  const found = await Promise.all(
    begun.map(async ({ draft, space, hash }) => {
      if (space !== null && hash !== null) return [{ href: actHref(space, hash), isSent: true }]
      const one = await services.drafts.find(draft)
      const isThere = one && one.state !== 'discarded' && maySeeDraft(viewer, one)
      return isThere ? [{ href: `/drafts/${draft}`, isSent: false }] : []
    }),
  )
  return { drafts: found.flat() }
}

async function planOf(
  services: Services,
  viewer: Viewer,
  lesson: Lesson,
  named: string,
): Promise<Pick<Became, 'plan'>> {
  const run = (await readRuns(services, viewer, { incident: lesson.incident, run: named }))[0]
  if (!run) return {}
  const taken = (await readPlanLessons(services, viewer, { run: named })).find(({ id }) => id === lesson.id)
  const version = taken?.answer?.version
  return {
    plan: {
      href: `/plans/${run.plan.id}#lesson-${lesson.id}`,
      name: run.plan.latest.content.name,
      state: version !== undefined ? 'taken' : taken?.answer ? 'aside' : 'open',
      version: version ?? 0,
    },
  }
}

/** Beside an act of ours that began with a lesson: the way back, for whoever may read that lesson. */
export async function lessonNotes(
  { services, viewer, t }: NoteReading,
  acts: readonly ShownAct[],
): Promise<Map<string, ActNote[]>> {
  const ours = acts.filter(({ act }) => act.statement.author === services.party)
  if (ours.length === 0 || !viewer.may('incidents:read')) return new Map()
  const begun = await services.db
    .selectFrom('home.recovery_lesson_draft')
    .select(['draft', 'lesson'])
    .where(
      'draft',
      'in',
      ours.map(({ act }) => act.statement.id),
    )
    .execute()
  if (begun.length === 0) return new Map()
  const { lessons } = await readLessons(services, viewer)
  return new Map(
    ours.flatMap(({ act }) => {
      const named = begun.find(({ draft }) => draft === act.statement.id)?.lesson
      const lesson = lessons.find(({ id }) => id === named)
      if (!lesson) return []
      const href = `/incidents/${lesson.incident}/recovery/lessons/${lesson.id}`
      return [[act.hash, [{ text: t('recovery.lesson.from'), href }]] as const]
    }),
  )
}
