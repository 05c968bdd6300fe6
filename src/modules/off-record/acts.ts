import { z } from 'zod'
import { hash, partyName } from '../../core/module/fields.ts'

/** Hours for which what was said stays. */
export const keepHours = [1, 6, 24, 72, 168] as const
/** Days for which a room may stay open. */
export const openDays = [1, 3, 7, 30] as const
export const longestOpenMs = 30 * 24 * 3_600_000

/** X25519 public key of a party for this room alone. */
const roomKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export const roomOpenedBody = z.strictObject({
  key: roomKey,
  with: z.array(partyName).min(1).max(15),
  keepHours: z.union(keepHours.map((hours) => z.literal(hours))),
  /** Nothing is said after this, ms. */
  until: z.int().min(0),
})
export const roomJoinedBody = z.strictObject({ room: hash, key: roomKey })
export const roomClosedBody = z.strictObject({ room: hash })
