/** Open from one time of day to another, there; one that ends before it begins ends on the next day. */
export type Span = {
  /** 'HH:MM', 24 hours. */
  from: string
  until: string
}

/** A span on days of the week: 1 is Monday, 7 is Sunday. */
export type WeekSpan = Span & { days: readonly number[] }

/** What a contact promised: at which hours it answers, in its own zone. */
export interface PromisedHours {
  hours: string
  /** Where the hours are stated day by day. */
  week?: readonly WeekSpan[] | null
  zone: string
}

/** Days on which a party's offices are closed, or shut outside of these hours; by date 'YYYY-MM-DD'. */
export type OfficeCalendar = ReadonlyMap<string, Span | 'closed'>

/** Weekdays from nine to five. */
const officeWeek: readonly WeekSpan[] = [{ days: [1, 2, 3, 4, 5], from: '09:00', until: '17:00' }]
const nobodysCalendar: OfficeCalendar = new Map()
/** How many days ahead the next opening is looked for. */
const daysAhead = 21

/** A time at which somebody answers, ms: from `from` up to, not including, `until`. */
export interface Opening {
  from: number
  until: number
}

/** Whether somebody promised to answer at `at` (ms). */
export function isOpenAt(promised: PromisedHours, at: number, calendar = nobodysCalendar): boolean {
  return promised.hours === 'always' || openingAt(promised, at, calendar) !== undefined
}

/** The opening under way at `at`; undefined when closed, and for who answers round the clock. */
export function openingAt(promised: PromisedHours, at: number, calendar = nobodysCalendar): Opening | undefined {
  return openingsAt(promised, at, calendar)[0]
}

/** All openings under way at `at`; none for who answers round the clock. */
export function openingsAt(promised: PromisedHours, at: number, calendar = nobodysCalendar): Opening[] {
  const today = dateAt(promised.zone, at)
  // Yesterday's may last beyond midnight.
  return [today.subtract({ days: 1 }), today]
    .flatMap((date) => openingsOn(date, promised, calendar))
    .filter(({ from, until }) => from <= at && at < until)
}

/** The next opening that begins after `at`; undefined if there is none within three weeks. */
export function nextOpening(promised: PromisedHours, at: number, calendar = nobodysCalendar): Opening | undefined {
  const today = dateAt(promised.zone, at)
  for (let day = 0; day <= daysAhead; day += 1) {
    const openings = openingsOn(today.add({ days: day }), promised, calendar)
    const next = openings.filter(({ from }) => from > at).toSorted((a, b) => a.from - b.from)[0]
    if (next) return next
  }
  return undefined
}

/**
 * All openings that end after `from` and begin before `until` (ms), in order; what overlaps is one. None for who
 * answers round the clock.
 */
export function openingsBetween(
  promised: PromisedHours,
  { from, until }: Opening,
  calendar = nobodysCalendar,
): Opening[] {
  if (promised.hours === 'always') return []
  const last = dateAt(promised.zone, until)
  const found: Opening[] = []
  // The day before: its openings may last beyond midnight.
  for (let date = dateAt(promised.zone, from).subtract({ days: 1 }); ; date = date.add({ days: 1 })) {
    if (Temporal.PlainDate.compare(date, last) > 0) break
    found.push(...openingsOn(date, promised, calendar))
  }
  return joined(found.filter((opening) => opening.until > from && opening.from < until))
}

function joined(openings: readonly Opening[]): Opening[] {
  const result: Opening[] = []
  for (const opening of openings.filter(({ from, until }) => from < until).toSorted((a, b) => a.from - b.from)) {
    const before = result.at(-1)
    if (before && opening.from <= before.until) before.until = Math.max(before.until, opening.until)
    else result.push({ ...opening })
  }
  return result
}

function dateAt(zone: string, at: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
}

function openingsOn(
  date: Temporal.PlainDate,
  { hours, week, zone }: PromisedHours,
  calendar: OfficeCalendar,
): Opening[] {
  const special = calendar.get(date.toString())
  if (special === 'closed') return []
  const usual = hours === 'stated' ? (week ?? []) : officeWeek
  const openings = usual.filter(({ days }) => days.includes(date.dayOfWeek)).map((span) => openingOf(date, span, zone))
  return special ? cutTo(openings, openingOf(date, special, zone)) : openings
}

function openingOf(date: Temporal.PlainDate, { from, until }: Span, zone: string): Opening {
  const endsOn = until <= from ? date.add({ days: 1 }) : date
  return { from: momentOf(date, from, zone), until: momentOf(endsOn, until, zone) }
}

/** A shortened day opens nobody who would be closed. */
function cutTo(openings: readonly Opening[], { from, until }: Opening): Opening[] {
  return openings
    .map((opening) => ({ from: Math.max(opening.from, from), until: Math.min(opening.until, until) }))
    .filter((opening) => opening.from < opening.until)
}

/** A time of day that the clocks skip counts as that much later, as people read it. */
function momentOf(date: Temporal.PlainDate, time: string, zone: string): number {
  return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds
}
