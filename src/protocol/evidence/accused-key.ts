import { fromBase64url, toBase64url } from '../bytes.ts'
import { isUsableKey } from '../keys.ts'
import { registerRotatedBody } from '../governance.ts'
import { leafHash } from '../merkle.ts'
import { ProtocolError } from '../protocol-error.ts'
import { readRegisterEvents } from '../register-chain.ts'
import type { Evidence } from './format.ts'

/**
 * Shows that the accused party itself named the accused key: in the founding of
 * its register, or in a key event signed as committed. Returns the first leaf
 * hash of that register, which a fingerprint shows; nothing of a witness from
 * outside, which has none.
 *
 * @throws ProtocolError `evidence-key` and the rules of registers
 */
export function requireAccusedKey({ accused, register }: Evidence): string {
  const { party, role, key } = accused
  if (role === 'witness') {
    if (!isUsableKey(key)) throw new ProtocolError('evidence-key', `${party}: not a key`)
    return ''
  }
  const entries = register.map(({ leaf, body }, index) => ({ index, leaf, body }))
  const { founding, events, keys } = readRegisterEvents(party, entries)
  const named = {
    host: [founding.host],
    cosigner: [founding.cosigner, ...events.flatMap(cosignerOf)],
    author: keys.map((span) => span.key),
  }[role]
  if (!named.includes(key)) throw new ProtocolError('evidence-key', `${party} names no such key as ${role}`)
  return toBase64url(leafHash(fromBase64url(register[0]?.leaf ?? '')))
}

function cosignerOf({ type, body }: { type: string; body: unknown }): string[] {
  const cosigner = type === 'register.rotated' ? registerRotatedBody.safeParse(body).data?.cosigner : undefined
  return cosigner === undefined ? [] : [cosigner]
}
