import { z } from 'zod'
import { eventStream, Refusal } from '../../../core/http/index.ts'
import { byInput, roomSignal } from '../../../core/meeting-rooms/index.ts'
import type { RoomEvent, RoomOwner, Seat } from '../../../core/meeting-rooms/types.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { loadTalks } from '../load-talks.ts'
import { partiesOf, stateOf } from '../meetings.ts'
import { located } from '../routes.tsx'
import { RoomPage } from './room-page.tsx'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const enterInput = z.object({ id, by: byInput })
const lineInput = z.object({ session: id })
const signalInput = z.object({ session: id, to: id, signal: roomSignal })

/** The room of talks: who may hear and who is there, going in, what browsers tell each other, leaving. */
export function roomRoutes(services: Services): Route[] {
  const path = '/spaces/:space/talks/:act/room'
  const permission = 'talks.room:send' as const
  const { meetingRooms } = services
  return [
    {
      method: 'GET',
      path,
      permission: 'talks:read',
      summary: 'The room of talks: who may hear, who is there, the written conversation beside it',
      handle: (visit) => showRoom(services, visit),
    },
    {
      method: 'POST',
      path: `${path}/enter`,
      permission,
      input: enterInput,
      summary: 'Take a place in the room, at most four; gives the servers a browser may ask for a way, none by default',
      async handle(visit: Visit<z.infer<typeof enterInput>>) {
        const { id: session, by } = visit.input
        const { others, unheard } = await meetingRooms.enter({ ...(await ownerOf(services, visit, session)), by })
        const data = {
          others: others.map((seat) => named(visit, seat)),
          unheard: unheard.map((party) =>
            visit.t('talks-room.unheard', { party: services.nameOf(party, visit.language) }),
          ),
          iceServers: services.settings.iceServers ?? [],
        }
        return { data }
      },
    },
    {
      method: 'GET',
      path: `${path}/line`,
      permission,
      input: lineInput,
      summary: 'Server-sent events to one browser in the room: who comes and goes, signals for it alone',
      async handle(visit: Visit<z.infer<typeof lineInput>>) {
        const owner = await ownerOf(services, visit, visit.input.session)
        return eventStream((say, end) =>
          meetingRooms.attend(owner, (event) => {
            say(event.kind, JSON.stringify(told(visit, event)))
            if (event.kind === 'ended') end()
          }),
        )
      },
    },
    {
      method: 'POST',
      path: `${path}/signal`,
      permission,
      input: signalInput,
      summary: 'Hand a description or a way to one other browser in the room; kept nowhere',
      async handle(visit: Visit<z.infer<typeof signalInput>>) {
        const { session, to, signal } = visit.input
        await meetingRooms.signal(await ownerOf(services, visit, session), to, signal)
        return { data: { state: 'handed-on' }, status: 202 }
      },
    },
    {
      method: 'POST',
      path: `${path}/leave`,
      permission,
      input: lineInput,
      summary: 'Leave the room',
      async handle(visit: Visit<z.infer<typeof lineInput>>) {
        await meetingRooms.leave(await ownerOf(services, visit, visit.input.session))
        return { data: { state: 'left' } }
      },
    },
  ]
}

/** @throws Refusal `not-found`, `not-cleared` */
async function ownerOf(services: Services, visit: Visit<any>, session: string): Promise<RoomOwner> {
  const { row, space } = await located(services, visit)
  // Whoever may not read what the talks are about does not hear them either.
  const { text } = await loadTalks(services, visit.viewer, space, row)
  if (!text) throw new Refusal('not-cleared')
  return { space: row.space, room: row.hash, session, person: visit.viewer.person.id }
}

const named = ({ services, language }: Visit<any>, { session, party, by, state }: Seat) => ({
  session,
  party: services.nameOf(party, language),
  by,
  state,
})

function told(visit: Visit<any>, event: RoomEvent): object {
  return event.kind === 'seat' ? named(visit, event.seat) : event
}

async function showRoom(services: Services, visit: Visit<any>): Promise<Answer> {
  const { space, row } = await located(services, visit)
  if (stateOf(row) !== 'set' || !partiesOf(row).includes(services.party)) throw new Refusal('not-found')
  const talks = await loadTalks(services, visit.viewer, space, row)
  const seated = services.meetingRooms.seated(row.hash)
  if (visit.wantsJson) return { data: { seated } }
  const act = await services.ledger.findAct(row.hash)
  const page = (
    <RoomPage visit={visit} talks={talks} seated={seated} marking={act?.statement.marking} ids={[newId(), newId()]} />
  )
  return { page, hears: true }
}
