import { sql } from 'kysely'
import { openBlob, ProtocolError, type StoredPart } from '../../protocol/index.ts'
import type { NewEntry } from '../log/index.ts'
import type { Reader } from '../storage/types.ts'
import type { Recomputed, RecomputedNode } from './recompute.ts'
import type { Fault } from './types.ts'

/** Entries read back in one go. */
export const chunkSize = 256

export interface StoredEntry {
  idx: number
  leaf: Buffer
  leaf_hash: Buffer
  root: Buffer
  act_hash: string
  author: string
  act_id: string
  type: string
  governance: boolean
  time: number
  parts: StoredPart[]
}

/** Entries of a space with their parts, in order. */
export async function readStored(db: Reader, space: string, from: number, to: number): Promise<StoredEntry[]> {
  const { rows } = await sql<StoredEntry>`
    select e.idx, e.leaf, e.leaf_hash, e.root, e.act_hash, e.author, e.act_id, e.type, e.governance, e.time,
      coalesce((select json_agg(json_build_object('role', p.role, 'hash', p.hash, 'size', p.size, 'plain', p.plain) order by p.ordinal)
        from log.part p where p.space = e.space and p.idx = e.idx), '[]') as parts
    from log.entry e where e.space = ${space} and e.idx >= ${from} and e.idx < ${to} order by e.idx`.execute(db)
  return rows
}

/** What is stored differently from what the leaves say; empty when all agrees. */
export async function compareStored(
  db: Reader,
  space: string,
  stored: readonly StoredEntry[],
  computed: readonly Recomputed[],
): Promise<Fault[]> {
  const faults = computed.flatMap(({ entry }, at): Fault[] => {
    const wrong = differences(stored[at] as StoredEntry, entry)
    return wrong.length === 0
      ? []
      : [{ space, what: 'entry', index: entry.index, detail: `${wrong.join(', ')} of entry ${entry.index}` }]
  })
  return [
    ...faults,
    ...(await wrongNodes(
      db,
      space,
      computed.flatMap(({ nodes }) => nodes),
    )),
  ]
}

function differences(row: StoredEntry, entry: NewEntry): string[] {
  const parts = (list: readonly StoredPart[]) =>
    JSON.stringify(list.map(({ role, hash, size, plain }) => [role, hash, size, plain ?? null]))
  const checks: [string, boolean][] = [
    ['the leaf hash', Buffer.compare(row.leaf_hash, entry.leafHash) === 0],
    ['the root', Buffer.compare(row.root, entry.root) === 0],
    ['the act hash', row.act_hash === entry.hash],
    ['the author', row.author === entry.author],
    ['the id', row.act_id === entry.id],
    ['the type', row.type === entry.type && row.governance === entry.governance],
    ['the time', row.time === entry.time],
    ['the list of parts', parts(row.parts) === parts(entry.parts)],
  ]
  return checks.flatMap(([name, isRight]) => (isRight ? [] : [name]))
}

async function wrongNodes(db: Reader, space: string, nodes: readonly RecomputedNode[]): Promise<Fault[]> {
  if (nodes.length === 0) return []
  const { rows } = await sql<{ level: number; idx: number; hash: Buffer }>`
    select n.level, n.idx, n.hash from log.node n
    join unnest(${nodes.map((node) => node.level)}::int[], ${nodes.map((node) => node.index)}::bigint[])
      as w(level, idx) on n.level = w.level and n.idx = w.idx
    where n.space = ${space}`.execute(db)
  const held = new Map(rows.map((row) => [`${row.level}:${row.idx}`, row.hash]))
  return nodes
    .filter(({ level, index, hash }) => {
      const own = held.get(`${level}:${index}`)
      return !own || Buffer.compare(own, hash) !== 0
    })
    .map(({ level, index }) => ({ space, what: 'node', detail: `node ${index} of level ${level}` }))
}

/** Whether a payload is what its act committed to; a sealed one has a size of its own, and a key set none. */
export function isWhole(blob: Uint8Array, { role, hash, size, plain }: StoredPart): boolean {
  try {
    const content = openBlob(blob, hash)
    return plain != null || role === 'keys' || content.length === size
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}
