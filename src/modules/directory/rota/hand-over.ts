import type { Selectable } from 'kysely'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { DutySheet } from './duty-sheet.ts'
import '../tables.ts'

export type HandOver = Selectable<Tables['home.directory_hand_over']>

type Needed = Pick<Services, 'db' | 'clock' | 'people' | 'notices'>

/**
 * Offers a duty to somebody with a note. The giver keeps the duty until the other has taken it. The same id again
 * changes nothing.
 *
 * @throws Refusal `directory-not-on-duty` unless the giver is on duty in that shift now.
 * @throws Refusal `directory-handed-over-already` while another hand-over of it waits.
 */
export async function giveDuty(
  { db, clock, people, notices }: Needed,
  by: Viewer['person'],
  given: { id: string; shift: string; to: string; note: string; sheet: DutySheet },
): Promise<void> {
  const to = await people.find(given.to)
  if (!to) throw InvalidInput.at('to', 'directory.rota.invalid.no-such-person')
  if (to.id === by.id) throw InvalidInput.at('to', 'directory.rota.invalid.to-oneself')
  await db.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom('home.directory_hand_over')
      .select('id')
      .where('id', '=', given.id)
      .executeTakeFirst()
    if (known) return
    const now = clock.now()
    const shift = await tx
      .selectFrom('home.directory_shift')
      .select('id')
      .where('id', '=', given.shift)
      .where('from_at', '<=', now)
      .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', now)]))
      .where('ended_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!shift) throw new Refusal('directory-not-on-duty')
    const kept = await tx
      .insertInto('home.directory_hand_over')
      .values({
        id: given.id,
        shift: given.shift,
        from_person: by.id,
        from_name: by.name,
        to_person: to.id,
        to_name: to.name,
        note: given.note,
        given_at: now,
        taken_at: null,
        withdrawn_at: null,
        sheet: JSON.stringify(given.sheet),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!kept) throw new Refusal('directory-handed-over-already')
    await notices.send(tx, {
      key: `rota-given:${given.id}:${to.id}`,
      person: to.id,
      message: 'directory.rota.notice.given',
      facts: { name: by.name },
      link: `/directory/rota/hand-overs/${given.id}`,
      urgency: 'normal',
    })
  })
}

/**
 * Takes a duty that was offered: the giver's ends and the taker's begins in one step, for as long as it was planned.
 * Twice is once.
 *
 * @throws Refusal `not-found` unless it was offered to this person
 * @throws Refusal `directory-hand-over-withdrawn` if the giver took it back, or the duty was ended, before
 */
export async function takeDuty({ db, clock, notices }: Needed, by: Viewer['person'], id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const offer = await tx
      .selectFrom('home.directory_hand_over')
      .selectAll()
      .where('id', '=', id)
      .where('to_person', '=', by.id)
      .forUpdate()
      .executeTakeFirst()
    if (!offer) throw new Refusal('not-found')
    if (offer.taken_at !== null) return
    if (offer.withdrawn_at !== null) throw new Refusal('directory-hand-over-withdrawn')
    const now = clock.now()
    const shift = await tx
      .updateTable('home.directory_shift')
      .set({ ended_at: now, ended_why: 'handed-over' })
      .where('id', '=', offer.shift)
      .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_why', '=', 'left')]))
      .returning(['rank', 'until_at'])
      .executeTakeFirst()
    if (!shift) throw new Refusal('directory-hand-over-withdrawn')
    await tx.updateTable('home.directory_hand_over').set({ taken_at: now }).where('id', '=', id).execute()
    if (shift.until_at === null || shift.until_at > now)
      await tx
        .insertInto('home.directory_shift')
        .values({
          id,
          person: by.id,
          person_name: by.name,
          rank: shift.rank,
          from_at: now,
          until_at: shift.until_at,
          ended_at: null,
          ended_why: null,
        })
        .execute()
    await notices.settle(tx, `rota-given:${id}`)
    await notices.send(tx, {
      key: `rota-taken:${id}:${offer.from_person}`,
      person: offer.from_person,
      message: 'directory.rota.notice.taken',
      facts: { name: by.name },
      link: '/directory/rota',
      urgency: 'normal',
    })
  })
}

/** The giver keeps the duty after all. */
export async function withdrawHandOver(
  { db, clock, notices }: Needed,
  by: Viewer['person'],
  id: string,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const withdrawn = await tx
      .updateTable('home.directory_hand_over')
      .set({ withdrawn_at: clock.now() })
      .where('id', '=', id)
      .where('from_person', '=', by.id)
      .where('taken_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (withdrawn) await notices.settle(tx, `rota-given:${id}`)
  })
}

export async function findHandOver({ db }: Pick<Services, 'db'>, id: string): Promise<HandOver | undefined> {
  return db.selectFrom('home.directory_hand_over').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Whoever gave it or was to take it. */
export const concerns = ({ from_person, to_person }: HandOver, { person }: Pick<Viewer, 'person'>): boolean =>
  from_person === person.id || to_person === person.id

/** So many stand on the rota. */
export const listedOnRota = 10

/** The newest hand-overs, newest first; `waiting` those not taken yet. */
export async function listHandOvers(
  { db }: Pick<Services, 'db'>,
  { waiting, limit = listedOnRota }: { waiting?: boolean; limit?: number } = {},
): Promise<HandOver[]> {
  let query = db.selectFrom('home.directory_hand_over').selectAll().where('withdrawn_at', 'is', null)
  if (waiting) query = query.where('taken_at', 'is', null)
  return query.orderBy('given_at', 'desc').limit(limit).execute()
}
