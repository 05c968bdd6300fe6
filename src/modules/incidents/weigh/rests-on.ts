import { createHash } from 'node:crypto'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { EvidenceState } from './evidence-states.ts'

/** An item as it stood when a record was rested on it; what the record did not keep is not compared. */
export interface RestedOn {
  id: string
  number: number
  tlp: Tlp
  /** Admiralty, both parts: `B2`. */
  grade?: string
  wordsHash?: string
  /** Hypothesis id → mark, none where nobody had judged. */
  marks?: Readonly<Record<string, string | null>>
}

/** What became of an item since. After one of the first five nothing further is told of it. */
export type Fate = 'gone' | 'moved' | 'withdrawn' | 'closed' | 'narrowed' | 'reworded' | 'regraded' | 'remarked'

export interface Changed {
  id: string
  number: number
  fate: Fate
  /** When it was withdrawn, ms. */
  at?: number
  /** What it is now, where that is what changed: another change after it is another state. */
  now?: string
}

/** Items of an incident that are no longer what they were. */
export function changedSince(
  items: readonly RestedOn[],
  now: ReadonlyMap<string, EvidenceState>,
  incident: string,
): Changed[] {
  return items.flatMap((item): Changed[] => {
    const { id, number } = item
    const state = now.get(id)
    if (!state) return [{ id, number, fate: 'gone' }]
    if (state.incident !== incident) return [{ id, number, fate: 'moved' }]
    if (state.withdrawnAt !== undefined) return [{ id, number, fate: 'withdrawn', at: state.withdrawnAt }]
    if (state.isClosed) return [{ id, number, fate: 'closed' }]
    if (tlpRank(state.tlp) > tlpRank(item.tlp)) return [{ id, number, fate: 'narrowed' }]
    return judgedOtherwise(item, state).map((one) => ({ id, number, ...one }))
  })
}

function judgedOtherwise({ grade, wordsHash, marks = {} }: RestedOn, state: EvidenceState) {
  const moved = Object.entries(marks).flatMap(([hypothesis, mark]) => {
    const mine = state.marks?.[hypothesis] ?? null
    return mine === mark ? [] : [`${hypothesis} ${mine}`]
  })
  const changed: { fate: Fate; now: string }[] = []
  if (wordsHash !== undefined && wordsHash !== state.wordsHash) changed.push({ fate: 'reworded', now: state.wordsHash })
  if (grade !== undefined && grade !== state.grade) changed.push({ fate: 'regraded', now: state.grade })
  if (moved.length > 0) changed.push({ fate: 'remarked', now: moved.toSorted().join(' ') })
  return changed
}

/** Whether an item can no longer be read as it was by all who read the record. */
export const isLost = ({ fate }: Pick<Changed, 'fate'>): boolean =>
  fate === 'gone' || fate === 'moved' || fate === 'withdrawn' || fate === 'closed'

/**
 * Of what became of the items: another change is another fingerprint, which a person confirms having looked at. An item
 * that went to another incident is gone for whoever may not know of that one, so both are one state.
 */
export const fingerprintOf = (changed: readonly Changed[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        changed.map(({ id, fate, at, now }) => [id, fate === 'moved' ? 'gone' : fate, at ?? 0, ...(now ? [now] : [])]),
      ),
    )
    .digest('base64url')
