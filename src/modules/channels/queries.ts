import type { Selectable } from 'kysely'
import type { Reader } from '../../core/storage/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import './tables.ts'

export type NoteRow = Selectable<Tables['view.channels_note']>

/** The note, or undefined when it is not on the record here or was without effect. */
export function findNote(db: Reader, hash: string): Promise<NoteRow | undefined> {
  return db.selectFrom('view.channels_note').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export async function listNotes(db: Reader, hashes: string[]): Promise<Map<string, NoteRow>> {
  if (hashes.length === 0) return new Map()
  const rows = await db.selectFrom('view.channels_note').selectAll().where('hash', 'in', hashes).execute()
  return new Map(rows.map((row) => [row.hash, row]))
}

/** Notes to us that nobody acknowledged, oldest first. */
export function listUnacknowledged(db: Reader, party: string): Promise<NoteRow[]> {
  return db
    .selectFrom('view.channels_note')
    .selectAll()
    .where('addressee', '=', party)
    .where('acknowledged_by', 'is', null)
    .where('answered_by', 'is', null)
    .where('ended', 'is', null)
    .orderBy('sent_at')
    .limit(200)
    .execute()
}

/** Our own notes that wait for the other side's acknowledgement, oldest first. */
export function listAwaitingAcknowledgement(db: Reader, party: string): Promise<NoteRow[]> {
  return db
    .selectFrom('view.channels_note')
    .selectAll()
    .where('author', '=', party)
    .where('acknowledged_by', 'is', null)
    .where('answered_by', 'is', null)
    .where('ended', 'is', null)
    .orderBy('sent_at')
    .limit(200)
    .execute()
}

export interface MinutesState {
  hash: string
  space: string
  author: string
  confirmedBy: { party: string; at: number }[]
}

export async function listMinutes(db: Reader, hashes: string[]): Promise<Map<string, MinutesState>> {
  if (hashes.length === 0) return new Map()
  const minutes = await db
    .selectFrom('view.channels_minutes')
    .select(['hash', 'space', 'author'])
    .where('hash', 'in', hashes)
    .execute()
  const confirmations = await db
    .selectFrom('view.channels_minutes_confirmation')
    .select(['minutes', 'party', 'at'])
    .where('minutes', 'in', hashes)
    .orderBy('at')
    .execute()
  return new Map(
    minutes.map((row) => [row.hash, { ...row, confirmedBy: confirmations.filter((one) => one.minutes === row.hash) }]),
  )
}

/** Minutes that our party has not confirmed yet. */
export function listUnconfirmedMinutes(db: Reader, party: string) {
  return db
    .selectFrom('view.channels_minutes as m')
    .selectAll('m')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('view.channels_minutes_confirmation as c')
            .select('c.hash')
            .whereRef('c.space', '=', 'm.space')
            .whereRef('c.minutes', '=', 'm.hash')
            .where('c.party', '=', party),
        ),
      ),
    )
    .orderBy('m.idx')
    .limit(200)
    .execute()
}

export function findMinutes(db: Reader, hash: string) {
  return db.selectFrom('view.channels_minutes').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export function findCheck(db: Reader, hash: string) {
  return db.selectFrom('view.channels_check').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export function findOffer(db: Reader, hash: string) {
  return db.selectFrom('view.channels_offer').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export async function listChecks(db: Reader, hashes: string[]) {
  if (hashes.length === 0) return new Map()
  const rows = await db.selectFrom('view.channels_check').selectAll().where('hash', 'in', hashes).execute()
  return new Map(rows.map((row) => [row.hash, row]))
}

export async function listOffers(db: Reader, hashes: string[]) {
  if (hashes.length === 0) return new Map()
  const rows = await db.selectFrom('view.channels_offer').selectAll().where('hash', 'in', hashes).execute()
  return new Map(rows.map((row) => [row.hash, row]))
}

/** Checks called by others in spaces of ours that nobody answered. */
export function listUnansweredChecks(db: Reader, party: string) {
  return db
    .selectFrom('view.channels_check')
    .selectAll()
    .where('author', '!=', party)
    .where('answered_by', 'is', null)
    .orderBy('called_at')
    .limit(200)
    .execute()
}

/** Offers by others that nobody accepted. */
export function listOpenOffers(db: Reader, party: string) {
  return db
    .selectFrom('view.channels_offer')
    .selectAll()
    .where('author', '!=', party)
    .where('accepted_by', 'is', null)
    .orderBy('idx')
    .limit(200)
    .execute()
}
