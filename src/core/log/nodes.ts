import { sql } from 'kysely'
import type { NodeAt } from '../../protocol/index.ts'
import type { Reader } from '../storage/types.ts'

/** Hashes of complete subtrees in memory. */
export interface NodeSet {
  get(at: NodeAt): Uint8Array
  set(at: NodeAt, hash: Uint8Array): void
}

export function nodeSet(): NodeSet {
  const levels: Map<number, Uint8Array>[] = []
  return {
    get({ level, index }) {
      const hash = levels[level]?.get(index)
      if (!hash) throw new Error(`node ${level}:${index} was not read`)
      return hash
    },
    set({ level, index }, hash) {
      while (levels.length <= level) levels.push(new Map())
      levels[level]?.set(index, hash)
    },
  }
}

/** Reads the given nodes of a space's tree; throws when one is not stored. */
export async function readNodes(db: Reader, space: string, wanted: readonly NodeAt[]): Promise<NodeSet> {
  const nodes = nodeSet()
  const leaves = wanted.filter((at) => at.level === 0).map((at) => at.index)
  const inner = wanted.filter((at) => at.level > 0)
  if (wanted.length === 0) return nodes
  const { rows } = await sql<{ level: number; idx: number; hash: Buffer }>`
    select 0 as level, idx, leaf_hash as hash from log.entry
      where space = ${space} and idx = any(${leaves}::bigint[])
    union all
    select n.level, n.idx, n.hash from log.node n
      join unnest(${inner.map((at) => at.level)}::int[], ${inner.map((at) => at.index)}::bigint[]) as w(level, idx)
        on n.level = w.level and n.idx = w.idx
      where n.space = ${space}`.execute(db)
  for (const row of rows) nodes.set({ level: row.level, index: row.idx }, row.hash)
  for (const at of wanted) nodes.get(at)
  return nodes
}
