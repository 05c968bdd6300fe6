import { z } from 'zod'
import { offRecordForms } from './types.ts'

const hash = z.string().regex(/^[\w-]{43}$/)
const nonce = z.string().regex(/^[\w-]{16}$/)

export const limits = {
  /** Of what one person writes at once, characters. */
  words: 8_000,
  title: 300,
  by: 200,
  /** Of one message between nodes. */
  messageBytes: 96 * 1024,
  /** Kept of one room at any time. */
  kept: 2_000,
}

/** What nodes say to each other of rooms (docs/protocol/off-record.md). No signature is on it or about it. */
export const ephemeralMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    v: z.literal(1),
    kind: z.literal('words'),
    room: hash,
    hour: z.int().min(0).max(100_000),
    nonce,
    box: z.string().min(1).max(80_000),
  }),
  z.strictObject({
    v: z.literal(1),
    kind: z.literal('key'),
    room: hash,
    joined: hash,
    nonce,
    box: z.string().min(1).max(400),
  }),
])
export type EphemeralMessage = z.infer<typeof ephemeralMessage>

/** What is sealed in `box` of words. */
export const sealedWords = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  from: z.string().max(253),
  at: z.int().min(0),
  form: z.enum(offRecordForms),
  by: z.string().max(limits.by),
  title: z.string().max(limits.title).optional(),
  words: z.string().min(1).max(limits.words),
})
