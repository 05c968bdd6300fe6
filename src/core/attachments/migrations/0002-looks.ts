import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** What was found in files that came, by the commitment of the part; and by which rules files of drafts were looked at. */
export const looks: Migration = {
  name: 'attachments/0002-looks',
  async up(tx) {
    await sql`alter table home.attachment add column rules integer not null default 0`.execute(tx)
    await sql`create index attachment_hash on home.attachment (hash) where not signed`.execute(tx)
    await sql`
      create table home.look (
        part text not null,
        kind text not null,
        rules integer not null,
        hash text not null,
        format text not null,
        findings jsonb not null,
        looked_at bigint not null,
        primary key (part, kind)
      )`.execute(tx)
    // Findings quote the file: they go in the same moment as its bytes, whoever erases or purges them.
    await sql`create function home.forget_looks() returns trigger language plpgsql as $$
      begin
        delete from home.look where part = old.commitment
          or part in (select plain from log.part where hash = old.commitment and plain is not null);
        return null;
      end $$`.execute(tx)
    await sql`create trigger looks_go_with_bytes after delete on log.blob
      for each row execute function home.forget_looks()`.execute(tx)
  },
}
