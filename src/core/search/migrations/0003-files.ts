import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Files of acts that carry a class of their own, so that what lies here above the ceiling is found. */
export const markedFiles: Migration = {
  name: 'search/0003-files',
  async up(tx) {
    await sql`
      create table view.search_file (
        space text not null, act text not null, part text not null, marking jsonb not null,
        primary key (space, act, part))`.execute(tx)
    await sql`update view.search_act a set stale = true where exists (
      select from log.part p where p.space = a.space and p.idx = a.idx and p.role = 'attachments')`.execute(tx)
  },
}
