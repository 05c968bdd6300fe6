import { isGovernance, payloadErasedBody } from '../governance.ts'
import type { ReplayedEntry } from '../replay.ts'
import type { Act, Json } from '../types.ts'

/**
 * Parts that acts of this log had erased: `<act hash> <part hash>` to the
 * index of the act that did. Bodies that admission depends on cannot be.
 */
export function erasuresOf(
  entries: readonly ReplayedEntry[],
  readBody: (act: Act) => Json | undefined,
): Map<string, number> {
  const earlier = new Map<string, Act>()
  const erased = new Map<string, number>()
  for (const { act, index } of entries) {
    earlier.set(act.hash, act)
    if (act.statement.type !== 'space.payload-erased') continue
    const body = payloadErasedBody.safeParse(readBody(act)).data
    const target = body && earlier.get(body.act)
    if (!target || isGovernance(target.statement.type)) continue
    for (const hash of body.parts) {
      if (!erased.has(`${body.act} ${hash}`)) erased.set(`${body.act} ${hash}`, index)
    }
  }
  return erased
}
