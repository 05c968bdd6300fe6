import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Offices that were opened before requests by voice could be recorded: who is on duty there may record them as well. */
export const spokenPower: Migration = {
  name: 'assistance/0002-spoken-power',
  async up(tx) {
    await sql`
      insert into home.power (office, role, subject, verb, second_person)
        select distinct p.office, p.role, 'assistance.request-spoken', v.verb, false
        from home.power p cross join (values ('draft'), ('send')) as v (verb)
        where p.role = 'duty-officer'
        on conflict do nothing`.execute(tx)
  },
}
