import { type RawBuilder, sql } from 'kysely'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import type { MovedKind } from '../tables.ts'
import { beyondSight } from './in-sight.ts'
import '../tables.ts'

/** Where items of an incident are kept. */
export const itemTables = {
  fact: 'home.incidents_fact',
  particular: 'home.incidents_particular',
  entry: 'home.incidents_entry',
  evidence: 'home.incidents_evidence',
} as const satisfies Record<MovedKind, string>

/** An item and what it said before. */
export async function chainOf(tx: Tx, kind: MovedKind, id: string): Promise<string[]> {
  const before = { fact: 'replaces', particular: 'corrects', entry: undefined, evidence: undefined }[kind]
  if (before === undefined) return [id]
  const { rows } = await sql<{ id: string }>`
    with recursive chain as (
      select id, ${sql.ref(before)} as before from ${sql.table(itemTables[kind])} where id = ${id}
      union select t.id, t.${sql.ref(before)} from ${sql.table(itemTables[kind])} t join chain on t.id = chain.before)
    select id from chain where ${beyondSight('earlier wordings of an item the caller was given')}`.execute(tx)
  return rows.map((row) => row.id)
}

/**
 * Ids of the lines of the log that tell of facts or particulars, for a statement that moves them along. A line names no
 * item: it was written by the same person just then. Evidence is told of by its number.
 */
export function linesAbout(kind: MovedKind, chain: readonly string[]): RawBuilder<{ id: string }> | undefined {
  switch (kind) {
    case 'fact':
      return sql`select distinct on (i.id) e.id from home.incidents_fact i join home.incidents_entry e
        on e.incident = i.incident and e.kind = 'fact-' || i.state and e.words = i.words and e.by_person = i.by_person
          and e.compartment is not distinct from i.compartment and e.written_at >= i.since
      where i.id = any(${texts([...chain])}) and ${beyondSight('lines of the log that tell of an item the caller moves')} order by i.id, e.written_at`
    case 'particular':
      return sql`select e.id from (
        select incident, by_person, at, compartment, kind, case when corrects is null then 'particular' else 'particular-corrected' end as said
          from home.incidents_particular where id = any(${texts([...chain])})
        union all select d.incident, d.by_person, d.at, p.compartment, p.kind, 'particular-contested'
          from home.incidents_dispute d join home.incidents_particular p on p.id = d.particular
          where d.particular = any(${texts([...chain])})) i
      cross join lateral (select id from home.incidents_entry e where e.incident = i.incident and e.kind = i.said
        and e.by_person = i.by_person and e.facts->>'kind' = i.kind and e.written_at >= i.at
        and e.compartment is not distinct from i.compartment and ${beyondSight('lines of the log that tell of an item the caller moves')} order by e.written_at limit 1) e`
    default:
      return undefined
  }
}
