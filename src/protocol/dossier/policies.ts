import { hostAt, isMemberAt } from '../admission-state.ts'
import { parsePolicy, type Policy, PolicyError } from '../policy.ts'
import type { Replay } from '../replay.ts'
import type { Act, Json } from '../types.ts'

/** From an entry on: the policy, or none where the act that may have set it is not shown. */
export interface PolicySpan {
  index: number
  policy?: Policy
}

const shared = ['case', 'channel']
const presided = ['forum', 'negotiation', 'exercise']

/** Policies that acts of the space set, oldest first (docs/protocol/witnessing.md, Policy). */
export function policiesOf({ state, entries }: Replay, bodyOf: (act: Act) => Json | undefined): PolicySpan[] {
  const spans: PolicySpan[] = []
  let wishes = new Map<string, string>()
  for (const { index, act } of entries) {
    const { type, author } = act.statement
    const member = state.members.get(author)
    if (type !== 'spaces.policy-set' || !member || member.role === 'observer' || !isMemberAt(state, author, index))
      continue
    const body = bodyOf(act)
    if (body === undefined) {
      wishes.delete(author)
      spans.push({ index })
      continue
    }
    const wish = readWish(body)
    if (!wish) continue
    if (shared.includes(state.kind)) {
      wishes.set(author, wish.text)
      const writers = [...state.members].filter(
        ([party, { role }]) => role !== 'observer' && isMemberAt(state, party, index),
      )
      if (writers.filter(([party]) => wishes.get(party) === wish.text).length * 2 <= writers.length) continue
      wishes = new Map()
    } else {
      const isChair = presided.includes(state.kind) && member.role === 'chair'
      if (!isChair && hostAt(state, index).party !== author) continue
    }
    spans.push({ index, policy: wish.policy })
  }
  return spans
}

/** A policy that can be one of a space: no logs, witnesses that every verifier reads. */
function readWish(body: Json): { text: string; policy: Policy } | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || Object.keys(body).length !== 1)
    return undefined
  const { policy: text } = body as { policy?: Json }
  if (typeof text !== 'string') return undefined
  try {
    const policy = parsePolicy(text)
    const isFit = policy.logs.length === 0 && policy.witnesses.every(({ key }) => key.type === 'cosignature')
    return isFit ? { text, policy } : undefined
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}
