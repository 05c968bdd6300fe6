import { decodeBundle, leafHash, peekCheckpoint, ProtocolError, toBase64url } from '../../protocol/index.ts'
import { emptyTree } from '../log/index.ts'
import type { MendingContext } from './mend-space.ts'
import { chunkSize, readStored } from './read-stored.ts'

/** The log as it should be: which leaves, and the checkpoint they hash to. */
export interface Target {
  size: number
  hosted: boolean
  /** Leaves that are not ours, by chunk of 256. */
  replaced: Map<number, Uint8Array[]>
  /** Who gave them. */
  from?: string
  /** Notes that may be the checkpoint of this tree; signatures are still to be checked. */
  notes: string[]
}

interface Claim {
  size: number
  root: string
  /** Our own checkpoint or row: may also be shorter than what lies here. */
  isOurs: boolean
}

interface Own {
  hashes: Map<number, Uint8Array>
  /** Chunks in which something is missing or does not fit its hash. */
  suspects: Set<number>
}

/** Finds leaves that hash to a tree somebody signed; undefined when neither ours nor a member's do. */
// `beyond`: ours are right but not all; only a longer log that the host signed will do.
export async function findTarget(
  context: MendingContext,
  space: string,
  { beyond = false }: { beyond?: boolean } = {},
): Promise<Target | undefined> {
  const { db, sources, identity } = context
  const head = await db.selectFrom('log.space').selectAll().where('space', '=', space).executeTakeFirst()
  if (!head) return undefined
  const stored = await db.selectFrom('log.checkpoint').select('note').where('space', '=', space).executeTakeFirst()
  const members = (await sources.membersOf(space)).filter((party) => party !== identity.party)
  const own = await readOwn(context, space)
  const ours = [...claimOf(stored?.note, true), { size: head.size, root: toBase64url(head.root), isOurs: true }]
  const target = (claim: Claim, notes: string[], more: Partial<Target> = {}): Target => ({
    size: claim.size,
    hosted: head.hosted,
    replaced: new Map(),
    notes,
    ...more,
  })
  const ownNotes = stored ? [stored.note] : []
  const whole = ours.find((claim) => matches(own.hashes, claim))
  // A host can say its own words again; a replica needs the host's note from somebody, as ours may be what is wrong.
  if (whole && !beyond && (head.hosted || members.length === 0)) return target(whole, ownNotes)
  for (const party of members) {
    const note = await sources.checkpoint(party, space)
    const notes = [...ownNotes, ...(note ? [note] : [])]
    const claims = [...ours, ...claimOf(note, false)].filter((one) =>
      beyond ? one.size > own.hashes.size : one.isOurs || one.size >= own.hashes.size,
    )
    const fits = claims.find((claim) => matches(own.hashes, claim))
    if (fits && (head.hosted || notes.some((one) => claimOf(one, false)[0]?.root === fits.root)))
      return target(fits, notes, { from: party })
    const theirs = claimOf(note, false)[0]?.size ?? 0
    const found = await takeFrom(context, { space, party, own, claims, theirs })
    if (found) return target(found.claim, notes, { replaced: found.replaced, from: party })
  }
  return undefined
}

function claimOf(note: string | undefined, isOurs: boolean): Claim[] {
  if (note === undefined) return []
  try {
    const { size, root } = peekCheckpoint(note)
    return [{ size, root: toBase64url(root), isOurs }]
  } catch (error) {
    if (error instanceof ProtocolError) return []
    throw error
  }
}

async function readOwn({ db }: MendingContext, space: string): Promise<Own> {
  const { end } = await db
    .selectFrom('log.entry')
    .select((q) => q.fn.max('idx').as('end'))
    .where('space', '=', space)
    .executeTakeFirstOrThrow()
  const hashes = new Map<number, Uint8Array>()
  const suspects = new Set<number>()
  for (let from = 0; from <= (end ?? -1); from += chunkSize) {
    const rows = await readStored(db, space, from, from + chunkSize)
    for (const row of rows) {
      const hash = leafHash(row.leaf)
      hashes.set(row.idx, hash)
      if (Buffer.compare(hash, row.leaf_hash) !== 0) suspects.add(from / chunkSize)
    }
    if (rows.length < chunkSize) suspects.add(from / chunkSize)
  }
  return { hashes, suspects }
}

function matches(hashes: ReadonlyMap<number, Uint8Array>, { size, root }: Claim): boolean {
  if (size === 0 || !Number.isSafeInteger(size) || size > hashes.size + 1) return false
  let tree = emptyTree()
  for (let index = 0; index < size; index += 1) {
    const hash = hashes.get(index)
    if (!hash) return false
    tree.append(hash)
    if (index % 4096 === 4095) tree = tree.edge()
  }
  return toBase64url(tree.root()) === root
}

interface Giver {
  space: string
  party: string
  own: Own
  claims: readonly Claim[]
  /** How many entries the member holds. */
  theirs: number
}

/** A member's entries in place of ours: first only where ours look wrong, then everywhere. */
async function takeFrom(
  context: MendingContext,
  giver: Giver,
): Promise<{ claim: Claim; replaced: Map<number, Uint8Array[]> } | undefined> {
  const { own, claims } = giver
  for (const claim of claims.toSorted((a, b) => b.size - a.size)) {
    if (claim.size === 0 || claim.size > own.hashes.size + 1_000_000) continue
    const all = Array.from({ length: Math.ceil(claim.size / chunkSize) }, (_, chunk) => chunk)
    for (const chunks of [all.filter((chunk) => own.suspects.has(chunk)), all]) {
      const hashes = new Map(own.hashes)
      const replaced = new Map<number, Uint8Array[]>()
      for (const chunk of chunks) {
        const leaves = await takeChunk(context, giver, { chunk, size: claim.size })
        if (!leaves) break
        replaced.set(chunk, leaves)
        for (const [at, leaf] of leaves.entries()) hashes.set(chunk * chunkSize + at, leafHash(leaf))
      }
      if (replaced.size > 0 && matches(hashes, claim)) return { claim, replaced }
    }
  }
  return undefined
}

/** What the member holds of a chunk, and after it what only we hold. */
async function takeChunk(
  { db, sources }: MendingContext,
  { space, party, theirs }: Giver,
  { chunk, size }: { chunk: number; size: number },
): Promise<Uint8Array[] | undefined> {
  const from = chunk * chunkSize
  const to = Math.min(from + chunkSize, size)
  const width = Math.min(to, theirs) - from
  if (width <= 0) return undefined
  const leaves = await sources.entries(party, space, chunk, width)
  if (!leaves || from + width === to) return leaves
  const rest = await readStored(db, space, from + width, to)
  return [...leaves, ...rest.map((row) => row.leaf)]
}

/** Leaves of a bundle as a peer gave it; undefined when it is none of this width. */
export function readBundle(bytes: Uint8Array, width: number): Uint8Array[] | undefined {
  try {
    const leaves = decodeBundle(bytes)
    return leaves.length === width ? leaves : undefined
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
