import { sql } from 'kysely'
import type { Registered, RegisteredRow } from '../../core/module/types.ts'

/** Read-outs that a party gave the others of the talks; joint minutes of talks are those of their space. */
export const registered: Registered = {
  kinds: { 'read-out': 'talks.read-out.form' },
  acts: () => [
    sql<RegisteredRow>`
      select s.space, s.hash as id, s.idx, 'read-out' as kind, s.author,
        array(select one from (select m.author as one union
          select jsonb_array_elements_text(m.with_parties)) p where one <> s.author order by one) as addressees,
        null::text as number, null::text as your_ref, s.at, s.at as last_at, 'made' as state, false as is_corrected,
        null::text as subject, null::text as tlp, null::text as href, null::text as about
      from view.talks_said s join view.talks_meeting m on m.space = s.space and m.hash = s.proposal
      where s.kind = 'read-out'`,
  ],
}
