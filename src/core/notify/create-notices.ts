import { newId } from '../../protocol/index.ts'
import type { Notices, Services } from '../module/types.ts'
import type { Tx } from '../storage/types.ts'

/** What notices need of a node. */
export type NoticeServices = Pick<Services, 'party' | 'db' | 'clock' | 'log' | 'settings' | 'jobs' | 'live' | 'people'>

type Notice = Parameters<Notices['send']>[1]

/** Name of the job that sends one mail. */
export const sendMailTask = 'notify.send-mail'

/** In-app notices, each followed by a mail that says only that something waits, how urgent, and where. */
export function createNotices(services: NoticeServices): Notices {
  return {
    send: (tx, notice) => send(services, tx, notice),
    unread: (person) => unread(services, person),
    markRead: (person, ids) => markRead(services, person, ids),
    settle: (tx, key) => settle(services, tx, key),
  }
}

async function send(services: NoticeServices, tx: Tx, notice: Notice): Promise<void> {
  const id = newId()
  const now = services.clock.now()
  const inserted = await tx
    .insertInto('home.notice')
    .values({
      id,
      key: notice.key,
      person: notice.person,
      message: notice.message,
      facts: JSON.stringify(notice.facts ?? {}),
      link: notice.link,
      urgency: notice.urgency,
      drill: notice.drill ?? null,
      at: now,
      read_at: null,
    })
    .onConflict((conflict) => conflict.columns(['person', 'key']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) return
  const mail = newId()
  await tx
    .insertInto('home.mail')
    .values({
      id: mail,
      notice: id,
      person: notice.person,
      state: 'queued',
      attempts: 0,
      last_error: null,
      sent_at: null,
      went_to: null,
      queued_at: now,
    })
    .execute()
  await services.jobs.enqueue(tx, sendMailTask, { mail }, { key: `${sendMailTask}:${mail}:0` })
  // A hint before the commit only makes a page look too early; the page looks again at the next one.
  services.live.publish(`today:${notice.person}`)
}

async function unread({ db }: NoticeServices, person: string) {
  return db
    .selectFrom('home.notice')
    .select(['id', 'message', 'facts', 'link', 'at', 'urgency', 'drill'])
    .where('person', '=', person)
    .where('read_at', 'is', null)
    .orderBy((e) => e.case().when('urgency', '=', 'page').then(0).else(1).end())
    .orderBy('at', 'desc')
    .limit(200)
    .execute()
}

async function markRead({ db, clock }: NoticeServices, person: string, ids?: string[]): Promise<void> {
  let query = db
    .updateTable('home.notice')
    .set({ read_at: clock.now() })
    .where('person', '=', person)
    .where('read_at', 'is', null)
  if (ids) query = query.where('id', 'in', ids.length > 0 ? ids : [''])
  await query.execute()
}

async function settle({ clock, live }: NoticeServices, tx: Tx, key: string): Promise<void> {
  const done = await tx
    .updateTable('home.notice')
    .set({ read_at: clock.now() })
    .where('read_at', 'is', null)
    .where((eb) => eb(eb.fn('starts_with', ['key', eb.val(`${key}:`)]), '=', true))
    .returning('person')
    .execute()
  for (const person of new Set(done.map((row) => row.person))) live.publish(`today:${person}`)
}
