import { type RawBuilder, sql } from 'kysely'
import {
  type Act,
  appendNodes,
  consistencyPath,
  inclusionPaths,
  type NodeAt,
  rootFrom,
  rootNodes,
  type StoredPart,
  storedParts,
  toBase64url,
} from '../../protocol/index.ts'
import { integers, sliced, texts } from '../storage/index.ts'
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
  let paths: { size: number; of(index: number): string[] } | undefined
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
    path(index) {
      if (paths?.size !== size) paths = { size, of: inclusionPaths(size, nodes.get, toBase64url) }
      return paths.of(index)
    },
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
  /** Cosignatures on it that are stored with it. */
  lines?: readonly { party: string; time: number; line: string }[]
}

/** What is appended in one statement. */
export interface Appending {
  entries: readonly NewEntry[]
  nodes: NewNodes
  head?: NewHead
  /**
   * Only if the space is ours to order (or `as` a member's replica, of which nothing was heard beyond its end), open
   * and still stands here: what was decided before the row was locked counts then.
   */
  after?: { size: number; root: string; as?: 'member' }
  /** Further parts of the statement, as {@link Blobs.inserting} gives them. */
  along?: RawBuilder<unknown>
}

/**
 * Appends entries with their parts and the subtrees they complete, and moves the head if one is given: one
 * statement. False if `after` no longer holds; then nothing is appended.
 *
 * @throws if a leaf that reached the database is not the one whose hash is in the tree: nothing is kept
 */
export async function appendEntries(
  db: Reader,
  space: string,
  { entries, nodes, head, after, along }: Appending,
): Promise<boolean> {
  const parts = entries.flatMap((entry) =>
    entry.parts.map((part, ordinal) => ({ ...part, ordinal, index: entry.index })),
  )
  const column = <K extends keyof NewEntry>(key: K) => entries.map((entry) => entry[key])
  const leaves = sliced(column('leaf'))
  const { rows } = await sql<{ locked: number; wrong: number }>`
    with place as materialized (${after ? lockedAt(space, after) : sql`select ${space}::text as space`}),
    part as (
      insert into log.part (space, idx, ordinal, role, hash, size, plain)
      select place.space, p.* from place, unnest(
        ${integers(parts.map((part) => part.index))}, ${integers(parts.map((part) => part.ordinal))},
        ${texts(parts.map((part) => part.role))}, ${texts(parts.map((part) => part.hash))},
        ${integers(parts.map((part) => part.size))}, ${texts(parts.map((part) => part.plain ?? null))}) as p
    ), node as (
      insert into log.node (space, level, idx, hash)
      select place.space, n.level, n.idx, ${hashAt(nodes.map((node) => node.hash))} from place, unnest(
        ${integers(nodes.map((node) => node.level))}, ${integers(nodes.map((node) => node.index))})
        with ordinality as n(level, idx, at)
    ), ${head ? sql`${headMoved(head)},` : sql``} ${along ? sql`${along},` : sql``} added as (
      insert into log.entry
        (space, idx, leaf, leaf_hash, root, act_hash, author, act_id, type, governance, time)
      select place.space, idx, substring(${leaves.bytes}::bytea from start::int for length::int),
        ${hashAt(column('leafHash'))}, ${hashAt(column('root'))}, act_hash, author, act_id, type, governance, time
      from place, unnest(
        ${integers(column('index'))}, ${integers(leaves.starts)}, ${integers(leaves.lengths)},
        ${texts(column('hash'))}, ${texts(column('author'))}, ${texts(column('id'))},
        ${texts(column('type'))}, ${column('governance')}::boolean[], ${integers(column('time'))})
        with ordinality as e(idx, start, length, act_hash, author, act_id, type, governance, time, at)
      returning leaf, leaf_hash
    )
    select (select count(*)::int from place) as locked,
      -- An error ends the statement, and with it all it did.
      1 / (case when exists (select from added where sha256('\\x00'::bytea || leaf) <> leaf_hash) then 0 else 1 end)
        as wrong`.execute(db)
  return (rows[0]?.locked ?? 0) > 0
}

/** The hash of 32 bytes at a row's place `at`, cut from all of them. */
function hashAt(hashes: readonly Uint8Array[]): RawBuilder<Uint8Array> {
  return sql`substring(${Buffer.concat(hashes)}::bytea from (at * 32 - 31)::int for 32)`
}

function lockedAt(space: string, { size, root, as }: NonNullable<Appending['after']>) {
  const usual =
    as === 'member'
      ? sql`not s.hosted and not exists (select from log.heard h where h.space = s.space)`
      : sql`s.hosted and not s.sealed`
  return sql`select s.space from log.space s
    where s.space = ${space} and s.size = ${size} and s.root = ${Buffer.from(root, 'base64url')}
      and ${usual} and s.frozen is null for update`
}

function headMoved({ size, root, time, host, note, lines = [] }: NewHead) {
  return sql`checkpoint as (
      insert into log.checkpoint (space, size, note) select place.space, ${size}::bigint, ${note} from place
      on conflict (space) do update set size = excluded.size, note = excluded.note
    ), moved as (
      update log.space s set size = ${size}, root = ${Buffer.from(root)}, time = ${time},
        host = ${host.party}, origin = ${host.origin}, host_key = ${host.key}
      from place where s.space = place.space
    ), line as (
      insert into log.cosignature (space, size, party, time, line)
      select place.space, ${size}::bigint, l.* from place, unnest(
        ${texts(lines.map(({ party }) => party))}, ${integers(lines.map(({ time }) => time))},
        ${texts(lines.map(({ line }) => line))}) as l
      on conflict do nothing
    )`
}
