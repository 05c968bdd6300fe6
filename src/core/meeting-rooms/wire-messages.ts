import { z } from 'zod'
import type { RoomSignal } from './types.ts'

export const roomLimits = {
  /** People in one room: each sends to each, which a telephone line home carries for four. */
  seats: 4,
  by: 80,
  /** Of one description of a session, characters; browsers of today write about 6,000. */
  sdp: 16_000,
  candidate: 500,
  /** Of one message between nodes. */
  messageBytes: 24 * 1024,
}

const id = z.string().regex(/^[0-9a-f]{32}$/, 'not an id')
const hash = z.string().regex(/^[\w-]{43}$/, 'not a hash')

/** How somebody is called in the room: one line of words. */
export const byInput = z
  .string()
  .trim()
  .min(1)
  .max(roomLimits.by)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u)

// One line of SDP (RFC 8866): a letter and printable characters. What a browser does with it is checked there once more.
const sdp = z
  .string()
  .max(roomLimits.sdp, `longer than ${roomLimits.sdp} characters`)
  .regex(/^v=0\r\n(?:[a-z]=[\x20-\x7e]*\r\n)+$/, 'not lines of a session description')
  .refine((text) => (text.match(/^m=/gm) ?? []).length <= 2, 'more than sound and picture')
  .refine((text) => [...text.matchAll(/^m=(\w+) /gm)].every(([, kind]) => kind === 'audio' || kind === 'video'), {
    message: 'something else than sound and picture',
  })
  // The browser at the other end compares it with the key it meets: without it nobody could tell who is there.
  .refine((text) => /^a=fingerprint:sha-(256|384|512) [0-9A-F:]{95,191}\r$/m.test(text), 'no fingerprint of a key')

export const roomSignal = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['offer', 'answer']), sdp }),
  z.strictObject({
    type: z.literal('candidate'),
    candidate: z
      .string()
      .max(roomLimits.candidate, `longer than ${roomLimits.candidate} characters`)
      .regex(/^(candidate:[\x20-\x7e]+)?$/, 'not a candidate'),
    mid: z.string().regex(/^[\w-]{0,16}$/, 'not the name of a line'),
    line: z.int().min(0).max(1),
  }),
]) satisfies z.ZodType<RoomSignal>

const seat = z.strictObject({ session: id, by: byInput, state: z.enum(['connecting', 'there', 'lost']) })
export type ToldSeat = z.infer<typeof seat>

/** Between nodes, signed as every request of a peer (docs/protocol/meeting-room.md). */
export const roomMessage = z.discriminatedUnion('kind', [
  /** All sessions of the sender's house in this room. */
  z.strictObject({
    v: z.literal(1),
    kind: z.literal('seats'),
    room: hash,
    seats: z.array(seat).max(roomLimits.seats, `more than ${roomLimits.seats}`),
  }),
  z.strictObject({ v: z.literal(1), kind: z.literal('signal'), room: hash, from: id, to: id, signal: roomSignal }),
])

/** What answers `seats`: those of the house that was told. */
export const seatsAnswer = z.strictObject({ seats: z.array(seat).max(roomLimits.seats) })

/** Where a message is wrong and why, for whoever wrote the program that sent it. */
export function faultOf(error: z.ZodError): string {
  const [issue] = error.issues
  return `${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'not understood'}`.slice(0, 300)
}
