import { sql } from 'kysely'
import type { DisputeRow, Registered, RegisteredRow } from '../../../core/module/types.ts'

/** Attributions stated between parties, and what is said to them. */
export const registered: Registered = {
  kinds: {
    attribution: 'attributions.stated.form',
    'attribution-answer': 'attributions.answer.form',
    'attribution-contest': 'attributions.contest.form',
    'attribution-joint': 'attributions.joint.form',
  },
  acts: () => [stated, answered, contested, joint],
  disputes: () => [contests, rejections],
}

const stated = sql<RegisteredRow>`
  select s.space, s.hash as id, s.idx, 'attribution' as kind, s.author, null::text[] as addressees,
    null::text as number, null::text as your_ref, s.at, greatest(s.at, s.withdrawn_at, s.replaced_at) as last_at,
    case when s.withdrawn_by is not null then 'withdrawn' when s.replaced_by is not null then 'superseded'
      else 'made' end as state, s.replaced_by is not null as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.attributions_stated s`

const answered = sql<RegisteredRow>`
  select a.space, a.hash as id, a.idx, 'attribution-answer' as kind, a.author, array[s.author] as addressees,
    null::text as number, null::text as your_ref, a.at, a.at as last_at, 'made' as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, a.statement as about
  from view.attributions_answer a join view.attributions_stated s on s.space = a.space and s.hash = a.statement`

const contested = sql<RegisteredRow>`
  select c.space, c.hash as id, c.idx, 'attribution-contest' as kind, c.author, array[s.author] as addressees,
    null::text as number, null::text as your_ref, c.at, greatest(c.at, c.withdrawn_at) as last_at,
    case when c.withdrawn_by is not null then 'withdrawn' else 'made' end as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.attributions_contest c join view.attributions_stated s on s.space = c.space and s.hash = c.statement`

const joint = sql<RegisteredRow>`
  select j.space, j.hash as id, j.idx, 'attribution-joint' as kind, j.author, null::text[] as addressees,
    null::text as number, null::text as your_ref, j.at,
    greatest(j.at, (select max(greatest(g.signed_at, g.withdrawn_at)) from view.attributions_signature g
      where g.space = j.space and g.proposal = j.hash)) as last_at,
    case when j.superseded_by is not null then 'superseded'
      when (select count(*) from view.attributions_signature g
        where g.space = j.space and g.proposal = j.hash and g.withdrawn_by is null) >= 2 then 'agreed'
      else 'proposed' end as state,
    j.superseded_by is not null as is_corrected, null::text as subject, null::text as tlp, null::text as href,
    null::text as about
  from view.attributions_joint j`

const contests = sql<DisputeRow>`
  select c.space, c.statement as about, c.hash as id, c.author, c.at
  from view.attributions_contest c where c.withdrawn_by is null`

/** The newest answer of a party is its answer. */
const rejections = sql<DisputeRow>`
  select a.space, a.statement as about, a.hash as id, a.author, a.at
  from view.attributions_answer a where a.answer = 'rejected' and not exists (
    select from view.attributions_answer later where later.space = a.space and later.statement = a.statement
      and later.author = a.author and later.idx > a.idx)`
