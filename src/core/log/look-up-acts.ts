import { sql } from 'kysely'
import { type Act, type AdmissionFacts, toBase64url } from '../../protocol/index.ts'
import { integers, texts } from '../storage/index.ts'
import type { Reader } from '../storage/types.ts'

/** What admission asks about the entries before, for a whole batch. */
export interface Facts {
  byHash: Map<string, { index: number; time: number }>
  /** Act hash by author and id. */
  byId: Map<string, string>
  /** base64url root by size. */
  roots: Map<number, string>
  of(act: Act): AdmissionFacts
}

type Row = {
  how: 'hash' | 'id' | 'root'
  idx: number
  act_hash: string
  author: string
  act_id: string
  time: number
  root: Buffer | null
}

/** One statement for a batch of acts of one space. */
export async function lookUpActs(db: Reader, space: string, acts: readonly Act[]): Promise<Facts> {
  const statements = acts.map((act) => act.statement)
  const hashes = acts.flatMap((act) => [act.hash, ...(act.statement.after ?? [])])
  const sizes = [...new Set(statements.map((statement) => statement.seen.size))].filter((size) => size > 0)
  const { rows } = await sql<Row>`
    select 'hash' as how, idx, act_hash, author, act_id, time, null::bytea as root from log.entry
      where act_hash = any(${texts(hashes)}) and space = ${space}
    union all
    select 'id', e.idx, e.act_hash, e.author, e.act_id, e.time, null
      from unnest(${texts(statements.map((one) => one.author))}, ${texts(statements.map((one) => one.id))})
        as w(author, id)
      -- One probe of the index each: a join would be free to read the whole space.
      cross join lateral (
        select * from log.entry where space = ${space} and author = w.author and act_id = w.id limit 1
      ) e
    union all
    select 'root', idx, act_hash, author, act_id, time, root from log.entry
      where space = ${space} and idx = any(${integers(sizes.map((size) => size - 1))})`.execute(db)
  return factsOf(rows)
}

/** For acts of which nothing is there and whose `seen` is among these roots. */
export function factsOfNewActs(roots: ReadonlyMap<number, string>): Facts {
  return factsOf([], new Map(roots))
}

function factsOf(rows: readonly Row[], roots: Facts['roots'] = new Map()): Facts {
  const byHash: Facts['byHash'] = new Map()
  const byId: Facts['byId'] = new Map()
  for (const row of rows) {
    if (row.how === 'hash') byHash.set(row.act_hash, { index: row.idx, time: row.time })
    if (row.how === 'id') byId.set(idKey(row.author, row.act_id), row.act_hash)
    if (row.root) roots.set(row.idx + 1, toBase64url(row.root))
  }
  return {
    byHash,
    byId,
    roots,
    of: ({ statement }) => ({
      sameId: byId.get(idKey(statement.author, statement.id)),
      rootAtSeen: roots.get(statement.seen.size),
      afterMissing: (statement.after ?? []).filter((hash) => !byHash.has(hash)),
    }),
  }
}

/** Lets later acts of the same batch find this one. */
export function rememberAct(facts: Facts, act: Act, at: { index: number; time: number; root: string }): void {
  facts.byHash.set(act.hash, { index: at.index, time: at.time })
  facts.byId.set(idKey(act.statement.author, act.statement.id), act.hash)
  facts.roots.set(at.index + 1, at.root)
}

function idKey(author: string, id: string): string {
  return `${author} ${id}`
}
