import { sql } from 'kysely'
import type { Tx } from '../../../core/storage/types.ts'
import { itemsPerCompartment, numberBase } from '../need-to-know/compartments.ts'
import { beyondSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/**
 * Items of a compartment are numbered apart: no gap in the numbers of the others tells of them. A number that went to
 * another incident by a split is not given again: the log and what rested on the item still call it so.
 */
export async function nextEvidence(tx: Tx, incident: string, compartment: string | null): Promise<number> {
  const base = compartment === null ? 0 : numberBase(compartment)
  const { rows } = await sql<{ number: number }>`
    select coalesce(max(number), ${base}::integer) + 1 as number from (
      select number from home.incidents_evidence where incident = ${incident}
      union all select (went->>'number')::integer from home.incidents_split,
        jsonb_array_elements(coalesce(moved->'evidence', '[]')) went where incident = ${incident}) given
    where number > ${base}::integer and number < ${base + itemsPerCompartment}::integer
      and ${beyondSight('only the next number, of a compartment the caller was given')}`.execute(tx)
  return rows[0]?.number ?? base + 1
}

/** Lines of the log that call an item of evidence by its number. */
export const linesOfEvidence = [
  'evidence',
  'regraded',
  'evidence-withdrawn',
  'files-added',
  'files-cleaned',
  'files-described',
  'files-removed',
]

/** Numbers an item anew that came into a compartment; what the log says of it goes with it under that number. */
export async function numberOf(tx: Tx, incident: string, evidence: string, compartment: string | null): Promise<void> {
  const { rows } = await sql<{ number: number }>`select number from home.incidents_evidence where id = ${evidence}
    and ${beyondSight('the number of an item the lead moves')}`.execute(tx)
  const before = rows[0]?.number ?? 0
  // Out of the way first: it must not count among those it comes to.
  await sql`update home.incidents_evidence set number = -1 where id = ${evidence}`.execute(tx)
  const number = await nextEvidence(tx, incident, compartment)
  await sql`update home.incidents_evidence set number = ${number} where id = ${evidence}`.execute(tx)
  await sql`update home.incidents_entry
    set compartment = ${compartment}, facts = jsonb_set(facts, '{number}', to_jsonb(${number}::integer))
    where incident = ${incident} and kind = any(${linesOfEvidence}) and (facts->>'number')::integer = ${before}`.execute(
    tx,
  )
}
