import { fromBase64url } from './bytes.ts'
import { ProtocolError } from './protocol-error.ts'

/**
 * What two people compare: the leaf hash (base64url) of a register's entry 0
 * as 16 groups of five digits, each two bytes of the hash.
 */
export function registerFingerprint(firstLeafHash: string): string {
  const bytes = fromBase64url(firstLeafHash)
  if (bytes.length !== 32) throw new ProtocolError('base64url', 'not a hash')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return Array.from({ length: 16 }, (_, at) => String(view.getUint16(at * 2)).padStart(5, '0')).join(' ')
}

/** A fingerprint as somebody typed or pasted it, in the printed grouping; undefined if it is none. */
export function readFingerprint(text: string): string | undefined {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^[0-9]{80}$/.test(digits)) return undefined
  const groups = digits.match(/.{5}/g) ?? []
  return groups.every((group) => Number(group) <= 0xffff) ? groups.join(' ') : undefined
}
