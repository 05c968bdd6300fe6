import { z } from 'zod'
import { InvalidInput } from '../../core/http/index.ts'
import { partyName } from '../../core/module/fields.ts'
import { type AskedWords, askFor } from '../../core/search/index.ts'

export const searchStates = ['ours', 'theirs', 'overdue', 'settled', 'unread', 'without-effect'] as const

const blank = z.literal('').transform(() => undefined)
const maybe = <T extends z.ZodType>(schema: T) => z.union([blank, schema]).optional()
const id = z.string().regex(/^[0-9a-f]{32}$/)

/** What may be asked; empty fields ask nothing. */
export const searchInput = z.object({
  q: maybe(z.string().trim().max(200)),
  ref: maybe(z.string().trim().max(60)),
  party: maybe(partyName),
  direction: maybe(z.enum(['by', 'to'])),
  form: maybe(
    z
      .string()
      .regex(/^[a-z]+(\.[a-z-]+){1,2}(\/[a-z-]+)?$/)
      .max(80),
  ),
  state: maybe(z.enum(searchStates)),
  person: maybe(z.string().max(64)),
  space: maybe(id),
  from: maybe(z.iso.date()),
  until: maybe(z.iso.date()),
  order: maybe(z.enum(['newest', 'best'])),
  /** Where the page before ended: time, space and index. */
  after: maybe(z.string().regex(/^\d{1,16}\.[0-9a-f]{32}\.\d{1,16}$/)),
})
export type SearchInput = z.infer<typeof searchInput>

/** Fields by which things are found, in the order of the form. */
export const soughtFields = ['q', 'ref', 'party', 'form', 'state', 'person', 'space', 'from', 'until'] as const

/** True if anything is asked at all. */
export function isAsked(input: SearchInput): boolean {
  return soughtFields.some((field) => input[field] !== undefined && input[field] !== '')
}

/** Words as the index is asked for them. @throws InvalidInput */
export function askedWords({ q }: SearchInput): AskedWords | undefined {
  if (q === undefined || q === '') return undefined
  const asked = askFor(q)
  if (typeof asked === 'string') throw InvalidInput.at('q', `search.invalid.${asked}`)
  return asked
}

/** The days asked for as moments in the reader's zone, both days whole. @throws InvalidInput */
export function askedSpan({ from, until }: SearchInput, zone: string): { from?: number; until?: number } {
  const span = {
    ...(from !== undefined && { from: startOf(from, zone) }),
    ...(until !== undefined && { until: startOf(until, zone, 1) }),
  }
  if (span.from !== undefined && span.until !== undefined && span.from >= span.until)
    throw InvalidInput.at('until', 'search.invalid.ends-before-it-begins')
  return span
}

function startOf(day: string, timeZone: string, later = 0): number {
  return Temporal.PlainDate.from(day).add({ days: later }).toZonedDateTime({ timeZone }).epochMilliseconds
}

/** The place at which the page before ended. */
export function askedAfter({ after }: SearchInput): { at: number; space: string; index: number } | undefined {
  const [at, space, index] = after?.split('.') ?? []
  return at && space && index ? { at: Number(at), space, index: Number(index) } : undefined
}

/** The place of an act as an address carries it; {@link askedAfter} reads it. */
export const placeOf = ({ at, space, index }: { at: number; space: string; index: number }): string =>
  `${at}.${space}.${index}`

/** The same question as an address, without what is empty. */
export function addressOf(
  input: SearchInput,
  over: Partial<Record<keyof SearchInput, string | undefined>> = {},
): string {
  const given = Object.entries({ ...input, ...over }).filter((one): one is [string, string] => Boolean(one[1]))
  return new URLSearchParams(given).toString()
}
