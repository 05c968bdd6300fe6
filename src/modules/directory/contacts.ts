import type { Selectable } from 'kysely'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import { isZone, zoneOr } from '../../text/index.ts'
import type { CalendarDay, ContactText } from './acts.ts'
import type { OfficeCalendar, Span } from './office-hours.ts'
import './tables.ts'

export type ContactRow = Selectable<Tables['view.directory_contact']>
type AnnouncedRow = Selectable<Tables['view.directory_announced']>

export interface Contact extends ContactRow {
  /** When this entry was put on the record, ms. */
  since: number
  /** When the party last said that it is right: on the record, or confirmed since; ms. */
  confirmed: number
  /** The confirming act, where there was one. */
  confirmedBy?: string
  /** What the entry says its zone is, where no list knows it; hours are read as UTC then. */
  unknownZone?: string
  /** Undefined where the reader may not see it or it was erased. */
  text?: ContactText
  /** The days of its party that are not as usual, as published in the same directory. */
  calendar: OfficeCalendar
  /** What is on the record and in force later. */
  announced?: { inForceAt: number; hash: string; removal: boolean; entry: Omit<Contact, 'announced'> }
}

/** What a contact promised, without a word of who it is. */
export type Promised = Omit<Contact, 'text'>

/**
 * Contacts in force at `at` (ms, now if not said) in the directories we are a member of; one query each for rows,
 * announced changes, confirmations, calendars and texts.
 */
export async function listContacts(
  services: Services,
  viewer: Viewer,
  party?: string,
  at = services.clock.now(),
): Promise<Contact[]> {
  const entries = await readEntries(services, party)
  const hashes = [...entries.base, ...entries.announced].map((row) => row.hash)
  return inForce(entries, await revealedContents<unknown, ContactText>(services, viewer, hashes), at)
}

type Asked = Pick<Services, 'db' | 'ledger' | 'clock'>

/** The same without a word of who they are: kinds, zones and hours, for what the node does by itself. */
export async function listPromises(services: Asked, party?: string): Promise<Promised[]> {
  return inForce(await readEntries(services, party), new Map(), services.clock.now())
}

async function readEntries(services: Asked, party?: string) {
  const [base, announced, confirmations, calendars] = await Promise.all([
    standingRows(services, party),
    announcedRows(services, party),
    confirmationsOf(services, party),
    calendarsOf(services, party),
  ])
  return { base, announced, confirmations, calendars, ahead: await scenarioAhead(services, announced) }
}

function inForce(
  { base, announced, confirmations, calendars, ahead }: Awaited<ReturnType<typeof readEntries>>,
  texts: ReadonlyMap<string, { text?: ContactText }>,
  at: number,
): Contact[] {
  const changes = Map.groupBy(announced, keyOf)
  const entryOf = (row: (ContactRow | AnnouncedRow) & { since: number }): Omit<Contact, 'announced'> => {
    const confirmation = confirmations.get(keyOf(row))
    const isConfirmed = confirmation?.nomination === row.hash
    const { in_force_at: _, removal: __, ...entry } = { in_force_at: 0, removal: false, removed_by: null, ...row }
    return {
      ...entry,
      // What another party wrote may name no zone at all.
      zone: zoneOr(row.zone),
      ...(!isZone(row.zone) && { unknownZone: row.zone }),
      confirmed: isConfirmed ? Math.max(row.since, confirmation.at) : row.since,
      ...(isConfirmed && { confirmedBy: confirmation.hash }),
      text: texts.get(row.hash)?.text,
      calendar: calendars.get(`${row.space} ${row.party}`) ?? new Map(),
    }
  }
  return base.flatMap((row): Contact[] => {
    const own = changes.get(keyOf(row)) ?? []
    const then = at + (ahead.get(row.space) ?? 0)
    const current = own.findLast((one) => one.in_force_at <= then)
    if (current?.removal) return []
    const next = own.find((one) => one.in_force_at > then)
    return [
      {
        ...entryOf(current ?? row),
        ...(next && {
          announced: {
            inForceAt: next.in_force_at - (ahead.get(row.space) ?? 0),
            hash: next.hash,
            removal: next.removal,
            entry: entryOf(next),
          },
        }),
      },
    ]
  })
}

const keyOf = ({ space, party, contact }: Pick<ContactRow, 'space' | 'party' | 'contact'>) =>
  `${space} ${party} ${contact}`

async function standingRows({ db }: Pick<Services, 'db'>, party?: string): Promise<(ContactRow & { since: number })[]> {
  let query = db
    .selectFrom('view.directory_contact as c')
    .innerJoin('log.entry as e', (on) => on.onRef('e.space', '=', 'c.space').onRef('e.idx', '=', 'c.idx'))
    .selectAll('c')
    .select('e.time as since')
    .where('removed_by', 'is', null)
  if (party !== undefined) query = query.where('c.party', '=', party)
  return query.orderBy('c.party').orderBy('c.kind').orderBy('c.contact').limit(2_000).execute()
}

async function announcedRows(
  { db }: Pick<Services, 'db'>,
  party?: string,
): Promise<(AnnouncedRow & { since: number })[]> {
  let query = db
    .selectFrom('view.directory_announced as c')
    .innerJoin('log.entry as e', (on) => on.onRef('e.space', '=', 'c.space').onRef('e.idx', '=', 'c.idx'))
    .selectAll('c')
    .select('e.time as since')
  if (party !== undefined) query = query.where('c.party', '=', party)
  return query.orderBy('c.idx').limit(2_000).execute()
}

/** How much the clock of a drill is ahead, ms, of the directories in which something is announced. */
async function scenarioAhead({ ledger, clock }: Asked, announced: AnnouncedRow[]): Promise<Map<string, number>> {
  const ids = [...new Set(announced.map((row) => row.space))]
  const now = clock.now()
  return new Map(await Promise.all(ids.map(async (id) => [id, (await ledger.scenarioNow(id)) - now] as const)))
}

async function confirmationsOf({ db }: Pick<Services, 'db'>, party?: string) {
  let query = db.selectFrom('view.directory_confirmation').selectAll()
  if (party !== undefined) query = query.where('party', '=', party)
  return new Map((await query.execute()).map((row) => [keyOf(row), row]))
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
async function calendarsOf({ db }: Pick<Services, 'db'>, party?: string): Promise<Map<string, OfficeCalendar>> {
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
