import type { Selectable } from 'kysely'
import type { Tables } from '../../core/storage/tables.ts'
import type { Reader } from '../../core/storage/types.ts'
import './tables.ts'

export type CallRow = Selectable<Tables['view.calls_call']>

const mostListed = 100

export function findCall(db: Reader, hash: string): Promise<CallRow | undefined> {
  return db.selectFrom('view.calls_call').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export async function listCalls(db: Reader, hashes: readonly string[]): Promise<Map<string, CallRow>> {
  if (hashes.length === 0) return new Map()
  const rows = await db.selectFrom('view.calls_call').selectAll().where('hash', 'in', hashes).execute()
  return new Map(rows.map((row) => [row.hash, row]))
}

/** Calls about one act in one space, oldest first. */
export function callsAbout(db: Reader, space: string, about: string): Promise<CallRow[]> {
  return db
    .selectFrom('view.calls_call')
    .selectAll()
    .where('space', '=', space)
    .where('about', '=', about)
    .orderBy('idx')
    .limit(mostListed)
    .execute()
}

/** Calls that another side logged with us and that we have not answered, oldest first. */
export function unansweredCalls(db: Reader, party: string): Promise<CallRow[]> {
  return db
    .selectFrom('view.calls_call')
    .selectAll()
    .where('author', '!=', party)
    .where((eb) => eb.or([eb('caller', '=', party), eb('called', '=', party)]))
    .where('answer', 'is', null)
    .orderBy('at')
    .limit(mostListed)
    .execute()
}

/** Calls about these acts, oldest first, by act. */
export async function listCallsAbout(db: Reader, acts: readonly string[]): Promise<Map<string, CallRow[]>> {
  if (acts.length === 0) return new Map()
  const rows = await db.selectFrom('view.calls_call').selectAll().where('about', 'in', acts).orderBy('idx').execute()
  return Map.groupBy(rows, ({ about }) => about)
}
