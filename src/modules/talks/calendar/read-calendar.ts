import { momentIn } from './moment.ts'
import { isKnownZone, offsetOf, readZone, type ReadZone } from './read-zone.ts'

export interface ReadEvent {
  uid: string
  sequence: number
  from: number
  until: number
  summary: string
  description: string
  location: string
  isCancelled: boolean
  /** It says that it repeats; only this first occurrence is read. */
  repeats: boolean
  attendees: { address: string; answer: string }[]
}

export interface ReadCalendar {
  /** PUBLISH, REQUEST, REPLY, CANCEL, …; empty where none is named. */
  method: string
  events: ReadEvent[]
  /** Times that somebody says are taken. */
  busy: { from: number; until: number }[]
}

/** What cannot be read, and where. */
export class CalendarError extends Error {
  override name = 'CalendarError'
  line: number
  why: 'not-a-calendar' | 'time' | 'zone' | 'too-long'
  constructor(line: number, why: CalendarError['why']) {
    super(`line ${line}: ${why}`)
    this.line = line
    this.why = why
  }
}

export interface Line {
  name: string
  parameters: Record<string, string>
  value: string
  /** In the file, counted from 1. */
  number: number
}

const mostLines = 20_000
const mostEvents = 200

/**
 * Reads what other programs write (RFC 5545): meetings, answers to invitations, times that are taken.
 *
 * @throws CalendarError where it is no calendar, or where a time cannot be placed
 */
export function readCalendar(text: string): ReadCalendar {
  const lines = unfold(text)
  if (lines[0]?.name !== 'BEGIN' || lines[0].value.toUpperCase() !== 'VCALENDAR')
    throw new CalendarError(1, 'not-a-calendar')
  const zones = new Map(
    components(lines, 'VTIMEZONE').map((own) => [find(own, 'TZID')?.value ?? '', readZone(own)] as const),
  )
  const method = lines.find(({ name }) => name === 'METHOD')?.value.toUpperCase() ?? ''
  const events = components(lines, 'VEVENT')
    .slice(0, mostEvents)
    .map((own) => readEvent(own, zones, method))
  const busy = components(lines, 'VFREEBUSY').flatMap((own) => own.flatMap((line) => readBusy(line)))
  return { method, events, busy }
}

function unfold(text: string): Line[] {
  const lines: { text: string; number: number }[] = []
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (index >= mostLines) throw new CalendarError(index + 1, 'too-long')
    const last = lines.at(-1)
    if (/^[ \t]/.test(line) && last) last.text += line.slice(1)
    else if (line !== '') lines.push({ text: line, number: index + 1 })
  }
  return lines.map(readLine)
}

function readLine({ text, number }: { text: string; number: number }): Line {
  const match = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*))*):(.*)$/.exec(text)
  if (!match) throw new CalendarError(number, 'not-a-calendar')
  const [, name = '', parameters = '', value = ''] = match
  const pairs = [...parameters.matchAll(/;([A-Za-z0-9-]+)=(?:"([^"]*)"|([^";:]*))/g)]
  return {
    name: name.toUpperCase(),
    parameters: Object.fromEntries(
      pairs.map(([, key = '', quoted, plain]) => [key.toUpperCase(), quoted ?? plain ?? '']),
    ),
    value,
    number,
  }
}

/** The lines of each component of a kind, those of what stands within it (an alarm) left out unless it is a zone. */
function components(lines: readonly Line[], kind: string): Line[][] {
  const found: Line[][] = []
  let own: Line[] | undefined
  let depth = 0
  for (const line of lines) {
    const isEdge = line.name === 'BEGIN' || line.name === 'END'
    if (line.name === 'BEGIN' && line.value.toUpperCase() === kind && !own) {
      own = []
      depth = 0
      continue
    }
    if (!own) continue
    if (line.name === 'END' && depth === 0) {
      found.push(own)
      own = undefined
      continue
    }
    if (isEdge) depth += line.name === 'BEGIN' ? 1 : -1
    if (depth === 0 || kind === 'VTIMEZONE') own.push(line)
  }
  return found
}

const find = (lines: readonly Line[], name: string) => lines.find((line) => line.name === name)

function readEvent(own: Line[], zones: ReadonlyMap<string, ReadZone>, method: string): ReadEvent {
  const start = find(own, 'DTSTART')
  if (!start) throw new CalendarError(own[0]?.number ?? 1, 'time')
  const from = readTime(start, zones)
  const end = find(own, 'DTEND')
  const lasts = find(own, 'DURATION')
  const words = (name: string) => plain(find(own, name)?.value ?? '')
  return {
    uid: find(own, 'UID')?.value.slice(0, 255) ?? '',
    sequence: Number(/^\d{1,9}$/.exec(find(own, 'SEQUENCE')?.value ?? '')?.[0] ?? 0),
    from,
    until: end ? readTime(end, zones) : lasts ? from + readDuration(lasts) : from,
    summary: words('SUMMARY').slice(0, 300),
    description: words('DESCRIPTION').slice(0, 20_000),
    location: words('LOCATION').slice(0, 300),
    isCancelled: method === 'CANCEL' || find(own, 'STATUS')?.value.toUpperCase() === 'CANCELLED',
    repeats: find(own, 'RRULE') !== undefined || find(own, 'RDATE') !== undefined,
    attendees: own
      .filter(({ name }) => name === 'ATTENDEE')
      .slice(0, 100)
      .map(({ parameters, value }) => ({
        address: value.replace(/^mailto:/i, '').slice(0, 254),
        answer: (parameters.PARTSTAT ?? 'NEEDS-ACTION').toUpperCase(),
      })),
  }
}

function readTime(line: Line, zones: ReadonlyMap<string, ReadZone>): number {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(line.value)
  if (!match) throw new CalendarError(line.number, 'time')
  const [, year, month, day, hour = '00', minute = '00', second = '00', z] = match
  const [date, time] = [`${year}-${month}-${day}`, `${hour}:${minute}:${second.replace('60', '59')}`]
  if (!isDateTime(date, time)) throw new CalendarError(line.number, 'time')
  const asUtc = Date.parse(`${date}T${time}Z`)
  if (z === 'Z') return asUtc
  const name = line.parameters.TZID
  const zone = name === undefined ? undefined : zones.get(name)
  if (zone) return asUtc - offsetOf(zone, asUtc)
  if (name === undefined || !isKnownZone(name)) throw new CalendarError(line.number, 'zone')
  const moment = momentIn(name, date, time)
  if (typeof moment === 'string') throw new CalendarError(line.number, 'time')
  return moment
}

function isDateTime(date: string, time: string): boolean {
  try {
    Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}

function readDuration({ value, number }: Line): number {
  const match = /^\+?P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?)$/.exec(value)
  if (!match) throw new CalendarError(number, 'time')
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((one) => Number(one ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1_000
}

function readBusy(line: Line): ReadCalendar['busy'] {
  if (line.name !== 'FREEBUSY' || line.parameters.FBTYPE?.toUpperCase() === 'FREE') return []
  return line.value.split(',').map((period) => {
    const [from = '', to = ''] = period.split('/')
    const begins = readTime({ ...line, parameters: {}, value: from }, new Map())
    const until = /^\+?P/.test(to)
      ? begins + readDuration({ ...line, value: to })
      : readTime({ ...line, parameters: {}, value: to }, new Map())
    return { from: begins, until }
  })
}

const plain = (value: string): string =>
  value.replace(/\\([nN\\;,])/g, (_, one: string) => (one.toLowerCase() === 'n' ? '\n' : one))
