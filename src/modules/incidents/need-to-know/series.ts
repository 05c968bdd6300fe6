import type { Tx } from '../../../core/storage/types.ts'
import { beyondSight } from './in-sight.ts'

/** One change at a time per incident; the caller was given the incident. */
export async function lockIncident(tx: Tx, incident: string): Promise<void> {
  await tx
    .selectFrom('home.incidents_incident')
    .select('id')
    .where('id', '=', incident)
    .where(beyondSight('a lock, of an incident the caller was given'))
    .forUpdate()
    .execute()
}

/** The next number of the series of a year; whoever asks holds the lock of the series. */
export async function nextInSeries(tx: Tx, year: number): Promise<number> {
  const last = await tx
    .selectFrom('home.incidents_incident')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('year', '=', year)
    .where(beyondSight('numbers run without gaps'))
    .executeTakeFirst()
  return (last?.number ?? 0) + 1
}
