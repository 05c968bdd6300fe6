import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDuration, endOfDay, isDuration, isZone } from './durations.ts'
import { clockState } from './state.ts'
import type { Clock } from './types.ts'

const at = (text: string): number => Date.parse(text)
const hour = 3_600_000
const zones = ['Etc/UTC', 'Europe/Paris', 'America/New_York', 'Asia/Tehran', 'Australia/Lord_Howe', 'Pacific/Apia']
const instant = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') })
const clock = (over: Partial<Clock> = {}): Clock => ({
  id: '0'.repeat(32),
  space: '1'.repeat(32),
  regime: 'acknowledge',
  source: 'agreed',
  duty: 'borovia.example',
  startedBy: 'a',
  about: 'a',
  startsAt: 0,
  dueAt: 4 * hour,
  ...over,
})

test('hours are exact in every zone, also across a change of summer time', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 200 }), fc.constantFrom(...zones), (start, hours, zone) => {
      assert.equal(addDuration(start, `PT${hours}H`, zone), start + hours * hour)
    }),
  )
})

test('days keep the time of day of the regime’s zone', () => {
  const start = at('2026-03-28T12:00:00Z')
  assert.equal(addDuration(start, 'P1D', 'Europe/Paris'), at('2026-03-29T11:00:00Z'))
  assert.equal(addDuration(start, 'P1D', 'Etc/UTC'), at('2026-03-29T12:00:00Z'))
  assert.equal(addDuration(start, 'PT24H', 'Europe/Paris'), at('2026-03-29T12:00:00Z'))
})

test('a day that the zone skipped still ends', () => {
  // Samoa had no 30 December 2011.
  assert.ok(addDuration(at('2011-12-29T20:00:00Z'), 'P1D', 'Pacific/Apia') > at('2011-12-29T20:00:00Z'))
})

test('months end on the last day where the day does not exist', () => {
  assert.equal(addDuration(at('2024-02-29T10:00:00Z'), 'P12M', 'Etc/UTC'), at('2025-02-28T10:00:00Z'))
  assert.equal(addDuration(at('2026-01-31T10:00:00Z'), 'P1M', 'Etc/UTC'), at('2026-02-28T10:00:00Z'))
})

test('a later start never gives an earlier deadline', () => {
  const durations = fc.constantFrom('PT4H', 'PT72H', 'P1D', 'P60D', 'P1M', 'P12M', 'P1Y2M3DT4H')
  fc.assert(
    fc.property(instant, fc.nat(40 * 24 * hour), durations, fc.constantFrom(...zones), (start, more, text, zone) => {
      const gap = /T/.test(text) && !/[YMD]/.test(text.split('T')[0] as string) ? 0 : 2 * hour
      // On a calendar an hour may be passed over or come twice; beyond that order holds.
      assert.ok(addDuration(start + more, text, zone) + gap >= addDuration(start, text, zone))
    }),
  )
})

test('a date is due when its last millisecond has passed in its zone', () => {
  assert.equal(endOfDay('2027-03-01', 'Etc/UTC'), at('2027-03-02T00:00:00Z') - 1)
  assert.equal(endOfDay('2026-03-29', 'Europe/Paris'), at('2026-03-29T22:00:00Z') - 1)
})

test('what is no duration and no zone is refused', () => {
  for (const text of ['PT4H', 'P60D', 'P12M', 'P1Y']) assert.ok(isDuration(text), text)
  for (const text of ['', '4h', 'PT0S', '-PT4H', 'P101Y', 'P99999999D', 'PT4H; drop'])
    assert.ok(!isDuration(text), text)
  assert.ok(isZone('Europe/Paris') && !isZone('Mars/Olympus') && !isZone(''))
})

test('a duty met at the very instant it is due is in time; a millisecond later it is late', () => {
  assert.equal(clockState(clock({ metBy: 'b', metAt: 4 * hour }), 9 * hour), 'met')
  assert.equal(clockState(clock({ metBy: 'b', metAt: 4 * hour + 1 }), 9 * hour), 'met-late')
})

test('a requested deadline is never overdue and never late, whatever the time', () => {
  fc.assert(
    fc.property(fc.nat(1000 * hour), fc.option(fc.nat(1000 * hour), { nil: undefined }), (now, metAt) => {
      const state = clockState(clock({ source: 'requested', metAt, metBy: metAt === undefined ? undefined : 'b' }), now)
      assert.ok(state !== 'overdue' && state !== 'met-late')
    }),
  )
  assert.equal(clockState(clock({ source: 'requested' }), 5 * hour), 'unanswered')
})

test('an agreed or legal deadline runs until it is due and is overdue after', () => {
  for (const source of ['agreed', 'law'] as const) {
    assert.equal(clockState(clock({ source }), 4 * hour), 'running')
    assert.equal(clockState(clock({ source }), 4 * hour + 1), 'overdue')
    assert.equal(clockState(clock({ source, cancelledBy: 'c' }), 9 * hour), 'cancelled')
  }
})
