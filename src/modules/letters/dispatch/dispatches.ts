import type { Selectable } from 'kysely'
import { audit } from '../../../core/auth/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader } from '../../../core/storage/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import '../tables.ts'

export type Dispatch = Selectable<Tables['home.letters_dispatch']>
/** Name of the job that gives one letter to the mail server. */
export const sendLetterTask = 'letters.send'

export function listDispatches(db: Reader, act: string): Promise<Dispatch[]> {
  return db
    .selectFrom('home.letters_dispatch')
    .selectAll()
    .where('act', '=', act)
    .orderBy('noted_at')
    .orderBy('id')
    .limit(100)
    .execute()
}

const fresh = {
  address: null,
  handed_by: null,
  handed_to: null,
  on_date: null,
  sheet_hash: null,
  attempts: 0,
  last_error: null,
}

/**
 * Queues a letter for the mail server. The same id again changes nothing.
 *
 * @throws Refusal `letters-on-its-way` while it is with the server, sent, or nobody knows
 */
export async function queueMail(
  { db, clock, jobs }: Services,
  by: Viewer['person'],
  { id, act, address }: { id: string; act: string; address: string },
): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('home.letters_dispatch')
      .values({
        ...fresh,
        ...{ id, act, address, way: 'mail', state: 'queued', noted_by: by.id, noted_by_name: by.name },
        noted_at: now,
        changed_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added) {
      if (await tx.selectFrom('home.letters_dispatch').select('id').where('id', '=', id).executeTakeFirst()) return
      throw new Refusal('letters-on-its-way')
    }
    await audit(tx, { at: now, person: by.id, what: 'letter-mailed', about: act })
    await jobs.enqueue(tx, sendLetterTask, { dispatch: id }, { key: `${sendLetterTask}:${id}:0` })
  })
}

/** Notes that a letter was handed over: who gave it to whom, on which day. The same id again changes nothing. */
export async function noteHandedOver(
  { db, clock }: Services,
  by: Viewer['person'],
  { id, act, handedBy, handedTo, on }: { id: string; act: string; handedBy: string; handedTo: string; on: string },
): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('home.letters_dispatch')
      .values({
        ...fresh,
        ...{ id, act, way: 'hand', state: 'handed', handed_by: handedBy, handed_to: handedTo, on_date: on },
        ...{ noted_by: by.id, noted_by_name: by.name, noted_at: now, changed_at: now },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added) await audit(tx, { at: now, person: by.id, what: 'letter-handed-over', about: act })
  })
}

/** Sends a letter once more that failed, came back, or of which nobody knows; a second click finds it queued. */
export async function sendAgain({ db, clock, jobs }: Services, by: Viewer['person'], id: string): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (tx) => {
    const asked = await tx.selectFrom('home.letters_dispatch').select('act').where('id', '=', id).executeTakeFirst()
    const other = await tx
      .selectFrom('home.letters_dispatch')
      .select('id')
      .where('act', '=', asked?.act ?? '')
      .where('id', '!=', id)
      .where('way', '=', 'mail')
      .where('state', 'in', ['queued', 'sending', 'sent', 'unsure'])
      .executeTakeFirst()
    if (other) throw new Refusal('letters-on-its-way')
    const row = await tx
      .updateTable('home.letters_dispatch')
      .set({ state: 'queued', changed_at: now })
      .where('id', '=', id)
      .where('way', '=', 'mail')
      .where('state', 'in', ['failed', 'unsure', 'bounced'])
      .returning(['act', 'attempts'])
      .executeTakeFirst()
    if (!row) return
    await audit(tx, { at: now, person: by.id, what: 'letter-mailed', about: row.act })
    await jobs.enqueue(tx, sendLetterTask, { dispatch: id }, { key: `${sendLetterTask}:${id}:${row.attempts}` })
  })
}

/** Notes that a mail came back, in the words of the server that returned it. */
export async function noteBounced({ db, clock }: Services, id: string, reason: string): Promise<void> {
  await db
    .updateTable('home.letters_dispatch')
    .set({ state: 'bounced', last_error: reason, changed_at: clock.now() })
    .where('id', '=', id)
    .where('state', 'in', ['sent', 'unsure'])
    .execute()
}
