import type { Selectable } from 'kysely'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import { zoneOr } from '../../text/index.ts'
import type { CalendarDay, ContactText } from './acts.ts'
import type { OfficeCalendar, Span } from './office-hours.ts'
import './tables.ts'

export type ContactRow = Selectable<Tables['view.directory_contact']>

export interface Contact extends ContactRow {
  /** When this entry was put on the record, ms. */
  since: number
  /** Undefined where the reader may not see it or it was erased. */
  text?: ContactText
  /** The days of its party that are not as usual, as published in the same directory. */
  calendar: OfficeCalendar
}

/** Contacts that stand in the directories we are a member of; one query each for rows, calendars and texts. */
export async function listContacts(services: Services, viewer: Viewer, party?: string): Promise<Contact[]> {
  let query = services.db
    .selectFrom('view.directory_contact as c')
    .innerJoin('log.entry as e', (on) => on.onRef('e.space', '=', 'c.space').onRef('e.idx', '=', 'c.idx'))
    .selectAll('c')
    .select('e.time as since')
    .where('removed_by', 'is', null)
  if (party !== undefined) query = query.where('c.party', '=', party)
  const rows = await query.orderBy('c.party').orderBy('c.kind').orderBy('c.contact').limit(2_000).execute()
  const [contents, calendars] = await Promise.all([
    revealedContents<unknown, ContactText>(
      services,
      viewer,
      rows.map((row) => row.hash),
    ),
    calendarsOf(services, party),
  ])
  return rows.map((row) => ({
    ...row,
    // What another party wrote may name no zone at all.
    zone: zoneOr(row.zone),
    text: contents.get(row.hash)?.text,
    calendar: calendars.get(`${row.space} ${row.party}`) ?? new Map(),
  }))
}

/** The days that a party published as not usual in a directory; none where it published none. */
export async function calendarDays({ db }: Pick<Services, 'db'>, space: string, party: string): Promise<CalendarDay[]> {
  const row = await db
    .selectFrom('view.directory_calendar')
    .select('days')
    .where('space', '=', space)
    .where('party', '=', party)
    .executeTakeFirst()
  return row?.days ?? []
}

/** The newest calendar of each party, or of one, by space and party. */
async function calendarsOf({ db }: Services, party?: string): Promise<Map<string, OfficeCalendar>> {
  let query = db.selectFrom('view.directory_calendar').select(['space', 'party', 'days'])
  if (party !== undefined) query = query.where('party', '=', party)
  const rows = await query.execute()
  return new Map(rows.map(({ space, party: of, days }) => [`${space} ${of}`, calendarOf(days)]))
}

export function calendarOf(days: readonly CalendarDay[]): OfficeCalendar {
  return new Map(
    days.map((day): [string, Span | 'closed'] => [
      day.date,
      'from' in day ? { from: day.from, until: day.until } : 'closed',
    ]),
  )
}
