import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Legal advisers of offices that exist already may clear drafts. */
export const legalPower: Migration = {
  name: 'auth/0003-legal-power',
  async up(tx) {
    await sql`
      insert into home.power (office, role, subject, verb, second_person)
      select id, 'legal', 'clearance.legal', 'release', false from home.office
      on conflict do nothing`.execute(tx)
  },
}
