import { sql } from 'kysely'
import type { Reader } from './types.ts'

/** A table that a backup carries. */
export interface BackedTable {
  /** `schema.table`. */
  name: string
  /** Columns that are written; generated ones compute themselves. */
  columns: string[]
  /** Columns of the primary key in its order; rows are read in this order. */
  key: string[]
}

/** What is derived (`view`), runs by itself (jobs) or is kept elsewhere in the file (migrations) is not backed up. */
const backedSchemas = ['log', 'home']
const leftOut = ['home.migration', 'home.job_worker']

/** Tables in an order in which foreign keys find what they point at. */
export async function listBackedTables(db: Reader): Promise<BackedTable[]> {
  const { rows } = await sql<BackedTable>`
    select n.nspname || '.' || c.relname as name,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by a.attnum) as columns,
      array(select a.attname::text from pg_index i
        cross join unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
        where i.indrelid = c.oid and i.indisprimary
        order by k.place) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in (${sql.join(backedSchemas)})
    order by 1`.execute(db)
  return inOrderOfReferences(
    rows.filter((table) => !leftOut.includes(table.name)),
    await listReferences(db),
  )
}

async function listReferences(db: Reader): Promise<{ from: string; to: string }[]> {
  const { rows } = await sql<{ from: string; to: string }>`
    select fn.nspname || '.' || f.relname as from, tn.nspname || '.' || t.relname as to
    from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_namespace fn on fn.oid = f.relnamespace
    join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
    where k.contype = 'f' and k.conrelid <> k.confrelid`.execute(db)
  return rows
}

function inOrderOfReferences(tables: BackedTable[], references: { from: string; to: string }[]): BackedTable[] {
  const placed: BackedTable[] = []
  let waiting = tables
  while (waiting.length > 0) {
    const names = new Set(waiting.map((table) => table.name))
    const ready = waiting.filter((table) => !references.some(({ from, to }) => from === table.name && names.has(to)))
    if (ready.length === 0) throw new Error(`tables point at each other in a circle: ${[...names].join(', ')}`)
    placed.push(...ready)
    waiting = waiting.filter((table) => !ready.includes(table))
  }
  return placed
}

export interface SequenceState {
  name: string
  value: number
}

/** Sequences that gave out a number, with the last one. */
export async function listSequences(db: Reader): Promise<SequenceState[]> {
  const { rows } = await sql<SequenceState>`
    select schemaname || '.' || sequencename as name, last_value as value from pg_sequences
    where schemaname in (${sql.join(backedSchemas)}) and last_value is not null order by 1`.execute(db)
  return rows
}

/** All rows of a table as one line of JSON each, in the order of its key. Needs a transaction. */
export async function* readRows(db: Reader, table: BackedTable): AsyncGenerator<string[]> {
  // Rows of blobs are up to 1 MiB and twice that as text.
  const atOnce = table.name === 'log.blob_piece' ? 8 : 500
  const shown = sql`to_jsonb(t)`
  const order =
    table.key.length > 0 ? sql.join(table.key.map((column) => sql`t.${sql.ref(column)}`)) : sql`${shown}::text`
  await sql`declare backup_rows no scroll cursor for
    select (${shown})::text as line from ${sql.table(table.name)} as t order by ${order}`.execute(db)
  try {
    for (;;) {
      const { rows } = await sql<{ line: string }>`fetch ${sql.lit(atOnce)} from backup_rows`.execute(db)
      if (rows.length === 0) return
      yield rows.map((row) => row.line)
    }
  } finally {
    await sql`close backup_rows`.execute(db).catch(() => undefined)
  }
}

/** Writes rows that `readRows` gave. */
export async function writeRows(db: Reader, table: BackedTable, lines: string[]): Promise<void> {
  const columns = sql.join(table.columns.map((column) => sql.ref(column)))
  await sql`insert into ${sql.table(table.name)} (${columns}) overriding system value
    select ${columns} from jsonb_populate_recordset(null::${sql.table(table.name)}, ${`[${lines.join(',')}]`}::jsonb)`.execute(
    db,
  )
}
