import { createHash } from 'node:crypto'
import { canonicalBytes } from '../../protocol/index.ts'
import type { Marking } from '../../protocol/types.ts'

/** Things beside its words by which an act is found; each stands in the index as a word no text can hold. */
export const facet = {
  author: (party: string) => `a:${party}`,
  addressee: (party: string) => `t:${party}`,
  type: (type: string) => `f:${type}`,
  space: (space: string) => `s:${space}`,
  marking: (key: string) => `m:${key}`,
  reference: (folded: string) => `r:${folded}`,
} as const

/** Names a marking: the same for the same marking, whoever writes it. */
export function markingKey(marking: Marking): string {
  return createHash('sha256')
    .update(canonicalBytes({ ...marking }))
    .digest('hex')
    .slice(0, 16)
}
