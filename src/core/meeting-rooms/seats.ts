import type { RoomEvent, RoomPlace, Seat } from './types.ts'
import type { ToldSeat } from './wire-messages.ts'

/** A seat as this process knows it. */
export interface HeldSeat extends Seat, RoomPlace {
  /** Person of our own house. */
  person?: string
  /** When it was last heard of, or its state changed: ms. */
  at: number
}

/** Without a line for this long a place is given up; a house that is silent this long has lost its own. */
export const patienceMs = { line: 30_000, house: 50_000 }

/** All seats this process knows of, and the browsers whose line ends here. */
export function createSeats({ told }: { told: (place: RoomPlace) => void }) {
  const seats = new Map<string, HeldSeat>()
  const ears = new Map<string, (event: RoomEvent) => void>()
  const inRoom = (room: string) => [...seats.values()].filter((one) => one.room === room)

  function tellOthers(room: string, session: string, event: RoomEvent): void {
    for (const one of inRoom(room)) if (one.session !== session) ears.get(one.session)?.(event)
  }

  /** True when something of it is new. A session keeps the house it first had. */
  function put(seat: HeldSeat): boolean {
    const before = seats.get(seat.session)
    if (before && (before.party !== seat.party || before.room !== seat.room)) return false
    const isNew = !before || before.state !== seat.state || before.by !== seat.by
    seats.set(seat.session, { ...before, ...seat })
    if (isNew) {
      tellOthers(seat.room, seat.session, { kind: 'seat', seat: shown(seat) })
      told(seat)
    }
    return isNew
  }

  function remove(session: string): HeldSeat | undefined {
    const seat = seats.get(session)
    if (!seat) return undefined
    seats.delete(session)
    ears.get(session)?.({ kind: 'ended' })
    ears.delete(session)
    tellOthers(seat.room, session, { kind: 'gone', session })
    told(seat)
    return seat
  }

  return {
    ears,
    put,
    remove,
    find: (session: string) => seats.get(session),
    all: () => [...seats.values()],
    inRoom,
    /** What another house says of its own people in a room, in place of what it said before. */
    replace(
      { space, room }: RoomPlace,
      party: string,
      list: readonly ToldSeat[],
      at: number,
    ): { held: HeldSeat[]; gone: string[] } {
      const named = new Set(list.map(({ session }) => session))
      const gone = inRoom(room).filter((one) => one.party === party && !named.has(one.session))
      for (const one of gone) remove(one.session)
      for (const one of list) put({ ...one, space, room, party, at })
      const held = list.flatMap(({ session }) => seats.get(session) ?? []).filter((one) => one.party === party)
      return { held, gone: gone.map(({ session }) => session) }
    },
  }
}

export const shown = ({ session, party, by, state }: Seat): Seat => ({ session, party, by, state })
