import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Spaces in which somebody asked for a member, found without reading every entry. */
export const askedAdmissions: Migration = {
  name: 'spaces/0003-asked-admissions',
  async up(tx) {
    await sql`
      create index entry_admission on log.entry (space)
        where type in ('space.member-admitted', 'spaces.admission-proposed')`.execute(tx)
  },
}
