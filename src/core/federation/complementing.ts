import { fromBase64url, limits, openBlob, readLeaf, storedParts } from '../../protocol/index.ts'
import type { LogLedger, MissingPart } from '../log/index.ts'
import type { Blobs, Db } from '../storage/types.ts'
import type { Fetching } from './fetching.ts'
import { type LargeBlobs, pieceBytes } from './large-blobs.ts'
import { messageLimits } from './messages.ts'
import { createLanes, createSingle } from './pace.ts'
import { readOrRefuse } from './read-or-refuse.ts'

const maxBlobsAtOnce = 4
/** From so many missing payloads on, pages of them are asked for. */
const togetherFrom = 8

/** Fetches the payloads of entries that are here: bodies and texts at once, attachments behind everybody's back. */
export function createComplementing(options: {
  db: Db
  blobs: Blobs
  ledger: LogLedger
  fetching: Fetching
  large: LargeBlobs
  inBackground(work: Promise<void>, space: string): void
}) {
  const { db, blobs, ledger, inBackground } = options
  const { fetchBlob, fetchNewest } = options.fetching
  const { large } = options
  const attachments = createSingle<string>(fetchAttachments)
  /** Up to which size all payloads of a space are known to be here. */
  const complete = new Map<string, number>()

  async function complement(space: string, party: string, size: number): Promise<void> {
    for (let from = complete.get(space) ?? 0; ; ) {
      const urgent = await ledger.missingParts(space, { from, under: limits.body })
      if (urgent.length === 0) break
      if (await fetchParts(space, party, urgent)) await ledger.project(space)
      // What cannot be had is not asked for again now; what follows it is.
      from = urgent.at(-1)!.index + 1
    }
    const missing = await ledger.missingParts(space, { from: complete.get(space) ?? 0, limit: 1 })
    if (missing.length === 0) complete.set(space, size)
    else inBackground(attachments.go(space, party), space)
  }

  async function fetchAttachments(space: string, party: string): Promise<void> {
    const missing = await ledger.missingParts(space, { from: complete.get(space) ?? 0 })
    if (missing.length > 0 && (await fetchParts(space, party, missing))) await ledger.project(space)
  }

  /** What came of these; many small ones travel together. */
  async function fetchParts(space: string, party: string, missing: readonly MissingPart[]): Promise<boolean> {
    const inBlobLane = createLanes(maxBlobsAtOnce)
    const alone = missing.length < togetherFrom ? missing : await fetchTogether(space, party, missing)
    const fetched = await Promise.all(
      alone.map(({ hash, size }) =>
        inBlobLane(async () => {
          if (size > pieceBytes / 2) return large.fetch(space, party, hash)
          const blob = await fetchBlob(space, party, hash)
          if (!blob) return false
          readOrRefuse(() => openBlob(blob, hash))
          await blobs.put(db, hash, blob)
          return true
        }),
      ),
    )
    return alone.length < missing.length || fetched.some(Boolean)
  }

  /** Asks for pages of entries with their small payloads; gives what has to be fetched one by one. */
  async function fetchTogether(space: string, party: string, missing: readonly MissingPart[]): Promise<MissingPart[]> {
    const alone: MissingPart[] = []
    let rest = missing.filter((part) => part.size <= messageLimits.newestBlobBytes)
    while (rest.length > 0) {
      const { entries, blobs: given } = await fetchNewest(space, party, rest[0]!.index)
      const wanted = new Map(rest.map((part) => [part.hash, part]))
      const good = new Map<string, Uint8Array>()
      for (const [hash, blob] of Object.entries(given)) {
        if (!wanted.has(hash)) continue
        const bytes = readOrRefuse(() => fromBase64url(blob))
        readOrRefuse(() => openBlob(bytes, hash))
        good.set(hash, bytes)
      }
      await blobs.putAll(db, good)
      const next = good.size > 0 ? undefined : rest[0]!.index + Math.max(1, entries.length)
      // A page that brings nothing of what is missing is passed over.
      if (next !== undefined) alone.push(...rest.filter((part) => part.index < next))
      rest = rest.filter((part) => !good.has(part.hash) && part.index >= (next ?? 0))
    }
    return [...alone, ...missing.filter((part) => part.size > messageLimits.newestBlobBytes)]
  }

  return {
    complement,
    /** Entries from `from` to `size` came with their payloads. */
    brought(
      space: string,
      entries: readonly Uint8Array[],
      {
        from,
        size,
        blobs,
      }: {
        from: number
        size: number
        blobs: ReadonlyMap<string, Uint8Array>
      },
    ): void {
      if (complete.get(space) === from && bringsAll(entries, size - from, blobs)) complete.set(space, size)
    },
    isComplete: (space: string, size: number) => complete.get(space) === size,
    forget: (space: string) => complete.delete(space),
    idle: attachments.idle,
  }
}

/** Whether every payload of these entries came along. */
function bringsAll(entries: readonly Uint8Array[], count: number, blobs: ReadonlyMap<string, Uint8Array>): boolean {
  return (
    entries.length === count &&
    entries.every((entry) => storedParts(readLeaf(entry).act.statement.parts).every(({ hash }) => blobs.has(hash)))
  )
}
