import { z } from 'zod'
import { fileInput, InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Answer, Json, Route, Services, Visit } from '../../core/module/types.ts'
import { takeStep } from '../../core/release/index.ts'
import { isId, newId } from '../../protocol/index.ts'
import { CalendarError, readCalendar, type ReadCalendar } from './calendar/read-calendar.ts'
import { writeCalendar } from './calendar/write-calendar.ts'
import { loadTalks } from './load-talks.ts'
import { findMeeting, listMeetings, partiesOf } from './meetings.ts'
import { calendarEntries, meetingEntries } from './own-calendar.ts'
import { ReadPage } from './pages/read-page.tsx'
import { ListPage } from './pages/list-page.tsx'
import { TalksPage } from './pages/talks-page.tsx'
import { keepReadOut } from './read-outs.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const dayMs = 86_400_000
const mostCalendarBytes = 500_000
/** With fewer people, counts would tell what single ones declared. */
export const fewestDeclared = 5

const confirmInput = z.object({ option: z.coerce.number().int().min(0).max(4) })
const cancelInput = z.object({ id, reason: z.string().trim().max(1_000).optional() })
const sayInput = z.object({ id, words: z.string().trim().min(1).max(4_000), from: z.enum(['room']).optional() })
const count = z.coerce.number().int().min(0).max(200).optional()
const delegationInput = z.object({
  id,
  people: z.string().trim().min(1).max(20_000),
  women: count,
  men: count,
  another: count,
  undeclared: count,
})
const readOutInput = z.object({ id, account: z.string().trim().min(1).max(50_000) })
const calendarInput = z.object({ calendar: fileInput })

/** Talks: times proposed and confirmed, who comes, what is written while they go on, minutes and read-outs. */
export function talksRoutes(services: Services): Route[] {
  const path = '/spaces/:space/talks/:act'
  const step = <I,>(
    name: string,
    power: string,
    input: z.ZodType<I>,
    summary: string,
    handle: (visit: Visit<I>) => Promise<Answer>,
  ): Route<I> => ({
    method: 'POST',
    path: `${path}/${name}`,
    permission: `${power}:send` as Route['permission'],
    input,
    summary,
    handle,
    onInvalid: (visit, errors) => showTalks(services, visit, errors),
  })
  return [
    {
      method: 'GET',
      path: '/talks',
      permission: 'talks:read',
      summary: 'Talks ahead and lately held',
      async handle(visit) {
        const meetings = await listMeetings(services, { since: services.clock.now() - 90 * dayMs })
        if (visit.wantsJson) return { data: meetings }
        const entries = await meetingEntries(services, visit, meetings)
        return { page: <ListPage visit={visit} meetings={meetings} entries={entries} /> }
      },
    },
    {
      method: 'GET',
      path: '/talks/calendar.ics',
      permission: 'talks:read',
      summary: 'Talks and our deadlines as iCalendar, with what was moved and called off',
      handle: async (visit) => download(visit, await calendarEntries(services, visit)),
    },
    {
      method: 'POST',
      path: '/talks/calendar',
      permission: 'talks:read',
      input: calendarInput,
      fileBytes: mostCalendarBytes,
      summary: 'Read an iCalendar file: an invitation, an answer, times that are taken; nothing is recorded',
      handle: (visit: Visit<z.infer<typeof calendarInput>>) => readGiven(services, visit),
    },
    {
      method: 'GET',
      path,
      permission: 'talks:read',
      summary: 'One meeting: times in several zones, agenda, delegations, conversation, minutes, read-outs',
      handle: (visit) => showTalks(services, visit),
    },
    {
      method: 'GET',
      path: `${path}/meeting.ics`,
      permission: 'talks:read',
      summary: 'One meeting as iCalendar',
      async handle(visit) {
        const { row } = await located(services, visit)
        return download(visit, await meetingEntries(services, visit, [row]))
      },
    },
    step('confirm', 'talks.time-confirmed', confirmInput, 'Say that we can make a proposed time', async (visit) => {
      const { row } = await located(services, visit)
      if (!row.with_parties.includes(services.party)) throw new Refusal('talks-not-asked')
      const { option } = visit.input
      const submission = await takeStep(services, visit.viewer, {
        ...(await about(services, row.hash)),
        type: 'talks.time-confirmed',
        item: String(option),
        body: { proposal: row.hash, option },
      })
      return back(row, submission.state, 'confirmed')
    }),
    step('cancel', 'talks.meeting-cancelled', cancelInput, 'Call talks off', (visit) =>
      send(services, visit, 'meeting-cancelled', 'cancelled', { text: { words: visit.input.reason ?? '' } }),
    ),
    step('say', 'talks.remark-made', sayInput, 'Write in the conversation of the talks; it is on the record', (visit) =>
      send(services, visit, 'remark-made', 'said', {
        text: { words: visit.input.words },
        backTo: visit.input.from === 'room' ? '/room#conversation' : '',
      }),
    ),
    step('delegation', 'talks.delegation-named', delegationInput, 'Say who comes, with style and post', (visit) =>
      nameDelegation(services, visit),
    ),
    step(
      'read-out',
      'talks.read-out-given',
      readOutInput,
      'Keep our own read-out of the talks at home',
      async (visit) => {
        const { row } = await located(services, visit)
        const { id, account: words } = visit.input
        await keepReadOut(services, visit.viewer, { id, about: row.hash, words })
        return { redirect: hrefOf(row), notice: 'talks.notice.kept' }
      },
    ),
  ]
}

const hrefOf = ({ space, hash }: { space: string; hash: string }) => `/spaces/${space}/talks/${hash}`

/** The talks an address names. @throws Refusal `not-found` */
export async function located(services: Services, { params }: Visit<any>) {
  const { space: spaceId = '', act = '' } = params
  const space = isId(spaceId) ? await services.ledger.find(spaceId) : undefined
  const row = space && (await findMeeting(services, spaceId, act))
  if (!space || !row) throw new Refusal('not-found')
  return { space, row }
}

async function showTalks(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const { space, row } = await located(services, visit)
  const talks = await loadTalks(services, visit.viewer, space, row)
  if (visit.wantsJson) return { data: { ...row, state: talks.state, confirmations: talks.confirmations } }
  const act = await services.ledger.findAct(row.hash)
  const page = (
    <TalksPage
      visit={visit}
      talks={talks}
      marking={act?.statement.marking}
      ids={[newId(), newId(), newId(), newId()]}
      errors={errors}
    />
  )
  return { page, status: errors ? 422 : 200 }
}

async function about(services: Services, hash: string) {
  const act = await services.ledger.findAct(hash)
  if (!act) throw new Refusal('not-found')
  return { space: act.space, about: hash, marking: act.statement.marking }
}

async function send(
  services: Services,
  visit: Visit<{ id: string }>,
  type: string,
  notice: string,
  content: { text: Json; body?: object; backTo?: string },
): Promise<Answer> {
  const { row } = await located(services, visit)
  if (!partiesOf(row).includes(services.party)) throw new Refusal('talks-not-asked')
  const { space, marking } = await about(services, row.hash)
  const submission = await services.outbox.send({
    space,
    type: `talks.${type}`,
    id: visit.input.id,
    office: visit.viewer.office.id,
    body: { proposal: row.hash, ...content.body } as Json,
    text: content.text,
    marking,
    refs: [{ act: row.hash }],
  })
  return back(row, submission.state, notice, content.backTo)
}

function back(row: { space: string; hash: string }, state: string, notice: string, part = ''): Answer {
  return {
    redirect: `${hrefOf(row)}${part}`,
    data: { state },
    notice: state === 'on-record' ? `talks.notice.${notice}` : 'talks.notice.signed',
  }
}

async function nameDelegation(services: Services, visit: Visit<z.infer<typeof delegationInput>>): Promise<Answer> {
  const { people: typed, women = 0, men = 0, another = 0, undeclared = 0 } = visit.input
  const people = typed
    .split('\n')
    .map((line) => line.split(/[;؛]/).map((part) => part.trim()))
    .filter(([name]) => name !== undefined && name !== '')
    .map(([name = '', style = '', post = '']) => ({
      name: name.slice(0, 200),
      style: style.slice(0, 100),
      post: post.slice(0, 200),
    }))
  if (people.length === 0 || people.length > 60) throw InvalidInput.at('people', 'talks.invalid.people')
  const declared = { women, men, another, undeclared }
  const sum = women + men + another + undeclared
  if (sum > 0 && people.length < fewestDeclared) throw InvalidInput.at('women', 'talks.invalid.too-few')
  if (sum > 0 && sum !== people.length) throw InvalidInput.at('women', 'talks.invalid.sum')
  return send(services, visit, 'delegation-named', 'named', {
    text: { people },
    body: sum > 0 ? { declared } : {},
  })
}

function download({ services, t }: Visit, entries: Parameters<typeof writeCalendar>[1]): Response {
  const name = t('talks.calendar.name', { party: services.signedNameOf(services.party, t.language) })
  return new Response(writeCalendar(name, entries), {
    headers: {
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'attachment; filename="chancery-talks.ics"',
    },
  })
}

async function readGiven(services: Services, visit: Visit<z.infer<typeof calendarInput>>): Promise<Answer> {
  const { content } = visit.input.calendar
  if (content.byteLength > mostCalendarBytes) throw new Refusal('too-large', { limitBytes: mostCalendarBytes })
  const [spaces, meetings] = await Promise.all([
    services.ledger.list({ member: services.party }),
    listMeetings(services, { since: services.clock.now() }),
  ])
  let read: ReadCalendar
  try {
    read = readCalendar(new TextDecoder().decode(content))
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error
    throw new Refusal(`talks-calendar-${error.why}`, { line: error.line })
  }
  return { page: <ReadPage visit={visit} read={read} spaces={spaces} meetings={meetings} /> }
}
