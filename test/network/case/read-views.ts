import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { until } from '../../../src/cli/demo/person.ts'
import type { Services } from '../../../src/core/module/types.ts'
import { feedIndex, isIndexBehind } from '../../../src/core/search/index.ts'
import type { Database } from '../../../src/core/storage/index.ts'

/** Words of acts come to the index after projection. */
const isFedLater = sql<boolean>`c.relname like 'search\\_%'`

export type ViewRows = Record<string, { space: string }[]>

/** Rows of every table of `view` that projectors write, each table ordered by its primary key. */
export async function readViews({ db }: Database): Promise<ViewRows> {
  const { rows: tables } = await sql<{ name: string; key: string[] }>`
    select c.relname as name, array_agg(quote_ident(a.attname) order by array_position(i.indkey::int2[], a.attnum)) as key
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'view'
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
    where not ${isFedLater}
    group by c.relname order by c.relname`.execute(db)
  const { rows: all } = await sql<{ count: number }>`
    select count(*)::int as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'view' and c.relkind = 'r' and not ${isFedLater}`.execute(db)
  assert.equal(tables.length, all[0]?.count, 'a table of view has no primary key')
  const views: ViewRows = {}
  for (const { name, key } of tables) {
    const { rows } = await sql<{
      space: string
    }>`select * from ${sql.table(`view.${name}`)} order by ${sql.raw(key.join(', '))}`.execute(db)
    views[name] = rows
  }
  return views
}

/** The rows of one space. */
export function viewsOf(views: ViewRows, space: string): ViewRows {
  return Object.fromEntries(
    Object.entries(views).map(([name, rows]) => [name, rows.filter((row) => row.space === space)]),
  )
}

/** Every row of the index of words, once it holds every act. */
export async function readIndex({ services }: { services: Services }): Promise<unknown[]> {
  await until('the index to hold every act', async () => {
    await feedIndex(services)
    return (await isIndexBehind(services.db)) ? undefined : true
  })
  const { rows } = await sql`select * from view.search_act order by space, idx`.execute(services.db)
  return rows
}
