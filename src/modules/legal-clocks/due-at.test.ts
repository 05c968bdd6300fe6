import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../core/http/refusal.ts'
import { readDated } from '../../core/dated-data/index.ts'
import { dueAt } from '../../core/clocks/index.ts'
import { awareAtOf } from './aware-at.ts'
import { readRegimes, regimesFile } from './regimes.ts'

const at = (text: string): number => Date.parse(text)
const hour = 3_600_000
const day = 24 * hour
const zones = ['Etc/UTC', 'Europe/Paris', 'America/New_York', 'Asia/Tehran', 'Australia/Lord_Howe']
const instant = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })
const zone = fc.constantFrom(...zones)
const calendar = { weekend: [6, 7], holidays: ['2026-12-25'] }
const { content } = readRegimes({ settings: {} })
const terms = content.regimes.flatMap((regime) => regime.terms).filter((one) => one.within ?? one.workingDays)

test('a term of hours ends after exactly those hours, whatever the night, the weekend or the summer time', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 96 }), zone, (start, hours, where) => {
      const due = dueAt(start, { within: `PT${hours}H`, ends: 'exact' }, { zone: where, calendar })
      assert.equal(due, start + hours * hour)
    }),
  )
})

test('who became aware later never has to notify earlier, in any term of the shipped laws', () => {
  fc.assert(
    fc.property(instant, fc.nat(90 * day), fc.constantFrom(...terms), zone, (start, more, term, where) => {
      const first = dueAt(start, term, { zone: where, calendar: content }) as number
      const second = dueAt(start + more, term, { zone: where, calendar: content }) as number
      assert.ok(first > start && second >= first)
    }),
  )
})

test('a term in working days ends on one, and counts none that is not', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 40 }), zone, (start, workingDays, where) => {
      const due = dueAt(start, { workingDays, ends: 'end-of-day' }, { zone: where, calendar }) as number
      const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: where }).format(due)
      assert.ok(!['Sat', 'Sun'].includes(weekday))
      const more = dueAt(
        start,
        { workingDays: workingDays + 1, ends: 'end-of-day' },
        { zone: where, calendar },
      ) as number
      assert.ok(more > due && more - due <= 5 * day)
    }),
  )
})

test('a month ends with its day, and moves on from a Saturday and a holiday only where the law says so', () => {
  const within = (ends: 'end-of-day' | 'working-day', start: string) =>
    dueAt(at(start), { within: 'P1M', ends }, { zone: 'Europe/Paris', calendar })
  // 25 December 2026 is a Friday and a holiday here; the Monday after is the 28th.
  assert.equal(within('end-of-day', '2026-11-25T10:00:00Z'), at('2026-12-25T22:59:59.999Z'))
  assert.equal(within('working-day', '2026-11-25T10:00:00Z'), at('2026-12-28T22:59:59.999Z'))
  assert.equal(within('end-of-day', '2027-01-31T10:00:00Z'), at('2027-02-28T22:59:59.999Z'))
  assert.equal(dueAt(0, { ends: 'exact' }, { zone: 'Etc/UTC', calendar }), undefined)
})

test('a moment of awareness is the earliest that fits what is known, and an hour that never was is none', () => {
  assert.equal(awareAtOf('2026-10-25T02:30', 'Europe/Paris', 'minute'), at('2026-10-25T00:30:00Z'))
  assert.equal(awareAtOf('2026-03-29T02:30', 'Europe/Paris', 'minute'), undefined)
  assert.equal(awareAtOf('2026-11-10T09:47', 'Europe/Paris', 'hour'), at('2026-11-10T08:00:00Z'))
  assert.equal(awareAtOf('2026-11-10T09:47', 'Europe/Paris', 'day'), at('2026-11-09T23:00:00Z'))
  assert.equal(awareAtOf('yesterday', 'Europe/Paris', 'day'), undefined)
  fc.assert(
    fc.property(instant, zone, (moment, where) => {
      const minute = Math.floor(moment / 60_000) * 60_000
      const local = new Date(minute).toLocaleString('sv', { timeZone: where }).slice(0, 16).replace(' ', 'T')
      const told = (precision: 'minute' | 'hour' | 'day') => awareAtOf(local, where, precision) as number
      assert.ok(told('minute') <= minute && told('hour') <= told('minute') && told('day') <= told('hour'))
    }),
  )
})

test('a faulty term is named with its place, and a changed one changes the end', () => {
  const [nis2] = content.regimes
  const read = (terms: unknown[]) =>
    readDated(
      { settings: {} },
      {
        ...regimesFile,
        path: `try-${JSON.stringify(terms).length}`,
        shipped: { ...content, regimes: [{ ...nis2, terms }] },
      },
    )
  const [first, second] = nis2?.terms ?? []
  const faulty = (terms: unknown[], place: RegExp) =>
    assert.throws(
      () => read(terms),
      (error) => error instanceof Refusal && place.test(error.message),
    )
  faulty([{ ...first, within: 'soon' }], /regimes\[0\]\.terms\[0\]\.within: no duration/)
  faulty([{ ...first, after: 'luck' }], /regimes\[0\]\.terms\[0\]\.after: no earlier term/)
  faulty([{ ...first, fields: ['mood'] }], /terms\[0\]\.fields: no field is called mood/)
  const [changed] = read([{ ...first, within: 'PT12H' }, second]).content.regimes[0]?.terms ?? []
  assert.equal(dueAt(0, changed as never, { zone: 'Etc/UTC', calendar }), 12 * hour)
})
