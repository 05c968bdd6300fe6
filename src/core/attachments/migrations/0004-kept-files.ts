import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Files that stay with a record at home, and the copies of them that drafts carry. */
export const keptFiles: Migration = {
  name: 'attachments/0004-kept-files',
  async up(tx) {
    await sql`
      alter table home.attachment
        add column record text,
        add column copied_from text,
        add column cleaned jsonb not null default '[]',
        add column came_as text,
        add column added_at bigint`.execute(tx)
    await sql`update home.attachment set added_at = touched_at`.execute(tx)
    // What is kept is never signed, and lies under an id that no draft can have.
    await sql`
      alter table home.attachment
        alter column added_at set not null,
        add constraint attachment_record_stays check (record is null or not signed),
        add constraint attachment_record_apart check ((record is not null) = (position(':' in draft) > 0))`.execute(tx)
    await sql`create index attachment_record on home.attachment (record) where record is not null`.execute(tx)
    await sql`create index attachment_copied on home.attachment (copied_from) where copied_from is not null`.execute(tx)
    // Row and bytes go together, whoever deletes the row.
    await sql`create function home.forget_staged() returns trigger language plpgsql as $$
      begin
        delete from home.staged where id = old.id;
        delete from home.staged_piece where staged = old.id;
        return null;
      end $$`.execute(tx)
    await sql`create trigger staged_goes_with_row after delete on home.attachment
      for each row execute function home.forget_staged()`.execute(tx)
  },
}
