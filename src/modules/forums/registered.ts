import { sql } from 'kysely'
import type { Registered, RegisteredRow } from '../../core/module/types.ts'
import { statementKinds } from './acts.ts'

const kindOf = (kind: (typeof statementKinds)[number]) => (kind === 'statement' ? 'forum-statement' : kind)

/** What is said in forums: statements, rights of reply, questions and answers. */
export const registered: Registered = {
  kinds: Object.fromEntries(statementKinds.map((kind) => [kindOf(kind), `forums.kind.${kind}`])),
  rows: () => [
    sql<RegisteredRow>`
      select f.space, f.hash as id, f.idx, case f.kind when 'statement' then 'forum-statement' else f.kind end as kind,
        f.author, null::text[] as addressees, null::text as number, null::text as your_ref,
        coalesce(f.at, e.time) as at, coalesce(f.at, e.time) as last_at, 'made' as state, false as is_corrected,
        null::text as subject, null::text as tlp, null::text as href
      from view.forums_statement f join log.entry e on e.space = f.space and e.idx = f.idx`,
  ],
}
