import { sql } from 'kysely'
import { StorageTrouble } from './trouble.ts'
import type { Db, Migration, Tx } from './types.ts'

/** One number for all of Chancery, so that processes on one database migrate one after the other. */
const migrationLock = 7_261_001

/**
 * Brings the database to the given schema: schemas `log`, `home`, `view`, then every migration that
 * has not run, in the given order, all in one transaction.
 *
 * @throws {@link StorageTrouble} `newer-version` when the database knows steps that are not in the list.
 */
export async function migrate(db: Db, migrations: readonly Migration[]): Promise<void> {
  const doubled = migrations.find((one, at) => migrations.findIndex((other) => other.name === one.name) !== at)
  if (doubled) throw new Error(`two migrations are called ${doubled.name}`)
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(tx)
    const done = await readDone(tx)
    requireKnown(done, migrations)
    for (const migration of migrations) {
      if (done.has(migration.name)) continue
      await migration.up(tx)
      await sql`insert into home.migration (name) values (${migration.name})`.execute(tx)
    }
  })
}

async function readDone(tx: Tx): Promise<Set<string>> {
  const { rows: tables } = await sql<{ there: boolean }>`
    select to_regclass('home.migration') is not null as there`.execute(tx)
  if (!tables[0]?.there) await createSchemas(tx)
  const { rows } = await sql<{ name: string }>`select name from home.migration`.execute(tx)
  return new Set(rows.map((row) => row.name))
}

async function createSchemas(tx: Tx): Promise<void> {
  for (const schema of ['log', 'home', 'view']) {
    await sql`create schema if not exists ${sql.ref(schema)}`.execute(tx)
  }
  await sql`create table if not exists home.migration (
    name text primary key,
    run_at timestamptz not null default now()
  )`.execute(tx)
}

function requireKnown(done: Set<string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.name))
  const unknown = [...done].find((name) => !known.has(name))
  if (unknown === undefined) return
  throw new StorageTrouble(
    'newer-version',
    `This data folder was used by a newer version of Chancery (it has ${unknown}): start that version or a later one.`,
  )
}
