import { z } from 'zod'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { offRecordForms } from '../../core/off-record/types.ts'
import { takeStep } from '../../core/release/index.ts'
import { isId, newId } from '../../protocol/index.ts'
import { requireAllowed } from './composers/room-composer.tsx'
import { RoomPage, type RoomView } from './pages/room-page.tsx'
import { RulePage } from './pages/rule-page.tsx'
import { factsOf, findRoom, hasJoined, listRooms, type Room } from './rooms.ts'
import { recordsRule, setRecordsRule } from './rule.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const words = z
  .object({
    id,
    form: z.enum(offRecordForms),
    by: z.string().trim().min(1).max(200),
    title: z.string().trim().max(300).optional(),
    words: z.string().trim().min(1).max(8_000),
  })
  .superRefine(({ form, title }, context) => {
    if (form === 'non-paper' && !title)
      context.addIssue({ code: 'custom', path: ['title'], message: 'off-record.invalid.untitled' })
  })
const rule = z.object({ id, allowed: z.enum(['yes', 'no']), words: z.string().trim().min(1).max(4_000) })
const nothing = z.object({})

/** Rooms whose words leave no proof, and what this house asks of its people in them. */
export function offRecordRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/spaces/:space/off-record/:act',
      permission: 'off-record:read',
      summary: 'An off-record room: what it means before joining, what is said in it afterwards',
      handle: (visit) => showRoom(visit),
    },
    {
      method: 'POST',
      path: '/spaces/:space/off-record/:act/join',
      permission: 'off-record.room-joined:send',
      input: nothing,
      summary: 'Agree to the rule of a room and join it',
      handle: (visit) => join(visit),
    },
    {
      method: 'POST',
      path: '/spaces/:space/off-record/:act/say',
      permission: 'off-record.words:send',
      input: words,
      summary: 'Say something in a room: sealed at once, signed by nobody, forgotten as agreed',
      handle: (visit) => say(visit),
      onInvalid: (visit, errors) => showRoom(visit, errors),
    },
    {
      method: 'POST',
      path: '/spaces/:space/off-record/:act/close',
      permission: 'off-record.room-closed:send',
      input: nothing,
      summary: 'Close a room: nothing more is said in it',
      handle: (visit) => close(visit),
    },
    {
      method: 'GET',
      path: '/off-record/rule',
      permission: 'off-record:read',
      summary: 'What this house asks of its people where they speak off the record',
      handle: (visit) => showRule(services, visit),
    },
    {
      method: 'POST',
      path: '/off-record/rule',
      permission: 'off-record.rule:manage',
      input: rule,
      summary: 'Write that rule, allow or forbid speaking off the record',
      async handle({ input, viewer }) {
        await setRecordsRule(services, { ...input, allowed: input.allowed === 'yes', by: viewer.person })
        return { redirect: '/off-record/rule', notice: 'off-record.rule.noted' }
      },
      onInvalid: (visit, errors) => showRule(services, visit, errors),
    },
  ]
}

/** The room of an address, for readers who may see its opening. @throws Refusal `not-found` */
async function getRoom({
  services,
  viewer,
  params,
}: Visit<any>): Promise<Pick<RoomView, 'space' | 'room' | 'marking'>> {
  const { space: spaceId = '', act = '' } = params
  const space = isId(spaceId) ? await services.ledger.find(spaceId) : undefined
  const room = space && (await findRoom(services, viewer, spaceId, act))
  const opening = room && (await services.ledger.findAct(act))
  if (!space || !room || !opening) throw new Refusal('not-found')
  return { space, room, marking: opening.statement.marking }
}

async function showRoom(visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const { services, viewer } = visit
  const found = await getRoom(visit)
  const { room } = found
  const isIn = hasJoined(room, services.party)
  const [state, heard, rule] = await Promise.all([
    isIn ? services.offRecord.state(room.hash) : undefined,
    isIn ? services.offRecord.hear(room.hash) : [],
    recordsRule(services),
  ])
  if (isIn) await services.offRecord.looked(room.hash, viewer.person.id)
  if (visit.wantsJson) return { data: { room: room.hash, state: state ?? 'asked', said: heard } }
  return {
    page: <RoomPage visit={visit} {...found} state={state} heard={heard} rule={rule} id={newId()} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

async function join(visit: Visit): Promise<Answer> {
  const { services, viewer } = visit
  const { space, room, marking } = await getRoom(visit)
  await requireAllowed(services)
  if (!room.with_parties.includes(services.party)) throw new Refusal('off-record-not-asked')
  requireOngoing(services, room)
  const submission = await takeStep(services, viewer, {
    space: space.id,
    type: 'off-record.room-joined',
    about: room.hash,
    body: { room: room.hash, key: await services.offRecord.prepare(room.hash) },
    marking,
  })
  await followRooms(services)
  return { redirect: addressOf(room), data: { ...submission }, notice: 'off-record.notice.joined' }
}

async function say(visit: Visit<z.infer<typeof words>>): Promise<Answer> {
  const { room } = await getRoom(visit)
  const { title, ...rest } = visit.input
  await visit.services.offRecord.say(room.hash, { ...rest, ...(title && { title }) })
  return { redirect: `${addressOf(room)}#said-${rest.id}`, notice: 'off-record.notice.said' }
}

async function close(visit: Visit): Promise<Answer> {
  const { services, viewer } = visit
  const { space, room, marking } = await getRoom(visit)
  requireOngoing(services, room)
  const submission = await takeStep(services, viewer, {
    space: space.id,
    type: 'off-record.room-closed',
    about: room.hash,
    body: { room: room.hash },
    marking,
  })
  return { redirect: addressOf(room), data: { ...submission }, notice: 'off-record.notice.closed' }
}

function requireOngoing({ clock }: Services, room: Room): void {
  if (room.closed_at !== null || clock.now() > room.until) throw new Refusal('off-record-ended')
}

async function showRule(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const rule = await recordsRule(services)
  if (visit.wantsJson) return { data: rule ?? null }
  return {
    page: <RulePage visit={visit} rule={rule} id={newId()} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

const addressOf = (room: Room) => `/spaces/${room.space}/off-record/${room.hash}`

const longestKeptMs = 8 * 24 * 3_600_000

/** Tells the node what the record says of rooms of which it may hold something. */
export async function followRooms(services: Services): Promise<void> {
  const rooms = await listRooms(services, { endsAfter: services.clock.now() - longestKeptMs })
  await services.offRecord.follow(
    rooms.filter((room) => hasJoined(room, services.party)).map((room) => factsOf(room, services.party)),
  )
}
