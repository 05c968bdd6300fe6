import { idOf } from '../id-of.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { json } from '../as-json.ts'
import type { Listed } from './listed-contact.ts'
import '../tables.ts'

/** A contact of another party as somebody told us of it. */
export interface Told {
  id: string
  contact: Listed
  /** Who told us, in our words. */
  toldBy: string
  notedBy: string
  notedAt: number
}

/** The newest word on each entry that was not forgotten, of one party or all. */
export async function listTold({ db }: Pick<Services, 'db'>, party?: string): Promise<Told[]> {
  let query = db.selectFrom('home.directory_told').distinctOn(['party', 'entry']).selectAll()
  if (party !== undefined) query = query.where('party', '=', party)
  const rows = await query.orderBy('party').orderBy('entry').orderBy('number', 'desc').limit(5_000).execute()
  return rows
    .filter((row) => row.forgotten_at === null)
    .map((row) => ({
      id: row.id,
      contact: row.contact,
      toldBy: row.told_by,
      notedBy: row.noted_by_name,
      notedAt: row.noted_at,
    }))
}

/** Keeps what a list says of other parties; the same list kept again (`id`) changes nothing. */
export async function keepTold(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  by: Viewer['person'],
  told: { id: string; toldBy: string; contacts: readonly { entry: string; contact: Listed }[] },
): Promise<void> {
  if (told.contacts.length === 0) return
  const rows = told.contacts.map(({ entry, contact }) => ({
    id: idOf(`${told.id} ${entry}`),
    party: contact.party,
    entry,
    contact: json(contact),
    told_by: told.toldBy,
    noted_by: by.id,
    noted_by_name: by.name,
    noted_at: clock.now(),
    forgotten_at: null,
  }))
  await db.transaction().execute(async (tx) => {
    for (let at = 0; at < rows.length; at += 500)
      await tx
        .insertInto('home.directory_told')
        .values(rows.slice(at, at + 500))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
  })
}

/** What we were told of an entry is no longer shown. */
export async function forgetTold({ db, clock }: Pick<Services, 'db' | 'clock'>, id: string): Promise<void> {
  await db.updateTable('home.directory_told').set({ forgotten_at: clock.now() }).where('id', '=', id).execute()
}
