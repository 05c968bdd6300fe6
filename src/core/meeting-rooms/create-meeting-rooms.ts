import type { ClockSource } from '../config/types.ts'
import { createRateLimit, Refusal } from '../http/index.ts'
import { createPeerRoute } from './peer-route.ts'
import { createSeats, type HeldSeat, patienceMs, shown } from './seats.ts'
import { type Channel, createSiblings, type SiblingMessage } from './siblings.ts'
import { createTurns } from './turns.ts'
import type { MeetingRooms, RoomFacts, RoomOwner, RoomPlace, RoomSignal } from './types.ts'
import { roomLimits, seatsAnswer, type ToldSeat } from './wire-messages.ts'

const beatMs = 15_000
const askWithinMs = 4_000

/** The rooms of one node in which people of several houses meet. */
export function createMeetingRooms(options: {
  clock: ClockSource
  party: string
  isMember(space: string, party: string): Promise<boolean>
  factsOf(place: RoomPlace): Promise<RoomFacts | undefined>
  /** Signed request to a peer; gives the JSON of its answer. @throws with `status` where it answered otherwise than 2xx */
  ask(party: string, request: { path: string; body: object; timeoutMs: number }): Promise<unknown>
  /** Who is in a room of this space changed. */
  changed(space: string): void
  /** Between the processes of this node. */
  channel?: Channel
}): MeetingRooms {
  const { clock, party: own, factsOf, changed } = options
  const seats = createSeats({ told: ({ space }) => changed(space) })
  const siblings = createSiblings({ channel: options.channel, hear: hearSibling, known: seats.all })
  // One word at a time to each house about each room: an older list must not overtake a newer one.
  const words = createTurns<'heard' | 'unheard' | 'full'>()
  // A connection takes a description and some ten candidates for each of three others; then people try again.
  const fromBrowsers = createRateLimit({ most: 240, withinMs: 10_000, clock })
  const fromPeers = createRateLimit({ most: 1_000, withinMs: 10_000, clock })
  let endListening: (() => Promise<void>) | undefined
  let beatAt = 0

  const ourSeats = (room: string) => seats.inRoom(room).filter(({ party }) => party === own)
  const toTell = ({ session, by, state }: HeldSeat): ToldSeat => ({ session, by, state })

  function hearSibling(message: SiblingMessage): void {
    if (message.kind === 'seat') hearOfSeat(message.seat)
    else if (message.kind === 'known') message.seats.forEach(hearOfSeat)
    else if (message.kind === 'gone') tellOn(seats.remove(message.session))
    else if (message.kind === 'signal')
      seats.ears.get(message.to)?.({ kind: 'signal', from: message.from, signal: message.signal })
  }

  function hearOfSeat(seat: HeldSeat): void {
    // A browser that came here when its line at the other process broke: what that one says of it is over.
    if (seats.ears.has(seat.session) && seat.state !== 'there') setState(seat.session, 'there')
    else if (seats.put({ ...seat, at: clock.now() })) tellOn(seat)
  }

  /**
   * What this process just told another house, or is telling, may lack what another of ours did meanwhile, and may come
   * there after that one's own word: whoever hears of it says it again.
   */
  function tellOn(seat: HeldSeat | undefined): void {
    if (seat?.party === own) tellSoon(seat)
  }

  function put(seat: HeldSeat): void {
    seats.put(seat)
    siblings.tell({ kind: 'seat', seat })
  }

  function remove(session: string): void {
    seats.remove(session)
    siblings.tell({ kind: 'gone', session })
  }

  const pathOf = ({ space }: RoomPlace) => `/fed/v1/spaces/${space}/meeting-room`

  /** Tells one house who of ours is in the room, and takes its own people from the answer. */
  const tell = (party: string, place: RoomPlace) => words.take(`${place.room} ${party}`, () => say(party, place))

  async function say(party: string, place: RoomPlace): Promise<'heard' | 'unheard' | 'full'> {
    const body = { v: 1, kind: 'seats', room: place.room, seats: ourSeats(place.room).map(toTell) }
    try {
      const answer = await options.ask(party, { path: pathOf(place), body, timeoutMs: askWithinMs })
      const read = seatsAnswer.safeParse(answer)
      if (read.success) takeList(place, party, read.data.seats)
      return read.success ? 'heard' : 'unheard'
    } catch (error) {
      return (error as { status?: number }).status === 409 ? 'full' : 'unheard'
    }
  }

  function takeList(place: RoomPlace, party: string, list: readonly ToldSeat[]): void {
    // Also what is no news: the other processes are not asked by that house, and would take it for gone.
    const { held, gone } = seats.replace(place, party, list, clock.now())
    for (const seat of held) siblings.tell({ kind: 'seat', seat })
    for (const session of gone) siblings.tell({ kind: 'gone', session })
  }

  async function tellAll(place: RoomPlace, facts: RoomFacts) {
    const members = await Promise.all(
      facts.parties
        .filter((party) => party !== own)
        .map(async (party) => ((await options.isMember(place.space, party)) ? [party] : [])),
    )
    return Promise.all(members.flat().map(async (party) => ({ party, how: await tell(party, place) })))
  }

  /** Told beside whoever caused it: nobody waits for a house that is slow to answer. */
  function tellSoon(place: RoomPlace): void {
    void factsOf(place)
      .then((facts) => facts && tellAll(place, facts))
      .catch(() => undefined)
  }

  /** Our own seat of this person. @throws Refusal `talks-room-left` */
  function requireOwn({ session, person, room }: RoomOwner): HeldSeat {
    const seat = seats.find(session)
    if (!seat || seat.party !== own || seat.person !== person || seat.room !== room)
      throw new Refusal('talks-room-left')
    return seat
  }

  const isOverfull = (room: string) => seats.inRoom(room).length > roomLimits.seats

  /** Resolves once whoever came in at another process before is known here. @throws Refusal `talks-room-full` */
  async function takeSeat(who: RoomOwner & { by: string }): Promise<void> {
    const { space, room, session, person, by } = who
    for (const one of ourSeats(room)) if (one.person === person && one.session !== session) remove(one.session)
    if (seats.find(session)) {
      requireOwn(who)
      return
    }
    if (seats.inRoom(room).length >= roomLimits.seats) throw new Refusal('talks-room-full', { most: roomLimits.seats })
    const seat: HeldSeat = { space, room, session, person, by, party: own, state: 'connecting', at: clock.now() }
    seats.put(seat)
    await siblings.tellInOrder({ kind: 'seat', seat })
  }

  async function enter(who: RoomOwner & { by: string }) {
    const { space, room, session } = who
    const facts = await factsOf({ space, room })
    if (!facts?.isOpen || !facts.parties.includes(own)) throw new Refusal('talks-room-closed')
    await takeSeat(who)
    const heard = isOverfull(room) ? [] : await tellAll({ space, room }, facts)
    if (heard.some(({ how }) => how === 'full') || isOverfull(room)) {
      remove(session)
      tellSoon({ space, room })
      throw new Refusal('talks-room-full', { most: roomLimits.seats })
    }
    const others = seats.inRoom(room).filter((one) => one.session !== session)
    return { others: others.map(shown), unheard: heard.flatMap(({ party, how }) => (how === 'unheard' ? [party] : [])) }
  }

  /** To a browser whose line ends here or at another process of this node. */
  function handOver(to: string, from: string, signal: RoomSignal): void {
    const ear = seats.ears.get(to)
    if (ear) ear({ kind: 'signal', from, signal })
    else siblings.tell({ kind: 'signal', from, to, signal })
  }

  async function signal(from: RoomOwner, to: string, given: RoomSignal): Promise<void> {
    requireOwn(from)
    fromBrowsers.take(from.session)
    const other = seats.find(to)
    if (!other || other.room !== from.room || to === from.session) throw new Refusal('talks-room-not-there')
    if (other.party === own) return handOver(to, from.session, given)
    const body = { v: 1, kind: 'signal', room: from.room, from: from.session, to, signal: given }
    try {
      await options.ask(other.party, { path: pathOf(from), body, timeoutMs: askWithinMs })
    } catch {
      throw new Refusal('peer-unreachable')
    }
  }

  function setState(session: string, state: HeldSeat['state']): void {
    const seat = seats.find(session)
    if (!seat) return
    put({ ...seat, state, at: clock.now() })
    tellSoon(seat)
  }

  /** Removed members, talks called off, houses and browsers that fell silent. */
  async function dropGone(): Promise<void> {
    const now = clock.now()
    for (const room of new Set(seats.all().map((one) => one.room))) {
      const there = seats.inRoom(room)
      const facts = await factsOf(there[0]!)
      for (const seat of there) {
        const isIn = facts?.parties.includes(seat.party) && (await options.isMember(seat.space, seat.party))
        const patience = seat.party === own && seat.state !== 'there' ? patienceMs.line : patienceMs.house
        if (isIn && now - seat.at <= patience) continue
        remove(seat.session)
        if (seat.party === own) tellSoon(seat)
      }
    }
  }

  return {
    seated: (room) => seats.inRoom(room).map(shown),
    enter,
    signal,
    attend(who, hear) {
      const { session } = requireOwn(who)
      seats.ears.set(session, hear)
      for (const one of seats.inRoom(who.room)) if (one.session !== session) hear({ kind: 'seat', seat: shown(one) })
      setState(session, 'there')
      return () => {
        if (seats.ears.get(session) !== hear) return
        seats.ears.delete(session)
        setState(session, 'lost')
      }
    },
    async leave(who) {
      if (seats.find(who.session) === undefined) return
      const seat = requireOwn(who)
      remove(seat.session)
      tellSoon(seat)
    },
    async sweep() {
      if (seats.all().length === 0) return
      await dropGone()
      const now = clock.now()
      if (now - beatAt < beatMs) return
      beatAt = now
      // Who has their line here is here: the other processes and houses need not wonder.
      const here = seats.all().filter(({ session }) => seats.ears.has(session))
      for (const seat of here) put({ ...seat, at: now })
      for (const room of new Set(here.map((one) => one.room))) tellSoon(here.find((one) => one.room === room)!)
    },
    routes: [
      createPeerRoute({
        party: own,
        isMember: options.isMember,
        factsOf,
        limit: (party) => fromPeers.take(party),
        takeSeats(place, party, list, facts) {
          const others = seats.inRoom(place.room).filter((one) => one.party !== party)
          const comesIn = list.some(({ session }) => !seats.find(session))
          if (comesIn && (!facts.isOpen || others.length + list.length > roomLimits.seats)) return undefined
          takeList(place, party, list)
          return ourSeats(place.room).map(toTell)
        },
        takeSignal({ room }, party, { from, to, signal: given }) {
          const [sender, taker] = [seats.find(from), seats.find(to)]
          if (sender?.party !== party || sender.room !== room || taker?.party !== own || taker.room !== room)
            return false
          handOver(to, from, given)
          return true
        },
      }),
    ],
    async start() {
      endListening = await siblings.start()
    },
    async stop() {
      for (const ear of seats.ears.values()) ear({ kind: 'ended' })
      await endListening?.()
    },
  }
}
