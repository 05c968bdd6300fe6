import { sql } from 'kysely'
import { saidIn, vectorOf } from '../../core/search/index.ts'
import type { Tx } from '../../core/storage/types.ts'
import { beyondSight } from './need-to-know/in-sight.ts'
import './tables.ts'

/** Folds what an incident is called, for the list to be narrowed by; to be called by whoever writes its title. */
export async function keepWords(tx: Tx, incident: string): Promise<void> {
  const row = await tx
    .selectFrom('home.incidents_incident')
    .select(['title', 'code_name', 'summary'])
    .where('id', '=', incident)
    .where(beyondSight('its own words, written beside it'))
    .executeTakeFirstOrThrow()
  const words = vectorOf(saidIn({ title: [row.title, row.code_name], summary: row.summary }), [])
  await sql`insert into home.incidents_words values (${incident}, ${words}::tsvector)
    on conflict (incident) do update set words = excluded.words`.execute(tx)
}
