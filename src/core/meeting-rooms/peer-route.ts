import type { FederationRoute } from '../federation/index.ts'
import type { RoomFacts, RoomPlace, RoomSignal } from './types.ts'
import { faultOf, roomLimits, roomMessage, type ToldSeat } from './wire-messages.ts'

/** Takes what other houses say of a room. Signed as every request of a peer; only for members of the space who take part. */
export function createPeerRoute(options: {
  party: string
  isMember(space: string, party: string): Promise<boolean>
  factsOf(place: RoomPlace): Promise<RoomFacts | undefined>
  /** @throws Refusal `too-many-requests` */
  limit(party: string): void
  /** Our own seats, or undefined where the room has no place for theirs. */
  takeSeats(place: RoomPlace, party: string, seats: readonly ToldSeat[], facts: RoomFacts): ToldSeat[] | undefined
  /** False when `from` is no session of theirs or `to` none of ours in this room. */
  takeSignal(place: RoomPlace, party: string, given: { from: string; to: string; signal: RoomSignal }): boolean
}): FederationRoute {
  const { party: own } = options
  return {
    method: 'POST',
    path: '/fed/v1/spaces/:space/meeting-room',
    permission: 'peer',
    maxBodyBytes: roomLimits.messageBytes,
    summary: 'Who is in the room of talks, and a signal from one browser to one other; kept nowhere',
    async answer({ params: { space = '' }, peer = '', body }) {
      // A stranger to the space and a member that was removed get what nobody's space would give.
      if (!(await options.isMember(space, peer))) return answer(404, 'not found')
      try {
        options.limit(peer)
      } catch {
        return answer(429, 'too many messages about rooms')
      }
      const read = roomMessage.safeParse(readJson(body))
      if (!read.success) return answer(400, faultOf(read.error))
      const { data: message } = read
      const place = { space, room: message.room }
      const facts = await options.factsOf(place)
      if (!facts?.parties.includes(peer) || !facts.parties.includes(own)) return answer(404, 'not found')
      if (message.kind === 'signal')
        return options.takeSignal(place, peer, message)
          ? answer(202, 'handed on')
          : answer(404, 'from and to have to be sessions of your house and of ours in this room')
      const seats = options.takeSeats(place, peer, message.seats, facts)
      return seats ? Response.json({ seats }, { headers }) : answer(409, 'the room is full or not open')
    },
  }
}

const headers = { 'cache-control': 'no-store' }
const answer = (status: number, detail: string) => Response.json({ status, detail }, { status, headers })

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}
