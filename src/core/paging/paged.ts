import type { Reader } from '../storage/types.ts'
import type { PagedNotice } from './types.ts'
import './tables.ts'

/** Whom a duty paged and by what, oldest first: every rung, every person, every attempt. */
export async function pagesOfClock(db: Reader, clock: string): Promise<PagedNotice[]> {
  const notices = await db
    .selectFrom('home.notice as n')
    .leftJoin('home.mail as m', 'm.notice', 'n.id')
    .select(['n.id', 'n.key', 'n.person', 'n.at', 'm.state', 'm.sent_at'])
    .where((eb) => eb(eb.fn('starts_with', ['n.key', eb.val(`clock:${clock}:`)]), '=', true))
    .where('n.urgency', '=', 'page')
    .orderBy('n.at')
    .limit(200)
    .execute()
  const ids = notices.map(({ id }) => id)
  const tries =
    ids.length === 0
      ? []
      : await db.selectFrom('home.paging_try').selectAll().where('notice', 'in', ids).orderBy('begun_at').execute()
  return notices.map(({ id, key, person, at, state, sent_at }) => ({
    id,
    key,
    person,
    at,
    ...(state !== null && { mail: { state, at: sent_at } }),
    tries: tries
      .filter((one) => one.notice === id)
      .map(({ begun_at: begunAt, last_at: lastAt, ...rest }) => ({ ...rest, begunAt, lastAt })),
  }))
}

/** A page of a person, for the address in a notification. */
export function findPage(db: Reader, { id, person }: { id: string; person: string }) {
  return db
    .selectFrom('home.notice')
    .select(['id', 'key', 'link'])
    .where('id', '=', id)
    .where('person', '=', person)
    .where('urgency', '=', 'page')
    .executeTakeFirst()
}
