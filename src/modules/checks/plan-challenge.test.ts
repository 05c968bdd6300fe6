import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { challengeLadder, type Promised } from '../directory/index.ts'
import { dueInOpenings } from './due-in-openings.ts'
import { type Asked, outcomeOf, planChallenge } from './plan-challenge.ts'

const hourMs = 3_600_000
const at = (text: string) => Temporal.ZonedDateTime.from(text).epochMilliseconds

function contact(name: string, over: Partial<Promised>): Promised {
  const usual = { space: 's', party: 'borovia.example', hash: name, idx: 1, kind: 'technical', languages: ['en'] }
  const hours = { zone: 'UTC', hours: 'office', week: null, entry: null, valid_from: null, valid_until: null }
  return { ...usual, ...hours, contact: name, removed_by: null, since: 0, confirmed: 0, calendar: new Map(), ...over }
}

/** Reads a promise as a person would, by the clock on the wall there. */
function isPromised({ hours, week, zone }: Promised, moment: number): boolean {
  if (hours === 'always') return true
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(moment)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) + 1
  const wall = `${part('hour')}:${part('minute')}`
  return (week ?? []).some(({ days, from, until }) => days.includes(day) && from <= wall && wall < until)
}

const nobody = { shifts: [], absences: [], names: new Map() }

const span = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: fc.integer({ min: 6, max: 14 }),
    length: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ days, from, length }) => ({
    days,
    from: `${String(from).padStart(2, '0')}:00`,
    until: `${String(from + length).padStart(2, '0')}:30`,
  }))
const zone = fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland', 'UTC')
const promise = fc.tuple(fc.array(span, { minLength: 1, maxLength: 2 }), zone)
const begin = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 1) })

test('nobody is paged outside the hours that the contact promised, whenever anybody looks', () => {
  fc.assert(
    fc.property(
      fc.array(promise, { minLength: 1, maxLength: 3 }),
      begin,
      fc.array(fc.integer({ min: 1, max: 9 * 60 }), { minLength: 5, maxLength: 30 }),
      fc.constantFrom('PT15M', 'PT1H', 'PT8H'),
      (promises, start, pauses, within) => {
        const contacts = promises.map(([week, where], n) => contact(`c${n}`, { hours: 'stated', week, zone: where }))
        const closesAt = start + 7 * 24 * hourMs
        const asked: Asked[] = []
        let now = start
        for (const pause of pauses) {
          now += pause * 60_000
          const plan = planChallenge(asked, contacts, { within, closesAt }, now)
          if (plan.step === 'send') {
            assert.ok(isPromised(plan.contact, now), 'a check is sent in hours that were promised')
            const dueAt = dueInOpenings(now, within, plan.openings)
            assert.ok(isPromised(plan.contact, dueAt - 1), 'and falls due in such hours')
            asked.push({ attempt: plan.attempt, contact: plan.contact.contact, sentAt: now, dueAt })
          }
          const last = contacts.find((one) => one.contact === asked.at(-1)?.contact)
          const rungs = challengeLadder(
            { regime: 'challenge', startsAt: start, dueAt: start + hourMs },
            { contact: last, scenarioNow: now, now, rota: nobody, mayAnswer: ['officer'] },
          )
          assert.equal(rungs.length > 0, last !== undefined && isPromised(last, now), 'and pages in no others')
        }
        assert.ok(asked.length <= 3)
      },
    ),
    { numRuns: 60 },
  )
})

test('a contact is asked, asked again, and then its deputy; a silent party is asked nothing more', () => {
  const contacts = [contact('desk', { hours: 'always' }), contact('deputy', { kind: 'diplomatic' })]
  const terms = { within: 'PT1H', closesAt: at('2026-11-28T00:00[UTC]') }
  const asked: Asked[] = []
  const ask = (now: number) => {
    const plan = planChallenge(asked, contacts, terms, now)
    if (plan.step === 'send')
      asked.push({
        attempt: plan.attempt,
        contact: plan.contact.contact,
        sentAt: now,
        dueAt: dueInOpenings(now, 'PT1H', plan.openings),
      })
    return plan
  }
  const friday = at('2026-11-20T16:30[UTC]')
  assert.equal(ask(friday).step, 'send')
  assert.deepEqual(ask(friday + hourMs), { step: 'wait', for: 'answer', until: friday + hourMs })
  assert.equal(ask(friday + hourMs + 1).step, 'send')
  const monday = at('2026-11-23T09:00[UTC]')
  assert.deepEqual(ask(friday + 3 * hourMs), { step: 'wait', for: 'hours', until: monday, contact: contacts[1] })
  assert.equal(ask(monday).step, 'send')
  assert.deepEqual(
    asked.map((one) => [one.attempt, one.contact]),
    [
      ['first', 'desk'],
      ['second', 'desk'],
      ['deputy', 'deputy'],
    ],
  )
  assert.deepEqual(ask(monday + 2 * hourMs), { step: 'none', why: 'all-asked' })
  assert.equal(outcomeOf(asked, terms.closesAt), 'silent')
})

test('a contact that is gone is asked nothing: another is, or nobody', () => {
  const terms = { within: 'PT1H', closesAt: at('2026-11-28T00:00[UTC]') }
  const before: Asked[] = [{ attempt: 'first', contact: 'gone', sentAt: 0, dueAt: hourMs }]
  const now = at('2026-11-23T10:00[UTC]')
  assert.deepEqual(planChallenge(before, [], terms, now), { step: 'none', why: 'no-contact' })
  const other = contact('other', {})
  const plan = planChallenge(before, [other], terms, now)
  assert.ok(plan.step === 'send' && plan.attempt === 'second' && plan.contact.contact === 'other')
  const retired = contact('gone', { valid_until: '2026-11-22' })
  assert.deepEqual(planChallenge(before, [retired], terms, now), { step: 'none', why: 'no-time' })
})

test('an answer after its deadline counts as late, one between two deadlines as what it was', () => {
  const first: Asked = { attempt: 'first', contact: 'c', sentAt: 0, dueAt: 10 }
  const second: Asked = { attempt: 'second', contact: 'c', sentAt: 20, dueAt: 30 }
  const outcome = (asked: Asked[], answeredAt?: number) =>
    outcomeOf(
      asked.map((one) => ({ ...one, ...(answeredAt !== undefined && { answeredAt }) })),
      100,
    )
  assert.equal(outcome([]), 'not-asked')
  assert.equal(outcome([first]), 'silent')
  assert.equal(outcome([first], 10), 'in-time')
  assert.equal(outcome([first], 15), 'late')
  assert.equal(outcome([first, second], 25), 'in-time')
  assert.equal(outcome([first, second], 31), 'late')
})

test('the time to answer runs in promised hours only, over a night, a weekend and a change of the clocks', () => {
  const desk = contact('desk', {
    hours: 'stated',
    week: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '01:00', until: '04:00' }],
    zone: 'Europe/Paris',
  })
  const due = (start: number, within: string) => {
    const plan = planChallenge([], [desk], { within, closesAt: start + 20 * 24 * hourMs }, start)
    assert.ok(plan.step === 'send')
    return dueInOpenings(start, within, plan.openings)
  }
  // On that morning two o'clock is three: the three hours of the desk are two.
  const spring = due(at('2026-03-29T01:30[Europe/Paris]'), 'PT2H')
  assert.equal(spring, at('2026-03-30T01:30[Europe/Paris]'), 'an hour and a half, then half an hour')
  const usual = due(at('2026-03-28T01:30[Europe/Paris]'), 'PT2H')
  assert.equal(usual, at('2026-03-28T03:30[Europe/Paris]'))
  const autumn = due(at('2026-10-25T01:30[Europe/Paris]'), 'PT2H')
  assert.equal(autumn - at('2026-10-25T01:30[Europe/Paris]'), 2 * hourMs, 'that morning they are four')
  const office = contact('office', {})
  const friday = at('2026-11-20T16:30[UTC]')
  const plan = planChallenge([], [office], { within: 'PT1H', closesAt: friday + 7 * 24 * hourMs }, friday)
  assert.ok(plan.step === 'send')
  assert.equal(dueInOpenings(friday, 'PT1H', plan.openings), at('2026-11-23T09:30[UTC]'))
  assert.equal(dueInOpenings(friday, 'PT1H', []), friday + hourMs, 'round the clock')
})
