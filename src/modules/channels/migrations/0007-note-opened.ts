import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const noteOpened: Migration = {
  name: 'channels/0007-note-opened',
  async up(tx) {
    // No act from before reports an opening: null is what they project to.
    await sql`alter table view.channels_note add column opened_by text, add column opened_at bigint`.execute(tx)
  },
}
