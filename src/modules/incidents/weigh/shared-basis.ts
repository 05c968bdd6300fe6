import { tlpRank } from '../../../core/markings/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { rank } from './ranking.ts'
import { inForce, standing, type Weighing } from './weighing.ts'

/**
 * What all readers of an incident may weigh, and the ranking over it: what is recorded for all of them rests on nothing
 * else.
 */
export function sharedBasis({ hypotheses, evidence }: Pick<Weighing, 'hypotheses' | 'evidence'>, marking: Tlp) {
  const weighed = standing(hypotheses)
  const items = inForce(evidence).filter(
    ({ compartment, tlp }) => compartment === undefined && tlpRank(tlp) <= tlpRank(marking),
  )
  return {
    hypotheses: weighed,
    items,
    ranking: rank(
      weighed.map(({ id }) => id),
      items,
    ),
  }
}
