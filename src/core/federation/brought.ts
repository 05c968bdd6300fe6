import { toBase64url } from '../../protocol/index.ts'
import type { Appended } from '../log/index.ts'
import { messageLimits, type NewestMessage } from './messages.ts'

interface Brought {
  from: number
  size: number
  /** Who was in the space when its entries went on the record. */
  members: ReadonlySet<string>
  message: NewestMessage
}

const maxSpaces = 16

/**
 * What was put on record last in the spaces that grew last, made ready once for all who wait for it. A member that
 * stands elsewhere, or a payload too long to come along, is served from the log when asked.
 */
export function createBrought() {
  const kept = new Map<string, Brought>()
  return {
    keep({ space, from, size, checkpoint, entries, blobs, members }: Appended): void {
      kept.delete(space)
      const small = [...blobs].filter(([, blob]) => blob.length <= messageLimits.newestBlobBytes + 32)
      const sizeBytes = [...entries, ...small.map(([, blob]) => blob)].reduce((sum, { length }) => sum + length, 0)
      if (sizeBytes > messageLimits.broughtBytes || entries.length > messageLimits.newestEntries) return
      const message = {
        checkpoint,
        cosignatures: [],
        from,
        entries: entries.map(toBase64url),
        blobs: Object.fromEntries(small.map(([hash, blob]) => [hash, toBase64url(blob)])),
      }
      const present = members.filter(({ until }) => until === undefined || until === size - 1)
      kept.set(space, { from, size, members: new Set(present.map(({ party }) => party)), message })
      const oldest = kept.keys().next().value
      if (kept.size > maxSpaces && oldest !== undefined) kept.delete(oldest)
    },
    find(space: string, from: number): Brought | undefined {
      const last = kept.get(space)
      return last?.from === from ? last : undefined
    },
  }
}
