import { Refusal } from '../../../core/http/refusal.ts'
import { createHash } from 'node:crypto'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import probability from '../reference/probability.json' with { type: 'json' }
import type { ConfidenceReasons } from '../tables.ts'
import { changing, nextNumber } from './changing.ts'
import { findWord } from './read-probability.ts'
import { sharedBasis } from './shared-basis.ts'
import { type Evidence, type Hypothesis, readWeighing } from './weighing.ts'
import '../tables.ts'

export const confidenceReasons = [
  'sources',
  'independence',
  'assumptions',
  'gaps',
] as const satisfies (keyof ConfidenceReasons)[]
export const confidenceLevels = probability.confidence.levels

export interface NewAssessment {
  id: string
  hypothesis: string
  /** `<scheme>:<word>`: a word means nothing without its scheme. */
  probability: string
  confidence: string
  reasons: ConfidenceReasons
  why: string
}

/**
 * The scheme and its word of `<scheme>:<word>`, with its band.
 *
 * @throws Refusal `incidents.unknown-word`
 */
export function requireWord(services: Pick<Services, 'settings'>, probabilityWord: string) {
  const found = findWord(services, probabilityWord)
  if (!found) throw new Refusal('incidents.unknown-word', { field: 'probability' })
  const { from, to } = found.word
  return { scheme: found.scheme.id, word: found.word.word, band: { from, to } }
}

/**
 * Records a person's judgement beside the computed ranking of the moment; earlier ones stay.
 *
 * @throws Refusal `incidents.hypothesis-not-found`, `incidents.unknown-word`
 */
export async function recordAssessment(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  assessment: NewAssessment,
): Promise<void> {
  const { scheme, word, band } = requireWord(services, assessment.probability)
  if (!confidenceLevels.includes(assessment.confidence)) throw new Refusal('incidents.unknown-word')
  await changing(services, viewer, incidentId, async (tx, incident, { marking }) => {
    const { hypotheses, evidence } = await readWeighing(services, viewer, incident, tx)
    const { items, ranking, ...shared } = sharedBasis({ hypotheses, evidence }, marking)
    const judged = hypotheses.find((one) => one.id === assessment.hypothesis)
    if (!judged) throw new Refusal('incidents.hypothesis-not-found', { field: 'hypothesis' })
    const number = await nextNumber(tx, 'home.incidents_assessment', incident)
    const done = await tx
      .insertInto('home.incidents_assessment')
      .values({
        id: assessment.id,
        incident,
        number,
        hypothesis: judged.id,
        scheme,
        word,
        confidence: assessment.confidence,
        why: assessment.why,
        ranking: JSON.stringify(ranking.ranked),
        reasons: JSON.stringify(assessment.reasons),
        band: JSON.stringify(band),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return undefined
    await keepBasis(tx, { assessment: assessment.id, incident, items, hypotheses: shared.hypotheses })
    return { kind: 'assessed', facts: { number, hypothesis: judged.number } }
  })
}

/** Items as they stand at this moment, each with its mark against every hypothesis that is weighed. */
async function keepBasis(
  tx: Tx,
  of: { assessment: string; incident: string; items: readonly Evidence[]; hypotheses: readonly Hypothesis[] },
): Promise<void> {
  if (of.items.length === 0) return
  await tx
    .insertInto('home.incidents_rested')
    .values(
      of.items.map(({ id, number, words, reliability, credibility, tlp, marks }) => ({
        ...{ assessment: of.assessment, incident: of.incident, evidence: id },
        ...{ number, reliability, credibility, tlp },
        words_hash: createHash('sha256').update(words).digest('hex'),
        marks: JSON.stringify(Object.fromEntries(of.hypotheses.map((one) => [one.id, marks[one.id] ?? null]))),
      })),
    )
    .execute()
}
