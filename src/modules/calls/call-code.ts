import { createHmac } from 'node:crypto'
import type { LoggedAct, Services } from '../../core/module/types.ts'

const saltBytes = 32

/**
 * The six digits two parties read to each other about one message, in two groups; undefined while the message's body
 * is not here.
 *
 * The key is the salt of the body, 32 random bytes that only those hold who were given the message itself: whoever
 * merely orders a sealed space knows the act's hash and still cannot compute the code.
 */
export async function callCode(
  { ledger }: Pick<Services, 'ledger'>,
  act: Pick<LoggedAct, 'hash' | 'statement'>,
  between: readonly [string, string],
): Promise<[string, string] | undefined> {
  const part = act.statement.parts.find(({ role }) => role === 'body')
  const blob = part && (await ledger.payload(act.hash, 'body')).get(part.hash)
  return blob && codeOf(blob.subarray(0, saltBytes), act.hash, between)
}

/** The same from the salt itself (docs/protocol/call-back-code.md). */
export function codeOf(salt: Uint8Array, act: string, between: readonly [string, string]): [string, string] {
  const said = ['chancery call-back code 1', act, ...between.toSorted()].join('\n')
  const mac = createHmac('sha256', salt).update(said).digest()
  // 2^64 is so far above 10^6 that no code is likelier than another by more than one part in 10^13.
  const digits = String(mac.readBigUInt64BE(0) % 1_000_000n).padStart(6, '0')
  return [digits.slice(0, 3), digits.slice(3)]
}
