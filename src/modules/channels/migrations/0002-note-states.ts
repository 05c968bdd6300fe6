import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const noteStates: Migration = {
  name: 'channels/0002-note-states',
  async up(tx) {
    // No act from before ends or corrects a note: null is what they project to.
    await sql`
      alter table view.channels_note
        add column ended text, add column ended_by text, add column ended_at bigint, add column ground text,
        add column supersedes text;
      create table view.channels_correction (
        space text not null, hash text not null, note text not null, idx bigint not null, at bigint not null,
        primary key (space, hash));
      create index channels_correction_note on view.channels_correction (note);
    `.execute(tx)
  },
}
