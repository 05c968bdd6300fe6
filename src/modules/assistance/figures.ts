import { sql } from 'kysely'
import type { Services } from '../../core/module/types.ts'
import './tables.ts'

/** How long answers of one party took, by kind: of our own record, drills left out. Times in ms; none where nothing came. */
export interface Figure {
  /** Party that answers. */
  party: string
  kind: string
  requests: number
  acknowledged: number
  /** Median time to the acknowledgement, to the first answer, to the whole of it. */
  toAcknowledge: number | null
  answered: number
  toAnswer: number | null
  executed: number
  toExecute: number | null
}

/** Only requests by or to our own party count: of what others ask each other we keep no statistics. */
export async function listFigures({ db, party, ledger }: Pick<Services, 'db' | 'party' | 'ledger'>): Promise<Figure[]> {
  const real = (await ledger.list()).filter(({ drill }) => drill === undefined).map(({ id }) => id)
  if (real.length === 0) return []
  const { rows } = await sql<Figure>`
    with request as (
      select n.addressee as party, coalesce(n.request_kind, 'incident-information') as kind, n.sent_at,
        n.acknowledged_at,
        (select min(s.at) from view.assistance_step s where s.request = n.hash
          and s.step in ('accepted', 'partly', 'refused', 'postponed')) as answered_at,
        (select min(s.at) from view.assistance_step s where s.request = n.hash and s.step = 'executed') as executed_at
      from view.channels_note n
      where n.form = 'request' and (n.author = ${party} or n.addressee = ${party})
        and n.space = any(${real}::text[]))
    select party, kind, count(*)::int as requests, count(acknowledged_at)::int as acknowledged,
      percentile_cont(0.5) within group (order by acknowledged_at - sent_at)::float8 as "toAcknowledge",
      count(answered_at)::int as answered,
      percentile_cont(0.5) within group (order by answered_at - sent_at)::float8 as "toAnswer",
      count(executed_at)::int as executed,
      percentile_cont(0.5) within group (order by executed_at - sent_at)::float8 as "toExecute"
    from request group by party, kind order by party, kind`.execute(db)
  return rows
}
