import type { Selectable } from 'kysely'
import { endOfDay } from '../../../core/clocks/index.ts'
import { InvalidInput } from '../../../core/http/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { Reader } from '../../../core/storage/types.ts'
import {
  getOpenIncident,
  type LoadedIncident,
  loadIncident,
  lockIncident,
  publishChange,
  sharedBasis,
  writeEntry,
} from '../../incidents/index.ts'
import { gateOf } from '../../response/index.ts'
import type { DecisionBasis, RestedItem } from '../tables.ts'
import type { Choice } from '../vocabulary.ts'
import '../tables.ts'

export interface Decision {
  id: string
  incident: string
  number: number
  choice: Choice
  accused: string
  why: string
  dissent: string
  basis: DecisionBasis
  decidedOn: string
  decidedBy: string
  reviewOn?: string
  by: string
  at: number
}

/** What was decided on the attribution of an incident, the newest first: only that one stands. */
export async function readDecisions(db: Reader, incident: string): Promise<Decision[]> {
  const rows = await db
    .selectFrom('home.attributions_decision')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('number', 'desc')
    .execute()
  return rows.map(toDecision)
}

export const toDecision = ({
  decided_on: decidedOn,
  decided_by: decidedBy,
  review_on: reviewOn,
  by_person: by,
  ...row
}: Selectable<Tables['home.attributions_decision']>): Decision => ({
  ...row,
  decidedOn,
  decidedBy,
  by,
  ...(reviewOn !== null && { reviewOn }),
})

/** Evidence that all readers of the incident have, and that a decision they all read can name. */
export const restable = ({ weighing }: LoadedIncident) =>
  weighing.evidence.filter((one) => one.withdrawnAt === undefined && one.compartment === undefined)

/** The ranking over what all readers of the incident may weigh: what they all see of a decision rests on it. */
export const rankForAll = ({ weighing, incident }: LoadedIncident) => sharedBasis(weighing, incident.marking).ranking

export interface NewDecision {
  id: string
  choice: Choice
  accused: string
  why: string
  dissent: string
  /** Assessment it rests on. */
  assessment?: string
  evidence: string[]
  decidedOn: string
  decidedBy: string
  reviewOn?: string
}

/**
 * Minutes what a person decided: to affirm, to defer or to decline. The ranking and the legal gate are kept beside it
 * as they stood; neither proposes nor prevents anything.
 *
 * @throws InvalidInput at the field concerned
 */
export async function minuteDecision(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  decision: NewDecision,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  requireSound(services, viewer, decision)
  const loaded = await loadIncident(services, viewer, incident.id)
  const basis = await basisOf(services, loaded, decision)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const last = await tx
      .selectFrom('home.attributions_decision')
      .select((eb) => eb.fn.max('number').as('number'))
      .where('incident', '=', incident.id)
      .executeTakeFirst()
    const done = await tx
      .insertInto('home.attributions_decision')
      .values({
        id: decision.id,
        incident: incident.id,
        number: (last?.number ?? 0) + 1,
        choice: decision.choice,
        accused: decision.accused,
        why: decision.why,
        dissent: decision.dissent,
        basis: JSON.stringify(basis),
        decided_on: decision.decidedOn,
        decided_by: decision.decidedBy,
        review_on: decision.reviewOn ?? null,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'attribution-decided', words: decision.why })
  })
  publishChange(services, incident.id)
}

function requireSound({ clock }: Services, { person }: Viewer, decision: NewDecision): void {
  const { choice, accused, assessment, evidence, decidedOn, reviewOn } = decision
  if (endOfDay(decidedOn, person.zone) - 86_400_000 > clock.now())
    throw InvalidInput.at('decidedOn', 'attributions.invalid.future')
  if (choice === 'affirm' && accused === '') throw InvalidInput.at('accused', 'attributions.invalid.accused')
  if (choice === 'affirm' && assessment === undefined)
    throw InvalidInput.at('assessment', 'attributions.invalid.assessment')
  if (choice === 'affirm' && evidence.length === 0) throw InvalidInput.at('evidence', 'attributions.invalid.evidence')
  if ((choice === 'defer') !== (reviewOn !== undefined))
    throw InvalidInput.at('reviewOn', `attributions.invalid.review-${choice === 'defer' ? 'missing' : 'without'}`)
  if (reviewOn !== undefined && reviewOn <= decidedOn)
    throw InvalidInput.at('reviewOn', 'attributions.invalid.review-on')
}

async function basisOf(
  services: Services,
  loaded: LoadedIncident,
  { assessment: named, evidence: ticked }: NewDecision,
): Promise<DecisionBasis> {
  const { hypotheses, assessments } = loaded.weighing
  const ranking = rankForAll(loaded)
  const numbered = (id: string) => {
    const found = hypotheses.find((one) => one.id === id)
    if (!found) throw new Refusal('incidents.hypothesis-not-found', { field: 'assessment' })
    return { number: found.number, words: found.words }
  }
  const assessment = assessments.find(({ id }) => id === named)
  if (named !== undefined && !assessment) throw InvalidInput.at('assessment', 'attributions.invalid.assessment')
  const may = new Map(restable(loaded).map((one) => [one.id, one]))
  const evidence = [...new Set(ticked)].map((id): RestedItem => {
    const item = may.get(id)
    if (!item) throw InvalidInput.at('evidence', 'attributions.invalid.evidence-gone')
    const { number, words, reliability, credibility, tlp } = item
    return { id, number, words, grade: `${reliability}${credibility}`, tlp }
  })
  return {
    ...(assessment && {
      assessment: {
        number: assessment.number,
        hypothesis: numbered(assessment.hypothesis),
        scheme: assessment.scheme,
        word: assessment.word,
        confidence: assessment.confidence,
        by: assessment.by,
      },
    }),
    ranking: ranking.ranked.map(({ hypothesis, place, points }) => {
      const { number, words } = numbered(hypothesis)
      return { hypothesis: number, words, place, points }
    }),
    gate: await gateOf(services, loaded.incident.id),
    evidence,
  }
}
