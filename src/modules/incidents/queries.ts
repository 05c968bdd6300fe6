import type { Selectable } from 'kysely'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { Reader } from '../../core/storage/types.ts'
import { inSight } from './need-to-know/in-sight.ts'
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

/** Contests of our acts that nobody has taken up in an incident this person may know of. */
export function listOpenContests(services: Services, viewer: Viewer): Promise<ContestRow[]> {
  return services.db
    .selectFrom('view.incidents_contest')
    .selectAll()
    .where('about_author', '=', services.party)
    .where('hash', 'not in', (eb) =>
      eb.selectFrom('home.incidents_taken_up').select('act').where(inSight(services, viewer)),
    )
    .orderBy('at')
    .limit(200)
    .execute()
}

/** In which incident in sight a contest was taken up: contest hash → incident. */
export async function listTakenUp(services: Services, viewer: Viewer, hashes: string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('home.incidents_taken_up')
    .select(['act', 'incident'])
    .where('act', 'in', hashes)
    .where(inSight(services, viewer))
    .execute()
  return new Map(rows.map((row) => [row.act, row.incident]))
}

/** Every request to preserve data on the record here, newest first, 500 at most. */
export function listAllPreservations(db: Reader): Promise<PreservationRow[]> {
  return db.selectFrom('view.incidents_preservation').selectAll().orderBy('asked_at', 'desc').limit(500).execute()
}
