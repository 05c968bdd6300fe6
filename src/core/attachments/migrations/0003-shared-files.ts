import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Drafts that take files uploaded once for several of them. */
export const sharedFiles: Migration = {
  name: 'attachments/0003-shared-files',
  async up(tx) {
    await sql`
      create table home.attachment_share (
        draft text not null,
        files text not null,
        primary key (draft, files)
      )`.execute(tx)
    await sql`create index attachment_share_files on home.attachment_share (files)`.execute(tx)
  },
}
