import { payloadErasedBody } from '../governance.ts'
import type { ReplayedEntry } from '../replay.ts'
import type { Act, Json } from '../types.ts'

/**
 * Parts that acts of this log had erased: `<act hash> <part hash>` to the
 * index of the act that did. Only an act's author may, never a body, and one
 * wrong part leaves the whole act without effect.
 */
export function erasuresOf(
  entries: readonly ReplayedEntry[],
  readBody: (act: Act) => Json | undefined,
): Map<string, number> {
  const earlier = new Map<string, Act>()
  const erased = new Map<string, number>()
  for (const { act, index } of entries) {
    const named = act.statement.type === 'space.payload-erased' ? erasedParts(act, earlier, readBody(act)) : []
    for (const name of named) if (!erased.has(name)) erased.set(name, index)
    earlier.set(act.hash, act)
  }
  return erased
}

function erasedParts(act: Act, earlier: ReadonlyMap<string, Act>, body: Json | undefined): string[] {
  const parsed = payloadErasedBody.safeParse(body).data
  const target = parsed && earlier.get(parsed.act)
  if (target?.statement.author !== act.statement.author) return []
  const erasable = new Set(target.statement.parts.filter(({ role }) => role !== 'body').map(({ hash }) => hash))
  return parsed?.parts.every((hash) => erasable.has(hash)) ? parsed.parts.map((hash) => `${target.hash} ${hash}`) : []
}
