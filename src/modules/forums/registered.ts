import { sql } from 'kysely'
import type { Registered, RegisteredRow } from '../../core/module/types.ts'
import { statementKinds } from './acts.ts'

const kindOf = (kind: (typeof statementKinds)[number]) => (kind === 'statement' ? 'forum-statement' : kind)

/** What is said in forums: statements, rights of reply, questions and answers; drafts on the table, and decisions. */
export const registered: Registered = {
  kinds: {
    ...Object.fromEntries(statementKinds.map((kind) => [kindOf(kind), `forums.kind.${kind}`])),
    'forum-draft': 'forums.draft.form',
    'forum-decision': 'forums.decision.form',
  },
  acts: () => [statements, drafts, decisions],
}

const statements = sql<RegisteredRow>`
  select f.space, f.hash as id, f.idx, case f.kind when 'statement' then 'forum-statement' else f.kind end as kind,
    f.author, null::text[] as addressees, null::text as number, null::text as your_ref,
    coalesce(f.at, e.time) as at, coalesce(f.at, e.time) as last_at, 'made' as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.forums_statement f join log.entry e on e.space = f.space and e.idx = f.idx`

const drafts = sql<RegisteredRow>`
  select f.space, f.hash as id, f.idx, 'forum-draft' as kind, f.author, null::text[] as addressees,
    null::text as number, null::text as your_ref, coalesce(f.at, e.time) as at,
    greatest(f.at, f.clean_at, case when f.at is null then e.time end) as last_at,
    case when f.clean_at is null then 'proposed' else 'clean' end as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.forums_draft f join log.entry e on e.space = f.space and e.idx = f.idx`

/** A decision has no words: it goes by the title of the draft whose wording it settles. */
const decisions = sql<RegisteredRow>`
  select e.space, e.act_hash as id, e.idx, 'forum-decision' as kind, e.author, null::text[] as addressees,
    null::text as number, null::text as your_ref, coalesce(f.declared_at, e.time) as at,
    coalesce(f.declared_at, e.time) as last_at, 'made' as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, f.draft as about
  from view.forums_seeking f join log.entry e on e.space = f.space and e.act_hash = f.declared_by`
