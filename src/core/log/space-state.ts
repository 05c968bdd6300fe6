import {
  type AdmissionState,
  advance,
  changesState,
  type Json,
  openSpace,
  parseCanonical,
  ProtocolError,
  readLeaf,
  toBase64url,
} from '../../protocol/index.ts'
import type { Blobs, Reader } from '../storage/types.ts'
import { loadTree, type Tree } from './tree.ts'

/** What appending to a space needs to know, kept in memory and checked against the locked row before use. */
export interface SpaceState {
  admission: AdmissionState
  tree: Tree
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
  forget(space: string): void
}

const maxKept = 2000

export function createSpaceStates(blobs: Blobs): SpaceStates {
  const kept = new Map<string, SpaceState>()
  return {
    async at(db, position) {
      const known = kept.get(position.space)
      const fits = known?.admission.size === position.size && known.admission.root === toBase64url(position.root)
      return known && fits ? known : await loadState(db, blobs, position)
    },
    recall: (space) => kept.get(space),
    keep(state) {
      const { space } = state.admission
      kept.delete(space)
      kept.set(space, { admission: state.admission, tree: state.tree.edge() })
      const oldest = kept.keys().next().value
      if (kept.size > maxKept && oldest) kept.delete(oldest)
    },
    forget: (space) => void kept.delete(space),
  }
}

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

/** State at a position, read from the log. */
// Acts between the governance acts change size, root and time only, and these come from the row.
export async function loadState(db: Reader, blobs: Blobs, position: Position): Promise<SpaceState> {
  const { space, size, root, time } = position
  const rows = await db
    .selectFrom('log.entry')
    .select(['idx', 'leaf'])
    .where('space', '=', space)
    .where('governance', '=', true)
    .where('idx', '<', size)
    .orderBy('idx')
    .execute()
  const read = rows.map((row) => {
    const { act, leaf } = readLeaf(row.leaf)
    const body = act.statement.parts.find((part) => part.role === 'body')
    return { ...row, act, time: leaf.time, commitment: body?.hash ?? '' }
  })
  const contents = await blobs.contents(
    db,
    read.map((entry) => entry.commitment),
  )
  const [opening, ...later] = read
  if (opening?.idx !== 0) throw new Error(`space ${space} has no opening act`)
  let admission = openSpace(opening.leaf, bodyOf(contents, opening))
  for (const entry of later) {
    admission = advance({ ...admission, size: entry.idx }, entry.act, entry.time, '', bodyOf(contents, entry))
  }
  return {
    admission: { ...admission, size, root: toBase64url(root), time },
    tree: await loadTree(db, space, size),
  }
}

function bodyOf(contents: Map<string, Uint8Array>, entry: { commitment: string; idx: number }): Json {
  const content = contents.get(entry.commitment)
  if (!content) throw new Error(`the body of governance act ${entry.idx} is not stored`)
  return parsePart(content)
}
