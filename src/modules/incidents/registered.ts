import { sql } from 'kysely'
import type { DisputeRow, Registered, RegisteredRow } from '../../core/module/types.ts'

/** What is asked and said about incidents: requests to preserve data, that they are met, and facts contested. */
export const registered: Registered = {
  kinds: {
    'preservation-request': 'incidents.acts.preservation-requested',
    'preservation-confirmation': 'incidents.acts.preservation-confirmed',
    'facts-contested': 'incidents.acts.contested',
  },
  acts: () => [requests, confirmations, contests],
  disputes: () => [
    sql<DisputeRow>`select c.space, c.about, c.hash as id, c.author, c.at from view.incidents_contest c`,
  ],
}

const requests = sql<RegisteredRow>`
  select p.space, p.hash as id, p.idx, 'preservation-request' as kind, p.author, array[p.addressee] as addressees,
    null::text as number, null::text as your_ref, p.asked_at as at, greatest(p.asked_at, p.confirmed_at) as last_at,
    case when p.confirmed_by is not null then 'answered' else 'sent' end as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.incidents_preservation p`

const confirmations = sql<RegisteredRow>`
  select e.space, e.act_hash as id, e.idx, 'preservation-confirmation' as kind, e.author, array[p.author] as addressees,
    null::text as number, null::text as your_ref, p.confirmed_at as at, p.confirmed_at as last_at, 'made' as state,
    false as is_corrected, null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.incidents_preservation p join log.entry e on e.space = p.space and e.act_hash = p.confirmed_by`

const contests = sql<RegisteredRow>`
  select c.space, c.hash as id, c.idx, 'facts-contested' as kind, c.author, array[c.about_author] as addressees,
    null::text as number, null::text as your_ref, c.at, c.at as last_at, 'made' as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.incidents_contest c`
