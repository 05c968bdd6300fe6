import { sql } from 'kysely'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { beyondSight } from '../need-to-know/in-sight.ts'
import type { MovedKind } from '../tables.ts'

/**
 * What diamonds say of an item goes with it between compartments, with its lines in the log: why it was placed says what
 * it is. What was written into another set of items than the item stays there.
 */
export async function movePlacings(
  tx: Tx,
  {
    incident,
    kind,
    chain,
    from,
    into,
  }: { incident: string; kind: MovedKind; chain: readonly string[]; from: string | null; into: string | null },
): Promise<void> {
  const ids = texts([...chain])
  const names = sql`(kind = ${kind} and item = any(${ids}) or about_kind = 'event' and about = any(${ids})
    or rests_on = any(${ids}))`
  const { rows } = await sql<{ id: string }>`
    update home.incidents_diamond_placing set compartment = ${into}
    where incident = ${incident} and compartment is not distinct from ${from} and ${names} returning id`.execute(tx)
  const said = await sql<{ id: string }>`
    update home.incidents_diamond_features set compartment = ${into}
    where incident = ${incident} and compartment is not distinct from ${from} and about_kind = 'event'
      and about = any(${ids}) returning id`.execute(tx)
  const lines = texts([...rows, ...said.rows].map(({ id }) => id))
  await sql`
    update home.incidents_entry set compartment = ${into} where incident = ${incident} and (id = any(${lines}) or id in (
      select id from home.incidents_diamond_step where of_placing = any(${lines})
        and ${beyondSight('lines of the log that tell of an item the lead moves')}))`.execute(tx)
}
