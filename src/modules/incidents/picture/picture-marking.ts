import { tlpRank } from '../../../core/markings/index.ts'
import type { Tlp } from '../../../protocol/types.ts'

/** A picture is as narrow as the narrowest of what it counts. */
export const narrowestOf = (labels: readonly Tlp[]): Tlp =>
  labels.reduce((narrowest, one) => (tlpRank(one) > tlpRank(narrowest) ? one : narrowest), 'CLEAR' as Tlp)
