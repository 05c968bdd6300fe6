import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import { getOpenIncident, lockIncident, publishChange, writeEntry } from '../incidents/index.ts'
import { choicesOf, readCatalogue } from './catalogue.ts'
import type { Answers } from './weigh-options.ts'
import './tables.ts'

export interface GivenAnswer {
  question: string
  value: string
  why: string
  by: string
  at: number
}

/** The answers that stand, by question; what a question was answered before stays in the table. */
export async function readAnswers(db: Reader, incident: string): Promise<Map<string, GivenAnswer>> {
  const rows = await db
    .selectFrom('home.response_answer')
    .selectAll()
    .distinctOn('question')
    .where('incident', '=', incident)
    .orderBy('question')
    .orderBy('ordinal', 'desc')
    .execute()
  const standing = rows.filter(({ value }) => value !== '')
  return new Map(
    standing.map(({ question, value, why, by_person: by, at }) => [question, { question, value, why, by, at }]),
  )
}

export const valuesOf = (given: ReadonlyMap<string, GivenAnswer>): Answers =>
  Object.fromEntries([...given.values()].map(({ question, value }) => [question, value]))

/**
 * Writes the answers that changed, each with what it rests on; an empty answer takes one back.
 *
 * @throws Refusal `response.no-such-answer`
 */
export async function saveAnswers(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, answers, why }: { id: string; answers: Answers; why: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const { rules } = readCatalogue(services)
  const rows = await services.db.transaction().execute(async (tx) => {
    // Two who answer at once follow one another, so that each row was compared with what it replaces.
    await lockIncident(tx, incident.id)
    const before = await readAnswers(tx, incident.id)
    const changed = rules.questions.flatMap((question) => {
      const value = answers[question.id]
      if (value === undefined || value === (before.get(question.id)?.value ?? '')) return []
      if (value !== '' && !choicesOf(rules, question).some((one) => one.id === value))
        throw new Refusal('response.no-such-answer', { field: question.id })
      return [{ question: question.id, value }]
    })
    if (changed.length === 0) return changed
    await tx
      .insertInto('home.response_answer')
      .values(
        changed.map((one) => ({
          ...one,
          id,
          incident: incident.id,
          why,
          by_person: viewer.person.id,
          at: services.clock.now(),
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: 'gate-answers',
      facts: { count: changed.length },
    })
    return changed
  })
  if (rows.length > 0) publishChange(services, incident.id)
}
