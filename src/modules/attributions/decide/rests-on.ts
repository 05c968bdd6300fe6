import { createHash } from 'node:crypto'
import { tlpRank } from '../../../core/markings/index.ts'
import type { EvidenceState } from '../../incidents/index.ts'
import type { RestedItem } from '../tables.ts'

/** What became of an item since something was rested on it. */
export type Fate = 'withdrawn' | 'narrowed' | 'closed' | 'gone'

export interface Changed {
  id: string
  number: number
  fate: Fate
  /** When it was withdrawn, ms. */
  at?: number
}

/** Items that are no longer what they were: withdrawn, marked narrower, put into a compartment, or gone. */
export function changedSince(items: readonly RestedItem[], now: ReadonlyMap<string, EvidenceState>): Changed[] {
  return items.flatMap(({ id, number, tlp }): Changed[] => {
    const state = now.get(id)
    if (!state) return [{ id, number, fate: 'gone' }]
    if (state.withdrawnAt !== undefined) return [{ id, number, fate: 'withdrawn', at: state.withdrawnAt }]
    if (tlpRank(state.tlp) > tlpRank(tlp)) return [{ id, number, fate: 'narrowed' }]
    return state.isClosed ? [{ id, number, fate: 'closed' }] : []
  })
}

/** Of what became of the items: another change is another fingerprint. */
export const fingerprintOf = (changed: readonly Changed[]): string =>
  createHash('sha256')
    .update(JSON.stringify(changed.map(({ id, fate, at }) => [id, fate, at ?? 0])))
    .digest('base64url')
