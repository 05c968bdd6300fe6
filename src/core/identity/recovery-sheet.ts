import { fromBase64url, sha256, type SigningKey, signingKey, toBase64url } from '../../protocol/index.ts'
import { ringOf } from './load-identity.ts'

// Crockford's alphabet: no I, L, O, U, so that a printed sheet can be typed back.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const seedBytes = 32
const checkBytes = 3

/** A recovery key as printed: 14 groups of four characters, the last ones a checksum. */
export function sheetText(seed: Uint8Array): string {
  const bytes = Buffer.concat([seed, sha256(seed).subarray(0, checkBytes)])
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const text =
    bits
      .match(/.{5}/g)
      ?.map((five) => alphabet[Number.parseInt(five, 2)])
      .join('') ?? ''
  return text.match(/.{4}/g)?.join(' ') ?? ''
}

/** The key on a sheet as somebody typed it; undefined when a character is wrong. */
export function readSheet(text: string): Uint8Array | undefined {
  const typed = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  if (typed.length !== ((seedBytes + checkBytes) * 8) / 5) return undefined
  const digits = [...typed].map((character) => alphabet.indexOf(character))
  if (digits.includes(-1)) return undefined
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('')
  const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (eight) => Number.parseInt(eight, 2))
  const seed = bytes.subarray(0, seedBytes)
  return Buffer.compare(sha256(seed).subarray(0, checkBytes), bytes.subarray(seedBytes)) === 0 ? seed : undefined
}

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The signing key of a recovery seed. */
export function recoveryKey(seed: Uint8Array): SigningKey {
  return signingKey(toBase64url(Buffer.concat([pkcs8Prefix, seed])))
}

/** Sheets that nobody has read back yet, as printed; undefined once they were. */
export async function pendingRecovery(dataDir: string): Promise<string[] | undefined> {
  return (await ringOf(dataDir)).content().seeds?.map((seed) => sheetText(fromBase64url(seed)))
}

/**
 * Compares both sheets as typed from paper and, when they agree, removes the
 * private parts from this node: from then on only the paper holds them.
 */
export async function confirmRecovery(dataDir: string, typed: readonly string[]): Promise<boolean> {
  const ring = await ringOf(dataDir)
  const { seeds } = ring.content()
  if (!seeds) return false
  const read = typed.map((text) => readSheet(text)).map((seed) => (seed ? toBase64url(seed) : ''))
  if (read.length !== seeds.length || !seeds.every((seed) => read.includes(seed))) return false
  await ring.change(({ seeds: _, ...rest }) => rest)
  return true
}
