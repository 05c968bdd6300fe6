import { sql } from 'kysely'
import type { Registered, RegisteredRow } from '../../core/module/types.ts'

/** Answers to requests and what was handed over; the request itself stands in the register as a note. */
export const registered: Registered = {
  kinds: {
    'assistance-answer': 'assistance.register.answer',
    'assistance-execution': 'assistance.register.execution',
    'assistance-follow-up': 'assistance.register.follow-up',
    'assistance-spoken': 'assistance.register.spoken',
  },
  acts: () => [stepRows, spokenRows],
}

const stepRows = sql<RegisteredRow>`
  select s.space, s.hash as id, s.idx,
    case when s.step in ('handed-over', 'executed') then 'assistance-execution'
      when s.step in ('accepted', 'partly', 'refused', 'postponed', 'extension-granted', 'extension-refused')
      then 'assistance-answer' else 'assistance-follow-up' end as kind,
    s.author, array[case when s.author = n.author then n.addressee else n.author end] as addressees,
    null::text as number, n.number as your_ref, s.at, s.at as last_at, 'made' as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, s.request as about
  from view.assistance_step s join view.channels_note n on n.space = s.space and n.hash = s.request`

const spokenRows = sql<RegisteredRow>`
  select o.space, o.hash as id, o.idx, 'assistance-spoken' as kind, o.author, array[o.addressee] as addressees,
    null::text as number, null::text as your_ref, o.at, o.at as last_at, 'made' as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.assistance_oral o`
