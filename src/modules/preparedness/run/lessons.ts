import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { getIncident, inSight, publishChange, writeEntry } from '../../incidents/index.ts'
import { getPlan } from '../plan/read-plans.ts'
import { lockPlan } from '../plan/write-plan.ts'
import { getRun } from './read-runs.ts'
import '../tables.ts'

export interface Lesson {
  id: string
  run: string
  plan: string
  incident: string
  step?: string
  words: string
  by: string
  at: number
  /** `version` where it is taken up by one, else it was set aside. */
  answer?: { version?: number; words: string; by: string; at: number }
}

/** Lessons of a plan or of a run, from incidents this person may know of; oldest first. */
export async function readLessons(
  services: Services,
  viewer: Viewer,
  of: { plan: string } | { run: string },
): Promise<Lesson[]> {
  const rows = await services.db
    .selectFrom('home.preparedness_lesson as l')
    .leftJoin('home.preparedness_lesson_answer as a', 'a.lesson', 'l.id')
    .select(['l.id', 'l.run', 'l.plan', 'l.incident', 'l.step', 'l.words', 'l.by_person as by', 'l.at'])
    .select(['a.version', 'a.words as answered', 'a.by_person as answeredBy', 'a.at as answeredAt'])
    .where(inSight(services, viewer, 'l.incident'))
    .where('plan' in of ? 'l.plan' : 'l.run', '=', 'plan' in of ? of.plan : of.run)
    .orderBy('l.ordinal')
    .execute()
  return rows.map(({ step, version, answered, answeredBy, answeredAt, ...row }) => ({
    ...row,
    ...(step !== null && { step }),
    ...(answered !== null &&
      answeredBy !== null &&
      answeredAt !== null && {
        answer: { words: answered, by: answeredBy, at: answeredAt, ...(version !== null && { version }) },
      }),
  }))
}

interface NewLesson {
  id: string
  step: string
  words: string
}

/** Writes what a run taught; also when its incident is closed. The same id again changes nothing. @throws Refusal */
export async function writeLesson(
  services: Services,
  viewer: Viewer,
  at: { incident: string; run: string },
  lesson: NewLesson,
): Promise<void> {
  await services.db.transaction().execute((tx) => addLesson({ ...services, db: tx }, viewer, at, lesson))
  publishChange(services, at.incident)
}

/** The same within the transaction of a room that has a lesson for this one; its `db` is that transaction. */
export async function addLesson(
  services: Services & { db: Tx },
  viewer: Viewer,
  at: { incident: string; run: string },
  lesson: NewLesson,
): Promise<void> {
  const incident = await getIncident(services, viewer, at.incident)
  const run = await getRun(services, viewer, incident.id, at.run)
  if (lesson.step !== '' && !run.steps.some(({ step }) => step.id === lesson.step))
    throw new Refusal('preparedness.step-not-found')
  const done = await services.db
    .insertInto('home.preparedness_lesson')
    .values({
      id: lesson.id,
      run: run.id,
      plan: run.plan.id,
      incident: incident.id,
      step: lesson.step || null,
      words: lesson.words,
      by_person: viewer.person.id,
      at: services.clock.now(),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (done.numInsertedOrUpdatedRows === 0n) return
  await writeEntry(services, viewer, services.db, { incident: incident.id, kind: 'plan-lesson', words: lesson.words })
}

/**
 * Answers a lesson: the next version takes it up, or it is set aside with a reason. Answered once.
 *
 * @throws Refusal `preparedness.nothing-written` where there is no next version to take it up yet
 */
export async function answerLesson(
  services: Services,
  viewer: Viewer,
  planId: string,
  given: { lesson: string; answer: 'take-up' | 'set-aside'; words: string },
): Promise<void> {
  if (given.answer === 'set-aside' && given.words === '')
    throw new Refusal('preparedness.reason-missing', { field: 'words' })
  await services.db.transaction().execute(async (tx) => {
    await lockPlan(tx, planId)
    const inTx = { ...services, db: tx }
    const plan = await getPlan(inTx, viewer, planId)
    const lesson = (await readLessons(inTx, viewer, { plan: plan.id })).find(({ id }) => id === given.lesson)
    if (!lesson) throw new Refusal('preparedness.lesson-not-found')
    if (given.answer === 'take-up' && !plan.pending) throw new Refusal('preparedness.nothing-written')
    const done = await tx
      .insertInto('home.preparedness_lesson_answer')
      .values({
        lesson: lesson.id,
        version: given.answer === 'take-up' ? plan.next : null,
        words: given.words,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) throw new Refusal('preparedness.lesson-answered')
  })
  services.live.publish(`plan:${planId}`)
}
