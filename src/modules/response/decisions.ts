import { sql } from 'kysely'
import { endOfDay } from '../../core/clocks/index.ts'
import { InvalidInput } from '../../core/http/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import { getIncident, getOpenIncident, inSight, lockIncident, publishChange, writeEntry } from '../incidents/index.ts'
import type { Rules } from './catalogue.ts'
import { weighIncident } from './weigh-incident.ts'
import type { Considered, Findings } from './types.ts'
import './tables.ts'

export interface Decision {
  id: string
  incident: string
  number: number
  decidedOn: string
  decidedBy: string
  /** The rung that counted that day; empty where none was given. */
  rung: string
  considered: Considered[]
  chosen: string[]
  why: string
  despite: string
  dissent: string
  /** Day of the next review; undefined once it was looked back on and no further day was set. */
  reviewOn?: string
  reviews: Review[]
  by: string
  at: number
}

export interface Review {
  id: string
  findings: Findings
  nextOn?: string
  by: string
  at: number
}

/** Heads of a look back, as the lessons scheme of the EEAS sorts them. */
export const findingHeads = ['process', 'measures', 'effect', 'communication', 'partners', 'change'] as const

/** Decisions minuted on an incident, the newest first, with what was found when they were looked back on. */
export async function readDecisions(db: Reader, incident: string): Promise<Decision[]> {
  const rows = await db
    .selectFrom('home.response_decision')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('number', 'desc')
    .execute()
  return withReviews(db, rows)
}

async function withReviews(db: Reader, rows: DecisionRow[]): Promise<Decision[]> {
  if (rows.length === 0) return []
  const reviews = await db
    .selectFrom('home.response_review')
    .selectAll()
    .where(
      'decision',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('ordinal')
    .execute()
  return rows.map((row) => {
    const mine = reviews.filter(({ decision }) => decision === row.id)
    const last = mine.at(-1)
    const reviewOn = last ? last.next_on : row.review_on
    return {
      id: row.id,
      incident: row.incident,
      number: row.number,
      decidedOn: row.decided_on,
      decidedBy: row.decided_by,
      rung: row.rung,
      considered: row.considered,
      chosen: row.chosen,
      why: row.why,
      despite: row.despite,
      dissent: row.dissent,
      ...(reviewOn !== null && { reviewOn }),
      reviews: mine.map((one) => ({
        id: one.id,
        findings: one.findings,
        ...(one.next_on !== null && { nextOn: one.next_on }),
        by: one.by_person,
        at: one.at,
      })),
      by: row.by_person,
      at: row.at,
    }
  })
}

type DecisionRow = Awaited<ReturnType<typeof rowsOf>>[number]
const rowsOf = (db: Reader) => db.selectFrom('home.response_decision').selectAll().execute()

/** Decisions in sight whose day of review, the one set last, is not after `day` (`YYYY-MM-DD`). */
export async function listToReview(services: Services, viewer: Viewer, day: string): Promise<Decision[]> {
  const rows = await services.db
    .selectFrom('home.response_decision as d')
    .selectAll('d')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('home.response_review as r')
          .select(['r.id as last', 'r.next_on'])
          .whereRef('r.decision', '=', 'd.id')
          .orderBy('r.ordinal', 'desc')
          .limit(1)
          .as('reviewed'),
      (join) => join.onTrue(),
    )
    .where(sql<boolean>`case when reviewed.last is null then d.review_on else reviewed.next_on end <= ${day}`)
    .where(inSight(services, viewer, 'd.incident'))
    .orderBy('d.review_on')
    .execute()
  return withReviews(services.db, rows)
}

export interface NewDecision {
  id: string
  /** `YYYY-MM-DD`. */
  decidedOn: string
  decidedBy: string
  chosen: string[]
  /** Further options that were looked at. */
  considered: string[]
  why: string
  /** Why, although something speaks against what was chosen. */
  despite: string
  dissent: string
  reviewOn: string
}

/**
 * Minutes what somebody decided, with every option that was considered as it stood at that moment. What the law shuts
 * is minuted only once a legal adviser set that aside; whatever else speaks against a choice needs a reason of its own.
 *
 * @throws Refusal `response.shut-by-law`, InvalidInput at the field concerned
 */
export async function minuteDecision(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  decision: NewDecision,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  requireSoundDates(services, viewer, decision)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const { gate, options, catalogue } = await weighIncident({ db: tx, settings: services.settings }, incident.id)
    const looked = new Set([...decision.chosen, ...decision.considered])
    const considered = options.filter(({ measure }) => looked.has(measure))
    if (considered.length !== looked.size) throw new Refusal('response.measure-not-found')
    requireMayBeChosen(catalogue.rules, considered, decision)
    const last = await tx
      .selectFrom('home.response_decision')
      .select((eb) => eb.fn.max('number').as('number'))
      .where('incident', '=', incident.id)
      .executeTakeFirst()
    const done = await tx
      .insertInto('home.response_decision')
      .values({
        id: decision.id,
        incident: incident.id,
        number: (last?.number ?? 0) + 1,
        decided_on: decision.decidedOn,
        decided_by: decision.decidedBy,
        rung: gate.rung ?? '',
        considered: JSON.stringify(considered),
        chosen: decision.chosen,
        why: decision.why,
        despite: decision.despite,
        dissent: decision.dissent,
        review_on: decision.reviewOn,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'response-decided', words: decision.why })
  })
  publishChange(services, incident.id)
}

function requireSoundDates({ clock }: Services, { person }: Viewer, { decidedOn, reviewOn }: NewDecision): void {
  const now = clock.now()
  if (endOfDay(decidedOn, person.zone) - 86_400_000 > now) throw InvalidInput.at('decidedOn', 'response.invalid.future')
  if (reviewOn <= decidedOn) throw InvalidInput.at('reviewOn', 'response.invalid.review-on')
}

/** What the gate shuts is no matter of a reason typed beside it: it is set aside by whoever answers for the law. */
function requireMayBeChosen({ rules }: Rules, options: readonly Considered[], { chosen, despite }: NewDecision): void {
  const law = new Set(['rung', ...rules.filter(({ gate }) => gate !== undefined).map(({ id }) => id)])
  const picked = options.filter(({ measure }) => chosen.includes(measure))
  const against = picked.flatMap(({ exclusions, missing }) => [...exclusions, ...missing])
  if (against.some(({ rule }) => law.has(rule))) throw new Refusal('response.shut-by-law', { field: 'chosen' })
  if (against.length > 0 && despite === '') throw InvalidInput.at('despite', 'response.invalid.despite')
}

/** A look back on a decision, and when to look again; without a day this was the last one. */
export async function writeReview(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  review: { id: string; decision: string; findings: Findings; nextOn?: string },
): Promise<void> {
  // Looking back is not adding to the incident: it is done after the incident was closed too.
  const incident = await getIncident(services, viewer, incidentId)
  await services.db.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom('home.response_decision')
      .select('id')
      .where('id', '=', review.decision)
      .where('incident', '=', incident.id)
      .executeTakeFirst()
    if (!known) throw new Refusal('response.decision-not-found')
    const done = await tx
      .insertInto('home.response_review')
      .values({
        id: review.id,
        decision: review.decision,
        findings: JSON.stringify(review.findings),
        next_on: review.nextOn ?? null,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'response-reviewed' })
  })
  publishChange(services, incident.id)
}
