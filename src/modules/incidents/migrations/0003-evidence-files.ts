import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Files of evidence are forgotten in the moment their item or incident is, whoever deletes it, and follow it elsewhere. */
export const evidenceFiles: Migration = {
  name: 'incidents/0003-evidence-files',
  async up(tx) {
    await sql`create function home.forget_evidence_files() returns trigger language plpgsql as $$
      begin
        delete from home.attachment where draft = 'evidence:' || old.id and record is not null;
        return null;
      end $$`.execute(tx)
    await sql`create trigger files_go_with_evidence after delete on home.incidents_evidence
      for each row execute function home.forget_evidence_files()`.execute(tx)
    await sql`create function home.move_evidence_files() returns trigger language plpgsql as $$
      begin
        update home.attachment set record = 'incident:' || new.incident
          where draft = 'evidence:' || new.id and record is not null;
        return null;
      end $$`.execute(tx)
    await sql`create trigger files_follow_evidence after update of incident on home.incidents_evidence
      for each row when (old.incident is distinct from new.incident) execute function home.move_evidence_files()`.execute(
      tx,
    )
  },
}
