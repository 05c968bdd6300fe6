import { sql } from 'kysely'
import { rootFrom, rootNodes } from '../../protocol/index.ts'
import type { Reader } from '../storage/types.ts'
import { readNodes } from './nodes.ts'
import { DamagedLog } from './space-state.ts'

/** Rules whose refusal says something about the entries before, and so rests on columns beside the leaves. */
const restingOnColumns: ReadonlySet<string> = new Set(['after-missing', 'id-taken', 'seen-root'])

export interface RefusedBy {
  rule: string
  /** Size of the tree its author had seen. */
  seen: number
}

/**
 * Makes sure that what a refusal says of the record is so: acts, authors, ids and roots are computed again from the
 * leaves before the host signs that something is missing or taken. Once for all refusals of a batch.
 *
 * @throws {@link DamagedLog} where a column is not what its leaf says
 */
// Reads the whole space, about a second for 100,000 entries: refusals by these rules are rare between honest members.
export async function requireSoundFacts(
  db: Reader,
  { space, size }: { space: string; size: number },
  refused: readonly RefusedBy[],
): Promise<void> {
  const resting = refused.filter(({ rule }) => restingOnColumns.has(rule))
  if (resting.length === 0) return
  await requireTrueColumns(db, space)
  const seen = new Set(resting.flatMap(({ rule, seen }) => (rule === 'seen-root' && seen <= size ? [seen] : [])))
  for (const one of seen) await requireTrueRoot(db, space, one)
}

async function requireTrueColumns(db: Reader, space: string): Promise<void> {
  const { rows } = await sql<{ idx: number }>`
    select e.idx from log.entry e
      cross join lateral (
        select case when pg_input_is_valid(convert_from(e.leaf, 'LATIN1'), 'jsonb')
          then convert_from(e.leaf, 'LATIN1')::jsonb #>> '{envelope,payload}' end as text
      ) payload
      cross join lateral (
        select decode(rpad(translate(payload.text, '-_', '+/'), (length(payload.text) + 3) / 4 * 4, '='), 'base64')
          as bytes
      ) statement
      cross join lateral (
        select convert_from(statement.bytes, 'UTF8')::jsonb as json,
          rtrim(translate(encode(sha256(statement.bytes), 'base64'), '+/', '-_'), '=') as hash
      ) said
      where e.space = ${space}
        and (sha256('\\x00'::bytea || e.leaf) is distinct from e.leaf_hash
          or said.hash is distinct from e.act_hash
          or said.json ->> 'author' is distinct from e.author
          or said.json ->> 'id' is distinct from e.act_id)
      order by e.idx limit 1`.execute(db)
  const [wrong] = rows
  if (wrong) throw damaged(space, `entry ${wrong.idx}`)
}

async function requireTrueRoot(db: Reader, space: string, size: number): Promise<void> {
  const row = await db
    .selectFrom('log.entry')
    .select('root')
    .where('space', '=', space)
    .where('idx', '=', size - 1)
    .executeTakeFirst()
  const nodes = await readNodes(db, space, rootNodes(size))
  const isTrue = row !== undefined && Buffer.compare(row.root, rootFrom(size, nodes.get)) === 0
  if (!isTrue) throw damaged(space, `root at size ${size}`)
}

function damaged(space: string, what: string): DamagedLog {
  return new DamagedLog(`space ${space}: ${what} is not what was stored; nothing is signed over it`)
}
