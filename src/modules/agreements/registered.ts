import { sql } from 'kysely'
import type { Registered, RegisteredRow } from '../../core/module/types.ts'

/** Joint texts, from their proposal on. */
export const registered: Registered = {
  kinds: { 'joint-text': 'agreements.text.form' },
  acts: () => [
    sql<RegisteredRow>`
      select t.space, t.hash as id, t.idx, 'joint-text' as kind, t.author,
        array(select p.party from view.agreements_party p
          where p.space = t.space and p.proposal = t.hash and p.party <> t.author order by p.party) as addressees,
        null::text as number, null::text as your_ref, t.proposed_at as at,
        greatest(t.proposed_at, t.agreed_at, (select s.proposed_at from view.agreements_text s
          where s.space = t.space and s.hash = t.superseded_by)) as last_at,
        case when t.agreed_at is not null then 'agreed' when t.superseded_by is not null then 'superseded'
          else 'proposed' end as state,
        false as is_corrected, null::text as subject, null::text as tlp, null::text as href, null::text as about
      from view.agreements_text t`,
  ],
}
