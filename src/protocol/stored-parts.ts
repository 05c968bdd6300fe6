import type { Part } from './types.ts'

/** One thing that lies beside the log for an act. */
export interface StoredPart {
  /** As in the statement, or `keys` for a key set. */
  role: string
  /** What it is stored and fetched under: SHA-256 of its bytes. */
  hash: string
  /** Content in the clear; 0 for a key set, which the statement gives no size for. */
  size: number
  /** The part's own commitment where sealed bytes stand in for it. */
  plain?: string
}

/** What lies in store for an act: a sealed part as its sealed bytes, and each key set once. */
export function storedParts(parts: readonly Part[]): StoredPart[] {
  const stored = parts.map(
    ({ role, hash, size, enc }): StoredPart =>
      enc ? { role, hash: enc.hash, size, plain: hash } : { role, hash, size },
  )
  const keys = new Set(parts.flatMap(({ enc }) => (enc ? [enc.keys] : [])))
  return [...stored, ...[...keys].map((hash) => ({ role: 'keys', hash, size: 0 }))]
}
