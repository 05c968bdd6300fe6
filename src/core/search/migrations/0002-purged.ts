import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Words of what this house destroyed for itself go in the same transaction, as those of what was erased. */
export const purgedWords: Migration = {
  name: 'search/0002-purged',
  async up(tx) {
    await sql`create trigger search_forget_purged after insert on log.purged_part
      referencing new table as gone for each statement execute function view.search_forget()`.execute(tx)
  },
}
