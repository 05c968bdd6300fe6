import { endOfDay } from '../../../core/clocks/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader } from '../../../core/storage/types.ts'
import type { Incident } from '../incident.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { listReaders } from '../need-to-know/readers.ts'
import reference from '../reference/challenge.json' with { type: 'json' }
import type { CheckedAssumption } from '../tables.ts'
import { changing } from '../weigh/changing.ts'
import { readWeighing } from '../weigh/weighing.ts'
import '../tables.ts'

/** Structured techniques by the names the trade gives them. */
export const challengeMethods = reference.methods
export const assumptionFindings = reference.assumptions

/** What came of a challenge: said by who was asked; `called-off` by who asked. */
export const challengeOutcomes = ['holds', 'revise', 'unsettled', 'declined', 'called-off'] as const
export type ChallengeOutcome = (typeof challengeOutcomes)[number]

/** Somebody who did not write an assessment is asked to put it to the test by a day. */
export interface Challenge {
  id: string
  assessment: string
  method: string
  task: string
  asked: string
  /** `YYYY-MM-DD` */
  dueOn: string
  by: string
  at: number
  /** Minuted, or not yet. */
  end?: { outcome: ChallengeOutcome; words: string; assumptions: CheckedAssumption[]; by: string; at: number }
}

/** Challenges of an incident in the order they were asked for. */
export async function readChallenges(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incident: string,
  db: Reader = services.db,
): Promise<Challenge[]> {
  const rows = await db
    .selectFrom('home.incidents_challenge as c')
    .leftJoin('home.incidents_challenge_end as e', 'e.challenge', 'c.id')
    .selectAll('c')
    .select(['e.outcome', 'e.words', 'e.assumptions', 'e.by_person as ended_by', 'e.at as ended_at'])
    .where('c.incident', '=', incident)
    .where(inSight(services, viewer, 'c.incident'))
    .orderBy('c.ordinal')
    .execute()
  return rows.map(({ id, assessment, method, task, asked, due_on: dueOn, by_person: by, at, ...end }) => ({
    ...{ id, assessment, method, task, asked, dueOn, by, at },
    ...(end.ended_at !== null && {
      end: {
        outcome: end.outcome as ChallengeOutcome,
        words: end.words ?? '',
        assumptions: end.assumptions ?? [],
        by: end.ended_by ?? '',
        at: end.ended_at,
      },
    }),
  }))
}

export interface NewChallenge {
  id: string
  assessment: string
  method: string
  task: string
  asked: string
  dueOn: string
}

/**
 * Asks somebody who did not write an assessment to put it to the test by a day.
 *
 * @throws Refusal `incidents.assessment-not-found`, `incidents.challenge-author`, `incidents.challenge-day`,
 *   `incidents.nobody-such`, `incidents.not-a-reader`
 */
export async function askChallenge(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  challenge: NewChallenge,
): Promise<void> {
  if (endOfDay(challenge.dueOn, viewer.person.zone) < services.clock.now())
    throw new Refusal('incidents.challenge-day', { field: 'dueOn' })
  const name = (await services.people.find(challenge.asked))?.name
  if (name === undefined) throw new Refusal('incidents.nobody-such', { field: 'asked' })
  await changing(services, viewer, incidentId, async (tx, incident, whole) => {
    const { assessments } = await readWeighing(services, viewer, incident, tx)
    const about = assessments.find(({ id }) => id === challenge.assessment)
    if (!about) throw new Refusal('incidents.assessment-not-found')
    if (about.by === challenge.asked) throw new Refusal('incidents.challenge-author', { field: 'asked' })
    await requireReader(services, viewer, whole, { id: challenge.asked, name })
    const { assessment, asked, dueOn, ...row } = challenge
    const done = await tx
      .insertInto('home.incidents_challenge')
      .values({
        ...{ ...row, incident, assessment, asked, due_on: dueOn },
        ...{ by_person: viewer.person.id, at: services.clock.now() },
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n
      ? undefined
      : { kind: 'challenge-asked', facts: { number: about.number, name } }
  })
}

/** Nobody is told of an incident by being asked about it. */
async function requireReader(
  services: Services,
  viewer: Viewer,
  incident: Incident,
  { id, name }: { id: string; name: string },
): Promise<void> {
  if (!incident.isRestricted || incident.lead === id) return
  const offices = (await services.people.find(id))?.offices ?? []
  const named = await listReaders(services, viewer, incident.id)
  const reads = named.some(
    ({ compartment, kind, who }) =>
      compartment === undefined && (kind === 'person' ? who === id : offices.some((office) => office.id === who)),
  )
  if (!reads) throw new Refusal('incidents.not-a-reader', { field: 'asked', name })
}

/** What this person may minute of a challenge that runs. */
export function outcomesOpenTo({ person }: Pick<Viewer, 'person'>, { asked, by, end }: Challenge): ChallengeOutcome[] {
  if (end) return []
  return [
    ...(asked === person.id ? (['holds', 'revise', 'unsettled', 'declined'] as const) : []),
    ...(by === person.id ? (['called-off'] as const) : []),
  ]
}

/**
 * Minutes what came of a challenge. The assessment is not touched: whoever answers for it records another, or does not.
 *
 * @throws Refusal `incidents.challenge-not-found`, `incidents.challenge-over`, `incidents.challenge-not-yours`
 */
export async function minuteChallenge(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  minuted: { challenge: string; outcome: ChallengeOutcome; words: string; assumptions: CheckedAssumption[] },
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const one = (await readChallenges(services, viewer, incident, tx)).find(({ id }) => id === minuted.challenge)
    if (!one) throw new Refusal('incidents.challenge-not-found')
    if (one.end) {
      const isAgain = one.end.by === viewer.person.id && one.end.words === minuted.words
      if (isAgain) return undefined
      throw new Refusal('incidents.challenge-over')
    }
    if (!outcomesOpenTo(viewer, one).includes(minuted.outcome)) throw new Refusal('incidents.challenge-not-yours')
    await tx
      .insertInto('home.incidents_challenge_end')
      .values({
        challenge: one.id,
        incident,
        outcome: minuted.outcome,
        words: minuted.words,
        assumptions: JSON.stringify(minuted.assumptions),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .execute()
    return { kind: `challenge-${minuted.outcome}`, words: minuted.words }
  })
}
