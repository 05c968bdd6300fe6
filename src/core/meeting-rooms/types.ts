import type { FederationRoute } from '../federation/index.ts'

/** Somebody with one browser in one room. */
export interface Seat {
  /** Id of the session, chosen when the page was rendered. */
  session: string
  party: string
  /** How the house of whoever sits there chose to call them. */
  by: string
  /** `connecting`: no line to the own node yet; `lost`: the line broke, the place is kept for a while. */
  state: 'connecting' | 'there' | 'lost'
}

/** What one browser tells one other so that sound finds its way: never more than that. */
export type RoomSignal =
  | { type: 'offer' | 'answer'; sdp: string }
  | { type: 'candidate'; candidate: string; mid: string; line: number }

export type RoomEvent =
  | { kind: 'seat'; seat: Seat }
  | { kind: 'gone'; session: string }
  | { kind: 'signal'; from: string; signal: RoomSignal }
  /** Nothing more comes: the room closed, the same person came in elsewhere, or the place was given up. */
  | { kind: 'ended' }

/** What a module says of a room. */
export interface RoomFacts {
  parties: readonly string[]
  /** People may come in now. */
  isOpen: boolean
}

export interface RoomPlace {
  space: string
  /** Hash of the act whose room it is. */
  room: string
}

/** A person of this house with their session. */
export interface RoomOwner extends RoomPlace {
  session: string
  person: string
}

/** Rooms in which up to four people of several houses speak from browser to browser. Nothing of it is kept. */
export interface MeetingRooms {
  /** Everybody this node knows to be in the room, longest there first. */
  seated(room: string): Seat[]
  /**
   * Takes a place, and leaves the one this person had there before; the same session again changes nothing.
   *
   * @returns the others, and parties whose node did not answer.
   * @throws Refusal `talks-room-closed`, `talks-room-full`
   */
  enter(who: RoomOwner & { by: string }): Promise<{ others: Seat[]; unheard: string[] }>
  /** Hands a signal to one other session. @throws Refusal `talks-room-left`, `talks-room-not-there`, `too-many-requests`, `peer-unreachable` */
  signal(from: RoomOwner, to: string, signal: RoomSignal): Promise<void>
  /** The line to the browser of a session; gives what ends it. @throws Refusal `talks-room-left` */
  attend(who: RoomOwner, hear: (event: RoomEvent) => void): () => void
  leave(who: RoomOwner): Promise<void>
  /** Lets go of who is gone and of rooms that closed, and tells the others who is here. About once a second. */
  sweep(): Promise<void>
  routes: FederationRoute[]
  /** Hears the other processes of this node. */
  start(): Promise<void>
  stop(): Promise<void>
}
