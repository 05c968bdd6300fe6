import { randomBytes } from 'node:crypto'

/** A fresh id: 128 random bits as 32 lower-case hex digits. */
export function newId(random: (n: number) => Uint8Array = randomBytes): string {
  return Buffer.from(random(16)).toString('hex')
}

export function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

/** A party: lower-case A-label domain of at least two labels, at most 253 characters. */
export function isParty(text: string): boolean {
  return (
    text.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
  )
}
