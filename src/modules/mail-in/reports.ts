import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { ReportState, TakenUp } from './tables.ts'
import './tables.ts'

/** Who sees what came by mail: a desk of the house. */
export const deskPower = 'incidents.reports:manage' as const

/** A report as the list shows it. */
export interface ReportLine {
  id: string
  number: number
  from: string
  subject: string
  receivedAt: number
  copies: number
  isAutomatic: boolean
  state: ReportState
}

export interface Report extends ReportLine {
  to: string
  date: string
  messageId: string
  words: string
  isCut: boolean
  isFromHtml: boolean
  serverSays: string
  isUnreadable: boolean
  sha256: string
  size: number
  incident?: string
  settledBy?: string
  settledAt?: number
  why?: string
  files: { place: number; name: string; media: string; size: number }[]
}

/** @throws Refusal `not-permitted` */
function requireDesk(viewer: Viewer): void {
  if (!viewer.may(deskPower)) throw new Refusal('not-permitted')
}

/** What programs sent by themselves stands behind what people wrote. */
export type ReportList = 'waiting' | 'automatic' | 'settled'
export const reportsPerPage = 50

export async function listReports(
  { db }: Pick<Services, 'db'>,
  viewer: Viewer,
  list: ReportList,
  { from = 0, limit = reportsPerPage }: { from?: number; limit?: number } = {},
): Promise<ReportLine[]> {
  requireDesk(viewer)
  const rows = await db
    .selectFrom('home.mail_in_report')
    .select(['id', 'ordinal', 'from_says', 'subject', 'received_at', 'copies', 'automatic', 'state'])
    .where('state', list === 'settled' ? 'not in' : 'in', ['waiting', 'taking'])
    .$if(list !== 'settled', (query) => query.where('automatic', '=', list === 'automatic'))
    .orderBy('ordinal', list === 'settled' ? 'desc' : 'asc')
    .offset(from)
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    number: row.ordinal,
    from: row.from_says,
    subject: row.subject,
    receivedAt: row.received_at,
    copies: row.copies,
    isAutomatic: row.automatic,
    state: row.state,
  }))
}

/** @throws Refusal `mail-in.not-found` */
export async function getReport({ db }: Pick<Services, 'db'>, viewer: Viewer, id: string): Promise<Report> {
  requireDesk(viewer)
  const [row, files] = await Promise.all([
    db
      .selectFrom('home.mail_in_report')
      .select(['id', 'ordinal', 'from_says', 'to_says', 'date_says', 'subject', 'received_at', 'copies', 'automatic'])
      .select(['message_id', 'words', 'words_cut', 'from_html', 'server_says', 'trouble', 'sha256', 'size', 'state'])
      .select(['incident', 'settled_by', 'settled_at', 'why'])
      .where('id', '=', id)
      .executeTakeFirst(),
    db
      .selectFrom('home.mail_in_file')
      .select(['place', 'name', 'media', (eb) => eb.fn<number>('length', ['bytes']).as('size')])
      .where('report', '=', id)
      .orderBy('place')
      .execute(),
  ])
  if (!row) throw new Refusal('mail-in.not-found')
  return {
    id: row.id,
    number: row.ordinal,
    from: row.from_says,
    to: row.to_says,
    date: row.date_says,
    subject: row.subject,
    receivedAt: row.received_at,
    copies: row.copies,
    isAutomatic: row.automatic,
    messageId: row.message_id,
    words: row.words,
    isCut: row.words_cut,
    isFromHtml: row.from_html,
    serverSays: row.server_says,
    isUnreadable: row.trouble !== null,
    sha256: row.sha256,
    size: row.size,
    state: row.state,
    files,
    ...(row.incident !== null && { incident: row.incident }),
    ...(row.settled_by !== null && { settledBy: row.settled_by }),
    ...(row.settled_at !== null && { settledAt: row.settled_at }),
    ...(row.why !== null && { why: row.why }),
  }
}

/** The message as it was delivered. */
export async function readRaw({ db }: Pick<Services, 'db'>, viewer: Viewer, id: string): Promise<Uint8Array> {
  requireDesk(viewer)
  const row = await db.selectFrom('home.mail_in_report').select('raw').where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('mail-in.not-found')
  return row.raw
}

/** Files of a report as they came: nobody has looked into them yet. */
export async function readFiles({ db }: Pick<Services, 'db'>, viewer: Viewer, id: string, places: readonly number[]) {
  requireDesk(viewer)
  if (places.length === 0) return []
  const rows = await db
    .selectFrom('home.mail_in_file')
    .select(['place', 'name', 'media', 'bytes'])
    .where('report', '=', id)
    .where('place', 'in', places)
    .orderBy('place')
    .execute()
  return rows.map(({ bytes, ...file }) => ({ ...file, content: new Uint8Array(bytes) }))
}

/** Sets a report aside, with a reason; it is kept. @throws Refusal `mail-in.settled` */
export async function setAside(services: Services, viewer: Viewer, id: string, why: string): Promise<void> {
  const { db, clock } = services
  await getReport(services, viewer, id)
  const done = await db
    .updateTable('home.mail_in_report')
    .set({ state: 'aside', why, incident: null, settled_by: viewer.person.id, settled_at: clock.now() })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n && (await getReport(services, viewer, id)).state !== 'aside')
    throw new Refusal('mail-in.settled')
}

/**
 * Claims a report that waits for what was decided on it; one that was claimed for the same incident is answered with
 * what was decided then.
 *
 * @throws Refusal `mail-in.settled`
 */
export async function claim(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  id: string,
  given?: TakenUp,
): Promise<{ taking: TakenUp; isNew: boolean }> {
  const done = given
    ? await db
        .updateTable('home.mail_in_report')
        .set({ state: 'taking', incident: given.incident, taking: JSON.stringify(given) })
        .set({ settled_by: viewer.person.id, settled_at: clock.now() })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst()
    : undefined
  const row = await db
    .selectFrom('home.mail_in_report')
    .select(['taking', 'settled_by'])
    .where('id', '=', id)
    .where('state', '=', 'taking')
    .executeTakeFirst()
  const isSame = row?.settled_by === viewer.person.id && (!given || row.taking?.incident === given.incident)
  if (!row?.taking || !isSame) throw new Refusal('mail-in.settled')
  return { taking: row.taking, isNew: (done?.numUpdatedRows ?? 0n) > 0n }
}

/** All that was decided on a report is done. */
export async function finishTaking({ db }: Pick<Services, 'db'>, id: string, incident: string): Promise<void> {
  await db
    .updateTable('home.mail_in_report')
    .set({ state: 'taken', taking: null })
    .where('id', '=', id)
    .where('incident', '=', incident)
    .where('state', '=', 'taking')
    .execute()
}

/** A report that was set aside, or could not be taken up after all, waits again. */
export async function letWait({ db }: Pick<Services, 'db'>, viewer: Viewer, id: string): Promise<void> {
  requireDesk(viewer)
  await db
    .updateTable('home.mail_in_report')
    .set({ state: 'waiting', why: null, incident: null, settled_by: null, settled_at: null, taking: null })
    .where('id', '=', id)
    .execute()
}
