import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** A run follows a writing, which is a version once somebody approved it; working days of a run are those of a zone. */
export const preparednessEmergency: Migration = {
  name: 'preparedness/0002-emergency',
  async up(tx) {
    await sql`
      alter table home.preparedness_run add column zone text not null default 'Etc/UTC';
      alter table home.preparedness_run alter column zone drop default;
      alter table home.preparedness_follows add column writing text references home.preparedness_writing (id);
      update home.preparedness_follows f set writing = v.writing
        from home.preparedness_run r, home.preparedness_version v
        where r.id = f.run and v.plan = r.plan and v.number = f.version;
      alter table home.preparedness_follows alter column writing set not null;
      alter table home.preparedness_follows alter column version drop not null;
      create index preparedness_assignment_to on home.preparedness_assignment (who, run);
    `.execute(tx)
  },
}
