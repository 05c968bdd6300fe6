import { sql } from 'kysely'
import { type Clock, clocksAbout, clockState } from '../../core/clocks/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { NoteBody, NoteText } from '../channels/index.ts'
import { listAllPreservations } from '../incidents/index.ts'
import type { State } from './course.ts'
import './tables.ts'

export const clockFilters = ['running', 'late'] as const

export interface RequestFilter {
  side?: 'ours' | 'theirs' | undefined
  state?: State | undefined
  kind?: string | undefined
  party?: string | undefined
  clock?: (typeof clockFilters)[number] | undefined
  /** These acts alone. */
  among?: readonly string[] | undefined
}

export interface ListedRequest {
  hash: string
  space: string
  kind: string
  number: string | null
  author: string
  addressee: string
  state: State
  at: number
  keptUntil: string | null
  /** The duty that ends next, where one runs. */
  clock?: Clock
  /** What the reader may see of its subject. */
  subject?: string
  href: string
}

type Row = Omit<ListedRequest, 'clock' | 'subject' | 'href'>
const most = 500

const stateOfRow = sql<State>`case when r.state = 'closed' then 'closed' when n.ended is not null then n.ended
  when r.state is not null and r.state <> 'sent' then r.state
  when n.acknowledged_by is null then 'sent' else 'received' end`

/** Requests we or others made in our spaces, newest first, 500 at most; requests to preserve data of incidents among them. */
export async function listRequests(
  services: Services,
  viewer: Viewer,
  filter: RequestFilter = {},
): Promise<ListedRequest[]> {
  const { db, party } = services
  const [notes, preservations] = await Promise.all([noteRows(services, filter), preservationRows(services)])
  const rows = [...notes, ...preservations.filter((row) => fits(row, filter, party))]
    .toSorted((a, b) => b.at - a.at)
    .slice(0, most)
  const hashes = rows.map(({ hash }) => hash)
  const [clocks, contents] = await Promise.all([
    clocksAbout(db, hashes),
    revealedContents<NoteBody, Pick<NoteText, 'subject'>>(services, viewer, hashes),
  ])
  const listed = rows.map((row): ListedRequest => {
    const clock = clocks.get(row.hash)?.find((one) => one.metBy === undefined && one.cancelledBy === undefined)
    const subject = contents.get(row.hash)?.text?.subject
    const isNote = row.number !== null
    return {
      ...row,
      ...(clock && { clock }),
      ...(subject !== undefined && { subject }),
      href: isNote ? `/assistance/${row.hash}` : `/spaces/${row.space}?act=${row.hash}#act-${row.hash}`,
    }
  })
  return filter.clock === undefined ? listed : withClock(services, listed, filter.clock)
}

async function withClock({ ledger }: Services, listed: ListedRequest[], wanted: RequestFilter['clock']) {
  const spaces = [...new Set(listed.flatMap(({ clock, space }) => (clock ? [space] : [])))]
  const now = new Map(await Promise.all(spaces.map(async (one) => [one, await ledger.scenarioNow(one)] as const)))
  return listed.filter(({ clock, space }) => {
    if (!clock) return false
    const state = clockState(clock, now.get(space) ?? 0)
    return wanted === 'running' ? state === 'running' : state === 'overdue' || state === 'unanswered'
  })
}

function fits(row: Row, { side, state, kind, party: other, among }: RequestFilter, party: string): boolean {
  if (among !== undefined && !among.includes(row.hash)) return false
  if (side !== undefined && (side === 'ours') !== (row.author === party)) return false
  if (state !== undefined && row.state !== state) return false
  if (kind !== undefined && row.kind !== kind) return false
  return other === undefined || row.author === other || row.addressee === other
}

async function noteRows(
  { db, party }: Services,
  { side, state, kind, party: other, among }: RequestFilter,
): Promise<Row[]> {
  if (among?.length === 0) return []
  return db
    .selectFrom('view.channels_note as n')
    .leftJoin('view.assistance_request as r', (join) =>
      join.onRef('r.space', '=', 'n.space').onRef('r.request', '=', 'n.hash'),
    )
    .select([
      'n.hash',
      'n.space',
      'n.number',
      'n.author',
      'n.addressee',
      sql<string>`coalesce(n.request_kind, 'incident-information')`.as('kind'),
      stateOfRow.as('state'),
      'n.sent_at as at',
      'r.kept_until as keptUntil',
    ])
    .where('n.form', '=', 'request')
    .$if(side === 'ours', (query) => query.where('n.author', '=', party))
    .$if(side === 'theirs', (query) => query.where('n.author', '!=', party))
    .$if(among !== undefined, (query) => query.where('n.hash', 'in', among ?? []))
    .$if(kind !== undefined, (query) => query.where('n.request_kind', '=', kind as string))
    .$if(state !== undefined, (query) => query.where(stateOfRow, '=', state as State))
    .$if(other !== undefined, (query) =>
      query.where((eb) => eb.or([eb('n.author', '=', other as string), eb('n.addressee', '=', other as string)])),
    )
    .orderBy('n.sent_at', 'desc')
    .orderBy('n.hash')
    .limit(most)
    .execute()
}

async function preservationRows({ db }: Services): Promise<Row[]> {
  return (await listAllPreservations(db)).map((one) => ({
    hash: one.hash,
    space: one.space,
    kind: 'preservation',
    number: null,
    author: one.author,
    addressee: one.addressee,
    state: one.confirmed_by === null ? 'sent' : 'executed',
    at: one.asked_at,
    keptUntil: one.kept_until,
  }))
}
