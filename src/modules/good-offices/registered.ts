import { sql } from 'kysely'
import type { Registered, RegisteredRow } from '../../core/module/types.ts'

/** What a mediator and the sides say in confidence, versions of the single text, and what each side says of them. */
export const registered: Registered = {
  kinds: {
    confidence: 'good-offices.form.said',
    'passed-on': 'good-offices.form.passed',
    'single-text': 'good-offices.form.text',
    'text-answer': 'good-offices.form.answered',
  },
  acts: () => [said, texts, answers],
}

const said = sql<RegisteredRow>`
  select g.space, g.hash as id, g.idx, case when g.passing is null then 'passed-on' else 'confidence' end as kind,
    g.author, null::text[] as addressees, null::text as number, null::text as your_ref, g.at, g.at as last_at,
    'made' as state, false as is_corrected, null::text as subject, null::text as tlp, null::text as href,
    null::text as about
  from view.good_offices_said g`

/** That the mediator found a version accepted by both binds nobody: it is confirmed, and not agreed. */
const texts = sql<RegisteredRow>`
  select g.space, g.hash as id, g.idx, 'single-text' as kind, e.author, null::text[] as addressees,
    null::text as number, null::text as your_ref, g.at, greatest(g.at, g.agreed_at, n.at) as last_at,
    case when g.agreed_at is not null then 'confirmed' when n.at is not null then 'superseded' else 'proposed' end
      as state,
    false as is_corrected, null::text as subject, null::text as tlp, null::text as href, null::text as about
  from view.good_offices_text g
  join log.entry e on e.space = g.space and e.idx = g.idx
  left join view.good_offices_text n on n.space = g.space and n.version = g.version + 1`

const answers = sql<RegisteredRow>`
  select g.space, g.hash as id, g.idx, 'text-answer' as kind, g.party as author, null::text[] as addressees,
    null::text as number, null::text as your_ref, g.at, g.at as last_at, 'made' as state, false as is_corrected,
    null::text as subject, null::text as tlp, null::text as href, g.text as about
  from view.good_offices_answer g`
