import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isOpenAt, nextOpening, type OfficeCalendar, openingAt, type Span, type WeekSpan } from './office-hours.ts'
import type { Contact } from './contacts.ts'
import { answersAhead, answersUntil } from './who-answers.ts'

const at = (text: string) => Temporal.ZonedDateTime.from(text).epochMilliseconds
const weekdays = [1, 2, 3, 4, 5]

test('office hours are weekdays from nine to five where the office is', () => {
  const desk = { hours: 'office', zone: 'Asia/Tokyo' }
  assert.equal(isOpenAt(desk, at('2026-11-23T09:00[Asia/Tokyo]')), true)
  assert.equal(isOpenAt(desk, at('2026-11-23T17:00[Asia/Tokyo]')), false)
  assert.equal(isOpenAt(desk, at('2026-11-22T12:00[Asia/Tokyo]')), false, 'a Sunday')
  assert.deepEqual(nextOpening(desk, at('2026-11-20T17:00[Asia/Tokyo]')), {
    from: at('2026-11-23T09:00[Asia/Tokyo]'),
    until: at('2026-11-23T17:00[Asia/Tokyo]'),
  })
})

test('a week from Sunday to Thursday and a night shift are kept as they were promised', () => {
  const week: WeekSpan[] = [
    { days: [7, 1, 2, 3, 4], from: '08:00', until: '15:00' },
    { days: [5], from: '22:00', until: '06:00' },
  ]
  const desk = { hours: 'stated', week, zone: 'Asia/Riyadh' }
  assert.equal(isOpenAt(desk, at('2026-11-22T08:30[Asia/Riyadh]')), true, 'Sunday')
  assert.equal(isOpenAt(desk, at('2026-11-20T10:00[Asia/Riyadh]')), false, 'Friday by day')
  assert.equal(isOpenAt(desk, at('2026-11-21T05:59[Asia/Riyadh]')), true, 'the night from Friday to Saturday')
  assert.equal(isOpenAt(desk, at('2026-11-21T06:00[Asia/Riyadh]')), false)
})

test('a holiday closes an office, a shortened day shortens it, and neither closes who answers round the clock', () => {
  const calendar: OfficeCalendar = new Map<string, Span | 'closed'>([
    ['2026-12-24', { from: '09:00', until: '12:00' }],
    ['2026-12-25', 'closed'],
  ])
  const office = { hours: 'office', zone: 'Europe/Vienna' }
  assert.equal(isOpenAt(office, at('2026-12-24T11:59[Europe/Vienna]'), calendar), true)
  assert.equal(isOpenAt(office, at('2026-12-24T12:00[Europe/Vienna]'), calendar), false)
  assert.equal(isOpenAt(office, at('2026-12-25T10:00[Europe/Vienna]'), calendar), false)
  assert.equal(isOpenAt({ ...office, hours: 'always' }, at('2026-12-25T10:00[Europe/Vienna]'), calendar), true)
  const night = { hours: 'stated', week: [{ days: [4], from: '11:00', until: '02:00' }], zone: 'Europe/Vienna' }
  assert.deepEqual(openingAt(night, at('2026-12-24T11:30[Europe/Vienna]'), calendar), {
    from: at('2026-12-24T11:00[Europe/Vienna]'),
    until: at('2026-12-24T12:00[Europe/Vienna]'),
  })
  const next = nextOpening(office, at('2026-12-24T12:00[Europe/Vienna]'), calendar)
  assert.equal(next?.from, at('2026-12-28T09:00[Europe/Vienna]'), 'a Friday that is closed, then a weekend')
})

test('an hour that the clocks skip or repeat neither opens nor closes an office by mistake', () => {
  const desk = { hours: 'stated', week: [{ days: [7], from: '02:30', until: '03:30' }], zone: 'Europe/Paris' }
  const spring = openingAt(desk, at('2026-03-29T03:30[Europe/Paris]'))
  assert.equal(spring, undefined, 'two thirty is three thirty on that day, and over at once')
  const autumn = openingAt(desk, Date.UTC(2026, 9, 25, 0, 45))
  assert.deepEqual(autumn && [autumn.from, autumn.until], [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 2, 30)])
})

test('who is closed opens exactly when the next opening begins, and who is open is within one opening', () => {
  const time = fc
    .integer({ min: 0, max: 47 })
    .map((half) => `${String(half >> 1).padStart(2, '0')}:${half % 2 ? '30' : '00'}`)
  const span = fc.record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: time,
    until: time,
  })
  const zone = fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland', 'UTC')
  const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 3 }), zone, moment, (week, where, now) => {
      const desk = { hours: 'stated', week, zone: where }
      const opening = openingAt(desk, now)
      assert.equal(isOpenAt(desk, now), opening !== undefined)
      if (opening) assert.ok(opening.from <= now && now < opening.until)
      const next = nextOpening(desk, now)
      assert.ok(next, 'a week has an opening in three')
      assert.ok(next.from > now)
      if (next.until > next.from) assert.equal(isOpenAt(desk, next.from), true)
      if (!opening) assert.equal(isOpenAt(desk, next.from - 1), false)
    }),
    { numRuns: 300 },
  )
})

test('hours of a whole year, asked for each hour, are those that were promised', () => {
  const week = [{ days: weekdays, from: '08:30', until: '16:30' }]
  const desk = { hours: 'stated', week, zone: 'America/New_York' }
  for (let now = Date.UTC(2026, 0, 1); now < Date.UTC(2027, 0, 1); now += 3_600_000 * 7) {
    const there = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('America/New_York')
    const minutes = there.hour * 60 + there.minute
    assert.equal(isOpenAt(desk, now), there.dayOfWeek <= 5 && minutes >= 510 && minutes < 990, there.toString())
  }
})

test('an opening that begins on the last day of a nomination counts to its end, one that begins after it not', () => {
  const night = {
    hours: 'stated',
    week: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '20:00', until: '06:00' }],
    zone: 'Europe/Paris',
    calendar: new Map(),
    valid_from: '2026-11-20',
    valid_until: '2026-11-22',
  }
  const answers = (text: string) => answersUntil(night, at(`${text}[Europe/Paris]`)) !== undefined
  assert.equal(answers('2026-11-22T23:59'), true)
  assert.equal(answers('2026-11-23T05:59'), true, 'the night that began on the last day')
  assert.equal(answers('2026-11-23T06:00'), false)
  assert.equal(answers('2026-11-23T21:00'), false, 'a night after it')
  assert.equal(answers('2026-11-20T00:00'), true, 'the first day has all its hours')
  assert.equal(answers('2026-11-19T23:59'), false)
  assert.equal(answersUntil({ ...night, hours: 'always' }, at('2026-11-23T00:00[Europe/Paris]')), undefined)
})

test('a sheet that is read hours later names who answers then, also where a change comes into force or nobody answers', () => {
  const contact = (name: string, over: object) =>
    ({
      space: 's',
      contact: name,
      hash: name,
      zone: 'Etc/UTC',
      valid_from: null,
      valid_until: null,
      calendar: new Map(),
      ...over,
    }) as unknown as Contact
  const night = contact('night', { hours: 'stated', week: [{ days: [7], from: '00:00', until: '06:00' }] })
  const entry = contact('night', { hash: 'night-as-changed', hours: 'stated', week: night.week })
  const changed = { ...night, announced: { inForceAt: at('2026-11-22T04:00Z[UTC]'), hash: 'x', removal: false, entry } }
  const day = contact('day', {
    hours: 'stated',
    week: [{ days: [7], from: '08:00', until: '20:00' }],
    valid_until: '2026-11-22',
  })
  const window = { from: at('2026-11-22T02:00Z[UTC]'), until: at('2026-11-23T02:00Z[UTC]') }
  const said = (contacts: Contact[]) =>
    answersAhead(contacts, window).map(
      ({ from, contact: who }) => `${new Date(from).toISOString().slice(11, 13)} ${who?.hash}`,
    )
  assert.deepEqual(said([changed as Contact, day]), [
    '02 night',
    '04 night-as-changed',
    '06 undefined',
    '08 day',
    '20 undefined',
  ])
  assert.deepEqual(said([contact('desk', { hours: 'always', valid_until: '2026-11-22' })]), ['02 desk', '00 undefined'])
})
