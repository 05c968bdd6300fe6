import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { momentIn } from './moment.ts'
import { CalendarError, readCalendar } from './read-calendar.ts'
import { writeCalendar } from './write-calendar.ts'

const event = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:u', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n')

test('what is written into a calendar is read back to the same moment and words, in lines of at most 75 octets', () => {
  const words = fc
    .string({ unit: 'grapheme', maxLength: 200 })
    .map((one) => one.replace(/\p{Cc}|[\u2028\u2029\u0085]/gu, ''))
  fc.assert(
    fc.property(words, words, fc.integer({ min: 0, max: 4_000_000 }), (summary, description, minute) => {
      const from = Date.UTC(2026, 0, 1) + minute * 60_000
      const entry = {
        uid: 'chancery-talks-1',
        sequence: 3,
        stamp: from,
        from,
        until: from + 3_600_000,
        status: 'CONFIRMED' as const,
        summary,
        description: `${description}\n;,\\n`,
      }
      const file = writeCalendar('Chancery', [entry])
      for (const line of file.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75)
      const [read] = readCalendar(file).events
      assert.deepEqual(
        [read?.uid, read?.sequence, read?.from, read?.until, read?.summary, read?.description],
        [entry.uid, 3, from, from + 3_600_000, summary.slice(0, 300), entry.description],
      )
    }),
    { numRuns: 150 },
  )
})

test('a meeting keeps its moment across a change of clocks, and a time that clocks skip or show twice is no moment', () => {
  assert.equal(momentIn('Europe/Paris', '2026-03-29', '02:30'), 'skipped')
  assert.equal(momentIn('Europe/Paris', '2026-10-25', '02:30'), 'twice')
  assert.equal(momentIn('Europe/Paris', '2026-10-25', '03:00'), Date.UTC(2026, 9, 25, 2))
  assert.equal(momentIn('Etc/UTC', '2026-03-29', '02:30'), Date.UTC(2026, 2, 29, 2, 30))
  // A zone under a name of its own, as some programs write it, with the rules in the file.
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:W. Europe Standard Time',
    'BEGIN:STANDARD',
    'DTSTART:16010101T030000',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0100',
    'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
    'END:STANDARD',
    'BEGIN:DAYLIGHT',
    'DTSTART:16010101T020000',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0200',
    'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
    'END:DAYLIGHT',
    'END:VTIMEZONE',
  ]
  for (const [local, utc] of [
    ['20260328T100000', Date.UTC(2026, 2, 28, 9)],
    ['20260329T100000', Date.UTC(2026, 2, 29, 8)],
    ['20261024T100000', Date.UTC(2026, 9, 24, 8)],
    ['20261025T100000', Date.UTC(2026, 9, 25, 9)],
    ['20270115T100000', Date.UTC(2027, 0, 15, 9)],
  ] as const) {
    const file = event(`DTSTART;TZID="W. Europe Standard Time":${local}`).replace(
      'BEGIN:VEVENT',
      [...zone, 'BEGIN:VEVENT'].join('\r\n'),
    )
    assert.equal(readCalendar(file).events[0]?.from, utc, local)
  }
  const named = readCalendar(event('DTSTART;TZID=Europe/Paris:20260329T100000', 'DURATION:PT1H30M')).events[0]
  assert.deepEqual([named?.from, named?.until], [Date.UTC(2026, 2, 29, 8), Date.UTC(2026, 2, 29, 9, 30)])
})

test('a calendar file that cannot be read is refused by its line, and a hostile one does no harm', () => {
  for (const [text, line, why] of [
    ['', 1, 'not-a-calendar'],
    ['<html>', 1, 'not-a-calendar'],
    [event('DTSTART:20261301T100000Z'), 4, 'time'],
    [event('SUMMARY:x', 'DTSTART:20261101T100000'), 5, 'zone'],
    [event('DTSTART;TZID=Nowhere/Land:20261101T100000'), 4, 'zone'],
    [event('DTSTART;TZID=Europe/Paris:20261025T023000'), 4, 'time'],
    [event('SUMMARY:no start'), 3, 'time'],
    [event('DTSTART:20261101T100000Z', 'DURATION:PXY'), 5, 'time'],
    ['BEGIN:VCALENDAR\n'.repeat(20_002), 20_001, 'too-long'],
  ] as const)
    assert.throws(
      () => readCalendar(text),
      (error) => error instanceof CalendarError && error.line === line && error.why === why,
      text.slice(0, 200),
    )
  const read = readCalendar(
    event(
      'METHOD:REPLY',
      'DTSTART:20261101T100000Z',
      'ATTENDEE;PARTSTAT=ACCEPTED;CN="B; x":mailto:bea@borovia.example',
      'BEGIN:VALARM',
      'DTSTART:nonsense',
      'END:VALARM',
    ),
  )
  assert.deepEqual(read.events[0]?.attendees, [{ address: 'bea@borovia.example', answer: 'ACCEPTED' }])
  const busy =
    'BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20261101T100000Z/PT1H,20261102T100000Z/20261102T120000Z\nFREEBUSY;FBTYPE=FREE:20261103T100000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR'
  assert.deepEqual(
    readCalendar(busy).busy.map(({ from, until }) => [from, until - from]),
    [
      [Date.UTC(2026, 10, 1, 10), 3_600_000],
      [Date.UTC(2026, 10, 2, 10), 7_200_000],
    ],
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      try {
        readCalendar(`BEGIN:VCALENDAR\n${text}`)
      } catch (error) {
        assert.ok(error instanceof CalendarError)
      }
    }),
    { numRuns: 200 },
  )
})
