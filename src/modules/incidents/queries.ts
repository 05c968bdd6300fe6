import type { Selectable } from 'kysely'
import type { Tables } from '../../core/storage/tables.ts'
import type { Reader } from '../../core/storage/types.ts'
import './tables.ts'

export type ContestRow = Selectable<Tables['view.incidents_contest']>
export type PreservationRow = Selectable<Tables['view.incidents_preservation']>

/** Requests for preservation by act hash. */
export async function listPreservations(db: Reader, hashes: string[]): Promise<Map<string, PreservationRow>> {
  if (hashes.length === 0) return new Map()
  const rows = await db.selectFrom('view.incidents_preservation').selectAll().where('hash', 'in', hashes).execute()
  return new Map(rows.map((row) => [row.hash, row]))
}

/** Contests by their own act hash. */
export async function listContests(db: Reader, hashes: string[]): Promise<Map<string, ContestRow>> {
  if (hashes.length === 0) return new Map()
  const rows = await db.selectFrom('view.incidents_contest').selectAll().where('hash', 'in', hashes).execute()
  return new Map(rows.map((row) => [row.hash, row]))
}

/** Requests for preservation that nobody confirmed, soonest deletion first. */
export function listOpenPreservations(db: Reader): Promise<PreservationRow[]> {
  return db
    .selectFrom('view.incidents_preservation')
    .selectAll()
    .where('confirmed_by', 'is', null)
    .orderBy('deletion_date')
    .limit(200)
    .execute()
}

/** Contests of our acts that nobody at home has taken up. */
export function listOpenContests(db: Reader, party: string): Promise<ContestRow[]> {
  return db
    .selectFrom('view.incidents_contest')
    .selectAll()
    .where('about_author', '=', party)
    .where('hash', 'not in', (eb) => eb.selectFrom('home.incidents_taken_up').select('act'))
    .orderBy('at')
    .limit(200)
    .execute()
}

/** In which incident a contest was taken up: contest hash → incident. */
export async function listTakenUp(db: Reader, hashes: string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('home.incidents_taken_up')
    .select(['act', 'incident'])
    .where('act', 'in', hashes)
    .execute()
  return new Map(rows.map((row) => [row.act, row.incident]))
}
