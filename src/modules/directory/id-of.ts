import { sha256 } from '../../protocol/index.ts'

/** An id computed from what it names: 32 hex, so that a second click makes the same. */
export function idOf(named: string): string {
  return Buffer.from(sha256(new TextEncoder().encode(named)))
    .toString('hex')
    .slice(0, 32)
}
