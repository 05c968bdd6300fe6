import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import probability from '../reference/probability.json' with { type: 'json' }
import { changing, nextNumber } from './changing.ts'
import { rank } from './ranking.ts'
import { inForce, readWeighing, standing } from './weighing.ts'
import '../tables.ts'

export const probabilitySchemes = probability.schemes
export const confidenceLevels = probability.confidence.levels

export interface NewAssessment {
  id: string
  hypothesis: string
  /** `<scheme>:<word>`: a word means nothing without its scheme. */
  probability: string
  confidence: string
  why: string
}

/**
 * The scheme and its word of `<scheme>:<word>`.
 *
 * @throws Refusal `incidents.unknown-word`
 */
export function requireWord(probabilityWord: string): { scheme: string; word: string } {
  const [scheme = '', word = ''] = probabilityWord.split(':')
  const known = probabilitySchemes.find((one) => one.id === scheme)?.words.some((one) => one.word === word)
  if (!known) throw new Refusal('incidents.unknown-word')
  return { scheme, word }
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
  const { scheme, word } = requireWord(assessment.probability)
  if (!confidenceLevels.includes(assessment.confidence)) throw new Refusal('incidents.unknown-word')
  await changing(services, viewer, incidentId, async (tx, incident, { marking }) => {
    const { hypotheses, evidence } = await readWeighing(services, viewer, incident, tx)
    // What is recorded for all readers rests on what all of them may see.
    const shared = inForce(evidence).filter(
      ({ compartment, tlp }) => compartment === undefined && tlpRank(tlp) <= tlpRank(marking),
    )
    const ranking = rank(
      standing(hypotheses).map((one) => one.id),
      shared,
    )
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
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n
      ? undefined
      : { kind: 'assessed', facts: { number, hypothesis: judged.number } }
  })
}
