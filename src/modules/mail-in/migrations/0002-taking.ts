import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

export const mailInTaking: Migration = {
  name: 'mail-in/0002-taking',
  async up(tx) {
    await sql`alter table home.mail_in_report add column taking jsonb`.execute(tx)
  },
}
