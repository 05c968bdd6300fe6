/** One entry of a calendar file. The same `uid` with a higher `sequence` replaces what was imported before. */
export interface CalendarEntry {
  uid: string
  sequence: number
  /** When it last changed, ms. */
  stamp: number
  from: number
  /** Equal to `from` for a deadline. */
  until: number
  status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED'
  summary: string
  description?: string
  location?: string
  url?: string
}

/** An iCalendar file (RFC 5545). Times are in UTC: no reader needs to know our zones, and no change of clocks moves them. */
export function writeCalendar(name: string, entries: readonly CalendarEntry[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Chancery//Talks//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escaped(name)}`,
    ...entries.flatMap(entryLines),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function entryLines(entry: CalendarEntry): string[] {
  const optional = (name: string, value: string | undefined) => (value ? [`${name}:${escaped(value)}`] : [])
  return [
    'BEGIN:VEVENT',
    `UID:${entry.uid}`,
    `SEQUENCE:${entry.sequence}`,
    `DTSTAMP:${utc(entry.stamp)}`,
    `DTSTART:${utc(entry.from)}`,
    ...(entry.until > entry.from ? [`DTEND:${utc(entry.until)}`] : []),
    `STATUS:${entry.status}`,
    `TRANSP:${entry.until > entry.from && entry.status !== 'CANCELLED' ? 'OPAQUE' : 'TRANSPARENT'}`,
    'CLASS:CONFIDENTIAL',
    `SUMMARY:${escaped(entry.summary)}`,
    ...optional('DESCRIPTION', entry.description),
    ...optional('LOCATION', entry.location),
    ...(entry.url ? [`URL:${entry.url}`] : []),
    'END:VEVENT',
  ]
}

const utc = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

// Control characters would end a line; of what breaks lines only \n has a form of its own.
function escaped(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/[\\;,]/g, (one) => `\\${one}`)
    .replaceAll('\n', '\\n')
    .replace(/[^\P{Cc}\t]/gu, '')
}

/** At most 75 octets to a line, never cutting a character (§3.1). */
function folded(line: string): string {
  const out: string[] = []
  let room = 75
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (size > room) {
      out.push('\r\n ')
      room = 74
    }
    out.push(character)
    room -= size
  }
  return out.join('')
}
