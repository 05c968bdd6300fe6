import { sql } from 'kysely'
import {
  type Act,
  appendNodes,
  consistencyPath,
  inclusionPath,
  type NodeAt,
  rootFrom,
  rootNodes,
  type StoredPart,
  storedParts,
  toBase64url,
} from '../../protocol/index.ts'
import { slices } from '../storage/index.ts'
import type { Reader } from '../storage/types.ts'
import { type NodeSet, nodeSet, readNodes } from './nodes.ts'

/** The growing edge of a space's tree: what appending and proving new entries needs, in memory. */
export interface Tree {
  readonly size: number
  root(): Uint8Array
  /** Adds a leaf; gives the inner nodes it completes. */
  append(leafHash: Uint8Array): (NodeAt & { hash: Uint8Array })[]
  /** Inclusion path (base64url) of an entry appended to this copy. */
  path(index: number): string[]
  /** Consistency path (base64url) from a size at or above that of the edge this copy grew from. */
  consistency(from: number): string[]
  /** A copy without what the next entries do not need. */
  edge(): Tree
}

/** The edge of a stored tree. */
export async function loadTree(db: Reader, space: string, size: number): Promise<Tree> {
  return treeOf(size, await readNodes(db, space, rootNodes(size)))
}

export function emptyTree(): Tree {
  return treeOf(0, nodeSet())
}

function treeOf(from: number, nodes: NodeSet): Tree {
  let size = from
  return {
    get size() {
      return size
    },
    root: () => rootFrom(size, nodes.get),
    append(leafHash) {
      const created = appendNodes(size, leafHash, nodes.get)
      for (const { level, index, hash } of created) nodes.set({ level, index }, hash)
      size += 1
      return created.filter((node) => node.level > 0)
    },
    path: (index) => inclusionPath(index, size, nodes.get).map((hash) => toBase64url(hash)),
    consistency: (from) => consistencyPath(from, size, nodes.get).map((hash) => toBase64url(hash)),
    edge() {
      const kept = nodeSet()
      for (const at of rootNodes(size)) kept.set(at, nodes.get(at))
      return treeOf(size, kept)
    },
  }
}

export interface NewEntry {
  index: number
  leaf: Uint8Array
  leafHash: Uint8Array
  root: Uint8Array
  hash: string
  author: string
  id: string
  type: string
  governance: boolean
  time: number
  parts: StoredPart[]
}

/** Columns of an entry that come from its act. */
export function entryOf(
  act: Act,
  index: number,
  time: number,
): Omit<NewEntry, 'leaf' | 'leafHash' | 'root' | 'governance'> {
  const { author, id, type, parts } = act.statement
  return {
    index,
    time,
    author,
    id,
    type,
    hash: act.hash,
    parts: storedParts(parts),
  }
}

/** Complete subtrees as `append` gives them. */
export type NewNodes = readonly (NodeAt & { hash: Uint8Array })[]

/** Where a space stands after entries were appended. */
export interface NewHead {
  size: number
  root: Uint8Array
  time: number
  host: { party: string; origin: string; key: string }
  note: string
}

/**
 * Appends entries with their parts and the subtrees they complete, and moves
 * the head if one is given: one statement. Gives the leaves as the database
 * took them.
 */
export async function appendEntries(
  db: Reader,
  space: string,
  { entries, nodes, head }: { entries: readonly NewEntry[]; nodes: NewNodes; head?: NewHead },
): Promise<Uint8Array[]> {
  if (entries.length === 0) {
    if (head) await moveHead(db, space, head)
    return []
  }
  const parts = entries.flatMap((entry) =>
    entry.parts.map((part, ordinal) => ({ ...part, ordinal, index: entry.index })),
  )
  const column = <K extends keyof NewEntry>(key: K) => entries.map((entry) => entry[key])
  const leaves = entries.map((entry) => entry.leaf)
  const { rows } = await sql<{ leaf: Buffer }>`
    with part as (
      insert into log.part (space, idx, ordinal, role, hash, size, plain)
      select ${space}, * from unnest(
        ${parts.map((part) => part.index)}::bigint[], ${parts.map((part) => part.ordinal)}::int[],
        ${parts.map((part) => part.role)}::text[], ${parts.map((part) => part.hash)}::text[],
        ${parts.map((part) => part.size)}::bigint[], ${parts.map((part) => part.plain ?? null)}::text[])
    ), node as (
      insert into log.node (space, level, idx, hash)
      select ${space}, * from unnest(
        ${nodes.map((node) => node.level)}::int[], ${nodes.map((node) => node.index)}::bigint[],
        ${slices(nodes.map((node) => node.hash))})
    )${head ? sql`, ${headMoved(space, head)}` : sql``}, added as (
      insert into log.entry
        (space, idx, leaf, leaf_hash, root, act_hash, author, act_id, type, governance, time)
      select ${space}, * from unnest(
        ${column('index')}::bigint[], ${slices(leaves)}, ${slices(column('leafHash') as Uint8Array[])},
        ${slices(column('root') as Uint8Array[])}, ${column('hash')}::text[], ${column('author')}::text[], ${column('id')}::text[],
        ${column('type')}::text[], ${column('governance')}::boolean[], ${column('time')}::bigint[])
      returning idx, leaf
    )
    select leaf from added order by idx`.execute(db)
  return rows.map((row) => row.leaf)
}

/** Moves a space's head alone: size, root, time and checkpoint. */
export async function moveHead(db: Reader, space: string, head: NewHead): Promise<void> {
  await sql`with ${headMoved(space, head)} select`.execute(db)
}

function headMoved(space: string, { size, root, time, host, note }: NewHead) {
  return sql`checkpoint as (
      insert into log.checkpoint (space, size, note) values (${space}, ${size}, ${note})
      on conflict (space) do update set size = excluded.size, note = excluded.note
    ), moved as (
      update log.space set size = ${size}, root = ${Buffer.from(root)}, time = ${time},
        host = ${host.party}, origin = ${host.origin}, host_key = ${host.key}
      where space = ${space}
    )`
}
