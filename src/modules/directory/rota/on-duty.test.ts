import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ladderOf } from './escalation-ladder.ts'
import { type Absence, gapsIn, onDutyAt, type PlannedShift, type Rota } from './on-duty.ts'
import { timesOf } from './rota-input.ts'

const hour = 3_600_000
const at = (text: string) => Temporal.ZonedDateTime.from(text).epochMilliseconds
const names = new Map([
  ['ada', 'Ada'],
  ['ben', 'Ben'],
  ['cleo', 'Cleo'],
])
const shift = (person: string, rank: number, over: Partial<PlannedShift> = {}): PlannedShift => ({
  id: `${person} ${rank}`,
  person,
  rank,
  fromAt: 0,
  ...over,
})
const absent = (person: string, over: Partial<Absence> = {}): Absence => ({
  id: `${person} absent`,
  person,
  fromAt: 10 * hour,
  untilAt: 20 * hour,
  notedAt: 10 * hour,
  ...over,
})
const rotaOf = (shifts: PlannedShift[], absences: Absence[] = []): Rota => ({ shifts, absences, names })
const called = (rota: Rota, when: number) =>
  onDutyAt(rota, when).map(({ name, insteadOf }) => [name, ...(insteadOf ? [insteadOf] : [])].join(' for '))

test('while an officer is absent the deputy stands in, and the next in the ladder where there is none', () => {
  const both = [shift('ada', 1), shift('ben', 2)]
  assert.deepEqual(called(rotaOf(both, [absent('ada', { deputy: 'cleo' })]), 12 * hour), ['Cleo for Ada', 'Ben'])
  assert.deepEqual(called(rotaOf(both, [absent('ada')]), 12 * hour), ['Ben'])
  assert.deepEqual(called(rotaOf(both, [absent('ada', { deputy: 'ben' })]), 12 * hour), ['Ben for Ada'], 'once')
  assert.deepEqual(called(rotaOf(both, [absent('ada')]), 20 * hour), ['Ada', 'Ben'], 'back at the very end')
  const endedEarly = absent('ada', { endedAt: 11 * hour })
  assert.deepEqual(called(rotaOf(both, [endedEarly]), 12 * hour), ['Ada', 'Ben'])
  const circle = [absent('ada', { deputy: 'ben' }), absent('ben', { deputy: 'ada' })]
  assert.deepEqual(called(rotaOf(both, circle), 12 * hour), [], 'two who stand in for each other are both away')
  const chain = [absent('ada', { deputy: 'ben' }), absent('ben', { deputy: 'cleo' })]
  assert.deepEqual(called(rotaOf([shift('ada', 1)], chain), 12 * hour), ['Cleo for Ada'])
})

test('who left the house is called no more, and the ladder goes on with the next at once', () => {
  const clock = { regime: 'acknowledge', startsAt: 0, dueAt: 4 * hour }
  const steps = (rota: Rota, now: number, pagedAt?: number) =>
    ladderOf(clock, { rota, mayAnswer: ['ada', 'ben', 'cleo'], now, ...(pagedAt !== undefined && { pagedAt }) }).map(
      ({ step, at: when, people }) => [step.split(':')[0], when / hour, people],
    )
  const before = rotaOf([shift('ada', 1), shift('ben', 2)])
  assert.deepEqual(steps(before, hour, 0.5 * hour), [
    ['duty-officer', 0, ['ada']],
    ['deputy', 2, ['ben']],
    ['everyone', 3, ['ada', 'ben', 'cleo']],
  ])
  const left = rotaOf([shift('ada', 1, { endedAt: hour, endedWhy: 'left' }), shift('ben', 2), shift('cleo', 3)])
  assert.deepEqual(steps(left, hour, 0.5 * hour), [
    ['duty-officer', 0, ['ben']],
    ['relief', 0, ['ben']],
    ['deputy', 2, ['cleo']],
    ['everyone', 3, ['ada', 'ben', 'cleo']],
  ])
  assert.ok(!steps(left, 2 * hour, 1.5 * hour).some(([step]) => step === 'relief'), 'who was paged since is not again')
  const ended = rotaOf([shift('ada', 1, { endedAt: hour, endedWhy: 'ended' }), shift('ben', 2)])
  assert.ok(!steps(ended, hour, 0.5 * hour).some(([step]) => step === 'relief'), 'a duty that ended hands nothing on')
  const away = rotaOf(
    [shift('ada', 1), shift('ben', 2)],
    [absent('ada', { fromAt: hour, notedAt: hour, deputy: 'cleo' })],
  )
  const [, relief] = ladderOf(clock, { rota: away, mayAnswer: ['ada', 'ben'], now: 1.5 * hour, pagedAt: 0 })
  assert.deepEqual([relief?.people, relief?.insteadOf], [['cleo'], { cleo: 'Ada' }])
  const everyone = ladderOf(clock, { rota: away, mayAnswer: ['ada', 'ben'], now: 1.5 * hour }).at(-1)
  assert.deepEqual(everyone?.people, ['ben'], 'who is absent is not called with everybody')
  const nobody = ladderOf(clock, { rota: rotaOf([]), mayAnswer: ['ada'], now: hour })
  assert.deepEqual(nobody[0]?.people, ['ada'])
})

test('nights planned by the clocks of a zone leave no gap and no overlap where the clocks change', () => {
  const zone = 'Europe/Paris'
  const turns = (days: string[]) =>
    days.flatMap((day) => {
      const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString()
      const planned = (from: string, until: string, now: number) => timesOf({ from, until }, { zone, now })
      const start = at(`${day}T00:00[${zone}]`)
      return [planned(`${day}T08:00`, `${day}T20:00`, start), planned(`${day}T20:00`, `${next}T08:00`, start)]
    })
  for (const [days, nightHours] of [
    [['2026-03-27', '2026-03-28', '2026-03-29'], 11],
    [['2026-10-23', '2026-10-24', '2026-10-25'], 13],
  ] as const) {
    const planned = turns([...days])
    const rota = rotaOf(
      planned.map((times, index) => shift(index % 2 ? 'ben' : 'ada', 1, { id: `${index}`, ...times })),
    )
    const week = { from: planned[0]?.fromAt ?? 0, until: planned.at(-1)?.untilAt ?? 0 }
    assert.deepEqual(gapsIn(rota, week), [])
    const night = planned[3]
    assert.equal(((night?.untilAt ?? 0) - (night?.fromAt ?? 0)) / hour, nightHours, 'the night of the change')
    for (let when = week.from; when < week.until; when += hour / 2) assert.equal(onDutyAt(rota, when).length, 1)
  }
  const spring = timesOf(
    { from: '2026-03-29T02:30', until: '2026-03-29T04:00' },
    { zone, now: at(`2026-03-29T00:00[${zone}]`) },
  )
  assert.equal(spring.fromAt, at(`2026-03-29T03:30[${zone}]`), 'an hour that is skipped is the one after it')
})

test('gaps of a rota are exactly the moments at which nobody is on duty', () => {
  const end = 48
  const person = fc.constantFrom('ada', 'ben', 'gone')
  const times = fc.tuple(fc.integer({ min: 0, max: end }), fc.integer({ min: 1, max: 20 }))
  const shifts = fc.array(fc.tuple(person, times, fc.option(fc.integer({ min: 0, max: end }))), { maxLength: 6 })
  const absences = fc.array(fc.tuple(person, times, fc.option(person)), { maxLength: 4 })
  fc.assert(
    fc.property(shifts, absences, (planned, away) => {
      const rota: Rota = {
        names,
        shifts: planned.map(([who, [from, length], ended], index) =>
          shift(who, 1 + (index % 3), {
            id: String(index),
            fromAt: from * hour,
            untilAt: (from + length) * hour,
            ...(ended !== null && ended >= from && { endedAt: ended * hour, endedWhy: 'ended' }),
          }),
        ),
        absences: away.map(([who, [from, length], deputy], index) =>
          absent(who, {
            id: String(index),
            fromAt: from * hour,
            untilAt: (from + length) * hour,
            ...(deputy !== null && { deputy }),
          }),
        ),
      }
      const gaps = gapsIn(rota, { from: 0, until: end * hour })
      for (let when = hour / 2; when < end * hour; when += hour) {
        const isInGap = gaps.some((gap) => gap.from <= when && when < gap.until)
        assert.equal(isInGap, onDutyAt(rota, when).length === 0)
      }
      for (const [index, gap] of gaps.entries()) assert.ok(gap.from > (gaps[index - 1]?.until ?? -1), 'joined')
    }),
    { numRuns: 200 },
  )
})
