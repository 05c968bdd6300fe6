import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Step } from './content.ts'
import { type Counting, dueTimes, isFixed } from './due-times.ts'

const minute = 60_000
const day = 24 * 60 * minute
const instant = fc.integer({ min: Date.parse('2020-01-01T00:00:00Z'), max: Date.parse('2040-01-01T00:00:00Z') })
const zone = fc.constantFrom('Etc/UTC', 'Europe/Paris', 'America/New_York', 'Asia/Tehran', 'Australia/Lord_Howe')
/** Sat and Sun, Fri and Sat, Thu and Fri, Fri alone, none. */
const weekends = [[6, 7], [5, 6], [4, 5], [5], []]
const calendar = fc.record({
  weekend: fc.constantFrom(...weekends),
  holidays: fc.constantFrom<string[]>([], ['2026-12-25', '2026-12-28'], ['2027-03-20', '2027-03-21', '2027-03-22']),
})

const drawnStep = fc.record({
  within: fc.option(fc.integer({ min: 1, max: 9_999 })),
  workingDays: fc.option(fc.integer({ min: 1, max: 12 }), { freq: 2 }),
  after: fc.nat(9),
  counts: fc.constantFrom('due' as const, 'done' as const),
  /** Minutes after the start at which it was answered. */
  answered: fc.option(fc.integer({ min: 0, max: 60_000 })),
})
type Drawn = typeof drawnStep extends fc.Arbitrary<infer T> ? T : never

/** Steps as a sound plan can have them: each after an earlier one, or after the start. */
function planOf(drawn: readonly Drawn[]): Step[] {
  return drawn.map(({ within, workingDays, after, counts }, at) => {
    const before = drawn[after]
    const isSound = after < at && before && (counts === 'done' || before.within !== null || before.workingDays !== null)
    return {
      ...{ id: String(at), title: '', words: '', role: '', annex: '', counts: isSound ? counts : 'due' },
      ...{ within: workingDays === null ? within : null, workingDays, after: isSound ? String(after) : '' },
    }
  })
}

const answeredIn = (drawn: readonly Drawn[], startedAt: number) =>
  new Map(
    drawn.flatMap(({ answered }, at) => (answered === null ? [] : [[String(at), startedAt + answered * minute]])) as [
      string,
      number,
    ][],
  )

const runs = fc
  .record({ drawn: fc.array(drawnStep, { maxLength: 10 }), startedAt: instant, zone, calendar })
  .map(({ drawn, ...run }) => ({
    steps: planOf(drawn),
    counting: { ...run, answeredAt: answeredIn(drawn, run.startedAt) } satisfies Counting,
  }))

test('a step is due after its term, from the start, from when another is due or from when it was answered', () => {
  fc.assert(
    fc.property(runs, ({ steps, counting }) => {
      const due = dueTimes(steps, counting)
      for (const { id, within, workingDays, after, counts } of steps) {
        const from =
          after === '' ? counting.startedAt : counts === 'done' ? counting.answeredAt.get(after) : due.get(after)
        const hasTerm = within !== null || workingDays !== null
        assert.equal(due.has(id), hasTerm && from !== undefined, 'due once its term began, and only then')
        if (from === undefined || !hasTerm) continue
        if (within !== null) assert.equal(due.get(id), from + within * minute)
        else assert.ok((due.get(id) as number) > from)
      }
    }),
  )
})

test('a step that is done later never makes another due earlier, and moves none that does not wait for it', () => {
  fc.assert(
    fc.property(runs, fc.nat(9), fc.nat(30 * day), ({ steps, counting }, which, later) => {
      const id = String(which)
      const at = counting.answeredAt.get(id)
      if (at === undefined) return
      const moved = dueTimes(steps, { ...counting, answeredAt: new Map(counting.answeredAt).set(id, at + later) })
      const due = dueTimes(steps, counting)
      assert.deepEqual([...moved.keys()], [...due.keys()])
      for (const step of steps) {
        const [was, is] = [due.get(step.id), moved.get(step.id)]
        if (was === undefined || is === undefined) continue
        assert.ok(is >= was)
        if (isFixed(steps, step)) assert.equal(is, was)
      }
    }),
  )
})

test('working days of a step leave out weekends and days off, whichever days a weekend has, and the day they begin on', () => {
  const nothing = { title: '', words: '', role: '', annex: '', after: '', counts: 'due' as const }
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 30 }), zone, calendar, (startedAt, workingDays, where, off) => {
      const step = { ...nothing, id: 'a', within: null, workingDays }
      const due = dueTimes([step], { startedAt, answeredAt: new Map(), calendar: off, zone: where }).get('a') as number
      const dates = daysBetween(startedAt, due, where)
      const worked = dates.slice(1).filter(({ weekday, date }) => {
        return !off.weekend.includes(weekday) && !off.holidays.includes(date)
      })
      assert.equal(worked.length, workingDays)
      assert.equal(worked.at(-1)?.date, dates.at(-1)?.date, 'it ends with a day on which somebody works')
      assert.notEqual(dates.at(-1)?.date, dateIn(due + 1, where), 'and with all of it')
    }),
  )
  const thursday = Date.parse('2026-11-12T10:00:00Z')
  const two = { ...nothing, id: 'a', within: null, workingDays: 2 }
  const ends = (weekend: number[]) =>
    dueTimes([two], {
      startedAt: thursday,
      answeredAt: new Map(),
      calendar: { weekend, holidays: [] },
      zone: 'Etc/UTC',
    }).get('a')
  assert.equal(ends([6, 7]), Date.parse('2026-11-16T23:59:59.999Z'), 'Friday and Monday')
  assert.equal(ends([5, 6]), Date.parse('2026-11-16T23:59:59.999Z'), 'Sunday and Monday')
  assert.equal(ends([4, 5]), Date.parse('2026-11-15T23:59:59.999Z'), 'Saturday and Sunday')
})

const dateIn = (ms: number, where: string): string => new Date(ms).toLocaleDateString('sv', { timeZone: where })

/** Every date from one moment to another there, both included, with its day of the week (1 Monday to 7 Sunday). */
function daysBetween(from: number, until: number, where: string): { date: string; weekday: number }[] {
  const [first, last] = [from, until].map((ms) => Date.parse(`${dateIn(ms, where)}T12:00:00Z`)) as [number, number]
  return Array.from({ length: Math.round((last - first) / day) + 1 }, (_, at) => {
    const noon = new Date(first + at * day)
    return { date: noon.toISOString().slice(0, 10), weekday: ((noon.getUTCDay() + 6) % 7) + 1 }
  })
}
