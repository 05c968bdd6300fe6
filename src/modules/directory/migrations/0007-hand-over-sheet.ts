import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const handOverSheet: Migration = {
  name: 'directory/0007-hand-over-sheet',
  async up(tx) {
    await sql`alter table home.directory_hand_over add column sheet jsonb`.execute(tx)
  },
}
