import {
  type Act,
  type AdmissionState,
  advance,
  changesState,
  type Json,
  leafHash,
  openBlob,
  openSpace,
  parseCanonical,
  ProtocolError,
  readLeaf,
  sha256,
  toBase64url,
} from '../../protocol/index.ts'
import { meansAway, meansDiskFull } from '../storage/index.ts'
import type { Blobs, Reader } from '../storage/types.ts'
import { loadTree, type Tree } from './tree.ts'

/** What appending to a space needs to know, kept in memory and checked against the locked row before use. */
export interface SpaceState {
  admission: AdmissionState
  tree: Tree
  /** base64url roots by size that this process signed, stored or looked up lately: what acts have mostly `seen`. */
  roots: Map<number, string>
  /** Our line is on the checkpoint of this size: all payloads ≤ 1 MiB up to here were stored. */
  cosigned?: boolean
}

/** A space's row, as far as the state must agree with it. */
export interface Position {
  space: string
  size: number
  root: Uint8Array
  time: number
}

export interface SpaceStates {
  /** State at exactly this position: from memory if nobody else wrote since, else read again. */
  at(db: Reader, position: Position): Promise<SpaceState>
  /** What memory holds, perhaps no longer true: for work that the judge checks again. */
  recall(space: string): SpaceState | undefined
  /** Remembers the state after a commit. */
  keep(state: SpaceState): void
  /** Our line on the checkpoint of this size is stored. */
  noteCosigned(space: string, size: number): void
  forget(space: string): void
  /** Reads something of this space; what turns out damaged is told, and the error goes on. */
  guarding<T>(space: string, read: () => Promise<T>): Promise<T>
}

const maxKept = 2000
const maxRoots = 64

export function createSpaceStates(blobs: Blobs, damaged: (space: string) => void = () => undefined): SpaceStates {
  const kept = new Map<string, SpaceState>()
  async function guarding<T>(space: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      if (!isPassing(error)) damaged(space)
      throw error
    }
  }
  return {
    guarding,
    async at(db, position) {
      const known = kept.get(position.space)
      const fits = known?.admission.size === position.size && known.admission.root === toBase64url(position.root)
      if (known && fits) return known
      return guarding(position.space, () => loadState(db, blobs, position))
    },
    recall: (space) => kept.get(space),
    keep(state) {
      const { space, size, root } = state.admission
      kept.delete(space)
      kept.set(space, { ...state, tree: state.tree.edge() })
      rememberRoots(state, [[size, root]])
      const oldest = kept.keys().next().value
      if (kept.size > maxKept && oldest) kept.delete(oldest)
    },
    noteCosigned(space, size) {
      const known = kept.get(space)
      if (known?.admission.size === size) known.cosigned = true
    },
    forget: (space) => void kept.delete(space),
  }
}

/** Of the space's own history, by one who knows: the oldest make room. */
export function rememberRoots({ roots }: SpaceState, found: Iterable<[size: number, root: string]>): void {
  for (const [size, root] of found) {
    roots.set(size, root)
    const oldest = roots.keys().next().value
    if (roots.size > maxRoots && oldest !== undefined) roots.delete(oldest)
  }
}

/** Does admission ask about no entry but those whose roots memory holds? */
export function needsMemoryOnly(
  { statement: { seen, after } }: Act,
  size: number,
  roots: ReadonlyMap<number, string>,
): boolean {
  return !after && (seen.size === size || roots.has(seen.size))
}

/** The database is away, or has no room: this says nothing of what is stored. */
const isPassing = (error: unknown) => meansAway(error) || meansDiskFull(error)

/** Does `advance` (or `openSpace`) need the body of this act? */
export function needsBody(index: number, type: string): boolean {
  return index === 0 || changesState(type)
}

/** Content of a JSON part; null, which no schema takes, when it is not canonical JSON. */
export function parsePart(content: Uint8Array): Json {
  try {
    return parseCanonical(content)
  } catch (error) {
    if (error instanceof ProtocolError) return null
    throw error
  }
}

/** What the database gives back is not what was stored: nothing may be signed over it. */
export class DamagedLog extends Error {
  override name = 'DamagedLog'
}

/**
 * State at a position, read from the log.
 *
 * @throws {@link DamagedLog} where what was read back does not hash to what the position says
 */
// Acts between the governance acts change size, root and time only, and these come from the row.
export async function loadState(db: Reader, blobs: Blobs, position: Position): Promise<SpaceState> {
  const { space, size, root, time } = position
  const admission = await loadAdmission(db, blobs, position)
  const tree = await loadTree(db, space, size)
  requireSound(Buffer.compare(tree.root(), root) === 0, space, `root at size ${size}`)
  const last = await db
    .selectFrom('log.entry')
    .select(['leaf', 'leaf_hash'])
    .where('space', '=', space)
    .where('idx', '=', size - 1)
    .executeTakeFirst()
  const isLast = last && Buffer.compare(leafHash(last.leaf), last.leaf_hash) === 0
  requireSound(size === 0 || (isLast && readLeaf(last.leaf).leaf.time === time) === true, space, `time at size ${size}`)
  return { admission: { ...admission, root: toBase64url(root), time }, tree, roots: new Map() }
}

/** Members, keys and host of a space at a size; root and time of the position are not looked at. */
export async function loadAdmission(
  db: Reader,
  blobs: Blobs,
  { space, size }: Pick<Position, 'space' | 'size'>,
): Promise<AdmissionState> {
  const rows = await db
    .selectFrom('log.entry')
    .select(['idx', 'leaf', 'leaf_hash'])
    .where('space', '=', space)
    .where('governance', '=', true)
    .where('idx', '<', size)
    .orderBy('idx')
    .execute()
  const read = rows.map((row) => {
    requireSound(Buffer.compare(leafHash(row.leaf), row.leaf_hash) === 0, space, `entry ${row.idx}`)
    const { act, leaf } = readLeaf(row.leaf)
    const body = act.statement.parts.find((part) => part.role === 'body')
    return { ...row, act, time: leaf.time, commitment: body?.hash ?? '' }
  })
  const bodies = await blobs.findAll(
    db,
    read.map((entry) => entry.commitment),
  )
  const contents = new Map(
    [...bodies].map(([commitment, blob]) => {
      requireSound(toBase64url(sha256(blob)) === commitment, space, `payload ${commitment}`)
      return [commitment, openBlob(blob, commitment)]
    }),
  )
  const [opening, ...later] = read
  if (opening?.idx !== 0) throw new Error(`space ${space} has no opening act`)
  let admission = openSpace(opening.leaf, bodyOf(contents, opening))
  for (const entry of later) {
    admission = advance({ ...admission, size: entry.idx }, entry.act, entry.time, '', bodyOf(contents, entry))
  }
  return { ...admission, size }
}

function requireSound(isSound: boolean, space: string, what: string): void {
  if (!isSound) throw new DamagedLog(`space ${space}: ${what} is not what was stored; nothing is signed over it`)
}

function bodyOf(contents: Map<string, Uint8Array>, entry: { commitment: string; idx: number }): Json {
  const content = contents.get(entry.commitment)
  if (!content) throw new Error(`the body of governance act ${entry.idx} is not stored`)
  return parsePart(content)
}
