import { z } from 'zod'
import { InvalidInput } from '../../../core/http/index.ts'

const empty = z.literal('').transform(() => undefined)
export const recordId = z.string().regex(/^[0-9a-f]{32}$/)
const personId = z.string().min(1).max(64)
const localTime = z.union([empty, z.iso.datetime({ local: true })]).optional()
const count = (most: number) => z.union([empty, z.coerce.number().int().min(1).max(most)]).optional()

export const shiftInput = z.object({
  id: recordId,
  person: personId,
  rank: z.coerce.number().int().min(1).max(9),
  from: localTime,
  until: localTime,
  hours: count(336),
  weeks: count(26),
})
export type ShiftInput = z.infer<typeof shiftInput>

export const absenceInput = z.object({
  id: recordId,
  /** Left out: oneself. */
  person: z.union([empty, personId]).optional(),
  deputy: z.union([empty, personId]).optional(),
  from: localTime,
  until: localTime,
})
export type AbsenceInput = z.infer<typeof absenceInput>

export const handOverInput = z.object({
  id: recordId,
  shift: z.string().min(1).max(64),
  to: personId,
  note: z.string().trim().min(1).max(4_000),
})
export type HandOverInput = z.infer<typeof handOverInput>

const hourMs = 60 * 60 * 1_000
const weekMs = 7 * 24 * hourMs
/** How late somebody may be put on duty for a time that has begun, ms. */
const lateMs = hourMs

/** What was typed by the clocks of `zone`, ms; an hour that they skip counts as the one after it. */
export function momentOf(typed: string, zone: string): number {
  return Temporal.PlainDateTime.from(typed).toZonedDateTime(zone).epochMilliseconds
}

/**
 * From when until when, ms, by the clocks of `zone`: an end is said, or so many hours after the beginning, or none.
 *
 * @throws {@link InvalidInput} at the field that does not fit the others
 */
export function timesOf(
  { from, until, hours, weeks }: Pick<ShiftInput, 'from' | 'until' | 'hours' | 'weeks'>,
  { zone, now }: { zone: string; now: number },
): { fromAt: number; untilAt?: number } {
  const fromAt = from === undefined ? now : momentOf(from, zone)
  if (fromAt < now - lateMs) throw InvalidInput.at('from', 'directory.rota.invalid.in-the-past')
  if (until !== undefined && hours !== undefined) throw InvalidInput.at('hours', 'directory.rota.invalid.one-end')
  const untilAt =
    until === undefined ? (hours === undefined ? undefined : fromAt + hours * hourMs) : momentOf(until, zone)
  if (untilAt !== undefined && untilAt <= fromAt) throw InvalidInput.at('until', 'directory.rota.invalid.ends-before')
  if (untilAt !== undefined && untilAt <= now) throw InvalidInput.at('until', 'directory.rota.invalid.over')
  if (weeks !== undefined && weeks > 1) {
    if (untilAt === undefined) throw InvalidInput.at('weeks', 'directory.rota.invalid.weeks-without-end')
    if (untilAt - fromAt > weekMs) throw InvalidInput.at('weeks', 'directory.rota.invalid.longer-than-a-week')
  }
  return { fromAt, ...(untilAt !== undefined && { untilAt }) }
}
