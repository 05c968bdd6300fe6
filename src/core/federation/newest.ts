import { readLeaf, storedParts, toBase64url } from '../../protocol/index.ts'
import type { SpaceHead } from '../log/index.ts'
import { messageLimits, type NewestMessage } from './messages.ts'
import type { RouteContext } from './route-context.ts'

/** Checkpoint, entries from `from` on and their small payloads: what a member that fell behind needs first. */
export async function newestFrom(
  context: RouteContext,
  { space, hosted }: SpaceHead,
  from: number,
  peer: string | undefined,
): Promise<NewestMessage> {
  const { ledger, announcing } = context
  const { note: checkpoint, apart } = await ledger.cosigned(space)
  if (peer !== undefined) announcing.served(peer, space, checkpoint, apart)
  const entries = withinBytes(
    await ledger.entries(space, from, messageLimits.newestEntries),
    messageLimits.newestEntryBytes,
  )
  return {
    checkpoint,
    cosignatures: apart.slice(0, messageLimits.lines),
    from,
    entries: entries.map(toBase64url),
    // Only the host knows that a payload came for this space and not for another one.
    blobs: hosted ? await smallBlobs(context, entries) : {},
  }
}

function withinBytes(entries: Uint8Array[], maxBytes: number): Uint8Array[] {
  let sizeBytes = 0
  return entries.filter((entry) => {
    sizeBytes += entry.byteLength
    return sizeBytes <= maxBytes
  })
}

async function smallBlobs({ db, blobs }: RouteContext, entries: Uint8Array[]): Promise<Record<string, string>> {
  let sizeBytes = 0
  const wanted = entries
    .flatMap((entry) => storedParts(readLeaf(entry).act.statement.parts))
    .filter((part) => part.size <= messageLimits.newestBlobBytes)
    .filter((part) => {
      sizeBytes += part.size
      return sizeBytes <= messageLimits.newestBlobsBytes
    })
  const found = await Promise.all(wanted.map(async ({ hash }) => [hash, await blobs.find(db, hash)] as const))
  const fits = (blob: Uint8Array) => blob.length <= messageLimits.newestBlobBytes + 32
  return Object.fromEntries(found.flatMap(([hash, blob]) => (blob && fits(blob) ? [[hash, toBase64url(blob)]] : [])))
}
