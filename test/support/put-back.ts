import { sql } from 'kysely'
import type { Db } from '../../src/core/storage/types.ts'

/** Remembers every row of a test's database; the function puts all of it back, as a restored copy would. */
export async function copyDatabase(db: Db): Promise<() => Promise<void>> {
  const { rows: tables } = await sql<{ name: string }>`
    select schemaname || '.' || tablename as name from pg_tables where schemaname in ('log', 'view', 'home')`.execute(
    db,
  )
  const copy = (name: string) => sql.table(`public.copy_${name.replace('.', '_')}`)
  for (const { name } of tables) await sql`create table ${copy(name)} as table ${sql.table(name)}`.execute(db)
  return async () => {
    await db.transaction().execute(async (tx) => {
      // Foreign keys and triggers would object to an order; a copy of files knows none.
      await sql`set local session_replication_role = replica`.execute(tx)
      for (const { name } of tables) {
        await sql`delete from ${sql.table(name)}`.execute(tx)
        await sql`insert into ${sql.table(name)} overriding system value select * from ${copy(name)}`.execute(tx)
      }
    })
  }
}
