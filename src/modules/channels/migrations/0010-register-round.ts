import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** What the register does once a day, and on which day it last did. */
export const registerRound: Migration = {
  name: 'channels/0010-register-round',
  async up(tx) {
    await sql`create table home.register_round (what text primary key, day text not null)`.execute(tx)
  },
}
