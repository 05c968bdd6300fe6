import { sql } from 'kysely'
import type { Registered, RegisteredRow } from '../../../core/module/types.ts'
import { noteForms } from '../acts.ts'

/** Notes in all their forms, and joint minutes. */
export const registered: Registered = {
  kinds: {
    ...Object.fromEntries(noteForms.map((form) => [form, `channels.form.${form}`])),
    minutes: 'channels.minutes.form',
  },
  acts: () => [notes, minutes],
}

const notes = sql<RegisteredRow>`
  select n.space, n.hash as id, n.idx, n.form as kind, n.author, array[n.addressee] as addressees, n.number, n.your_ref,
    n.sent_at as at, greatest(n.sent_at, n.answered_at, n.ended_at) as last_at,
    coalesce(n.ended, case when n.answered_by is not null then 'answered'
      when n.acknowledged_by is not null then 'acknowledged' else 'sent' end) as state,
    exists (select from view.channels_correction c where c.note = n.hash and c.space = n.space) as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.channels_note n`

/** Whoever proposes minutes confirms them; they are confirmed once all have who were there and do not merely observe. */
const minutes = sql<RegisteredRow>`
  select m.space, m.hash as id, m.idx, 'minutes' as kind, m.author, null::text[] as addressees, null::text as number,
    null::text as your_ref, own.at,
    (select max(c.at) from view.channels_minutes_confirmation c where c.space = m.space and c.minutes = m.hash) as last_at,
    case when exists (
      select from view.member p
      where p.space = m.space and p.role <> 'observer' and p.since <= m.idx and p.until is null and not exists (
        select from view.channels_minutes_confirmation c
        where c.space = m.space and c.minutes = m.hash and c.party = p.party))
    then 'proposed' else 'confirmed' end as state,
    false as is_corrected, null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.channels_minutes m
  join view.channels_minutes_confirmation own on own.space = m.space and own.minutes = m.hash and own.party = m.author`
