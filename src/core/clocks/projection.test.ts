import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/postgres.ts'
import type { ProjectedAct, Services, SpaceFacts } from '../module/types.ts'
import {
  cancelClock,
  clocksAbout,
  clockState,
  fulfil,
  fulfilledAt,
  lapsedAct,
  migrations,
  openClocks,
  startClock,
  tick,
} from './index.ts'

const hour = 3_600_000
const space: SpaceFacts = {
  id: '5'.repeat(32),
  kind: 'case',
  title: { en: 'Case' },
  purpose: 'A case',
  host: 'aurelia.example',
  hosted: true,
  members: [
    { party: 'aurelia.example', role: 'member', since: 0 },
    { party: 'borovia.example', role: 'member', since: 0 },
  ],
  terms: {},
  size: 1,
  root: '',
  time: 0,
}

/** An act as a projector gets it; only what clocks read. */
function said<B>(author: string, hash: string, time: number, body: B = {} as B): ProjectedAct<B> {
  const statement = { author } as ProjectedAct['statement']
  return { space, index: 1, hash, statement, time, scenarioTime: time, body }
}

const acknowledge = {
  regime: 'acknowledge',
  source: 'agreed' as const,
  duty: 'borovia.example',
  within: 'PT4H',
  about: 'note',
}

test('a duty runs from the act that starts it and is met by the party that owes it', async (t) => {
  const { db } = await testDatabase(t, migrations)
  await db.transaction().execute(async (tx) => {
    await startClock(tx, said('aurelia.example', 'note', 1000), acknowledge)
    assert.equal(await fulfil(tx, said('aurelia.example', 'own', 2000), { about: 'note', regime: 'acknowledge' }), 0)
    assert.equal(
      await fulfil(tx, said('borovia.example', 'ack', 3 * hour), { about: 'note', regime: 'acknowledge' }),
      1,
    )
    assert.equal(
      await fulfil(tx, said('borovia.example', 'again', 4 * hour), { about: 'note', regime: 'acknowledge' }),
      0,
    )
  })
  const [clock] = (await clocksAbout(db, ['note'])).get('note') ?? []
  assert.ok(clock)
  assert.deepEqual([clock.startsAt, clock.dueAt, clock.metBy, clock.metAt], [1000, 1000 + 4 * hour, 'ack', 3 * hour])
  assert.equal(clockState(clock, 99 * hour), 'met')
  assert.deepEqual(await openClocks(db), [])
})

test('starting the same duty of the same act twice is one clock; two paragraphs are two', async (t) => {
  const { db } = await testDatabase(t, migrations)
  await db.transaction().execute(async (tx) => {
    const act = said('aurelia.example', 'text', 0)
    await startClock(tx, act, acknowledge)
    await startClock(tx, act, acknowledge)
    await startClock(tx, act, { ...acknowledge, item: 'p2' })
    await fulfil(tx, said('borovia.example', 'done', 1), { about: 'note', regime: 'acknowledge', item: 'p2' })
  })
  const open = await openClocks(db, { duty: 'borovia.example' })
  assert.deepEqual(
    open.map((clock) => clock.item),
    [undefined],
  )
  assert.equal((await openClocks(db, { waiting: 'borovia.example' })).length, 0)
})

test('only an agreed or legal deadline that has passed unmet can be put on record as lapsed', async (t) => {
  const { db } = await testDatabase(t, migrations)
  await db.transaction().execute(async (tx) => {
    const act = said('aurelia.example', 'note', 0)
    const agreed = await startClock(tx, act, acknowledge)
    const requested = await startClock(tx, act, { ...acknowledge, regime: 'reply', source: 'requested' })
    assert.ok(agreed && requested)
    const lapse = (clock: string, time: number) =>
      lapsedAct.project?.(tx, said('aurelia.example', `lapse-${time}`, time, { clock }))
    assert.deepEqual(await lapse('f'.repeat(32), 9 * hour), { withoutEffect: 'no-such-clock' })
    assert.deepEqual(await lapse(requested, 9 * hour), { withoutEffect: 'only-requested' })
    assert.deepEqual(await lapse(agreed, 4 * hour), { withoutEffect: 'not-yet-due' })
    assert.equal(await lapse(agreed, 4 * hour + 1), undefined)
    assert.deepEqual(await lapse(agreed, 5 * hour), { withoutEffect: 'already-lapsed' })
    await fulfil(tx, said('borovia.example', 'late', 6 * hour), { about: 'note', regime: 'acknowledge' })
    assert.deepEqual(await lapse(agreed, 7 * hour), { withoutEffect: 'fulfilled' })
  })
  const about = (await clocksAbout(db, ['note'])).get('note') ?? []
  const states = about.map((clock) => [clock.regime, clockState(clock, 9 * hour)])
  assert.deepEqual(Object.fromEntries(states), { acknowledge: 'met-late', reply: 'unanswered' })
})

test('a withdrawn duty is neither met nor overdue, and a deadline that is none starts nothing', async (t) => {
  const { db } = await testDatabase(t, migrations)
  await db.transaction().execute(async (tx) => {
    const act = said('aurelia.example', 'note', 0)
    assert.equal(await startClock(tx, act, { ...acknowledge, within: 'soon' }), undefined)
    await startClock(tx, act, { ...acknowledge, zone: 'No/Where' })
    await cancelClock(tx, said('aurelia.example', 'withdrawn', 1), {
      about: 'note',
      regime: 'acknowledge',
      duty: 'anyone',
    })
  })
  const clocks = (await clocksAbout(db, ['note'])).get('note') ?? []
  assert.deepEqual(
    clocks.map((clock) => clockState(clock, 9 * hour)),
    ['cancelled'],
  )
})

test('each rung of the ladder pages once, in order, also after a restart', async (t) => {
  const { db } = await testDatabase(t, migrations)
  await db.transaction().execute((tx) => startClock(tx, said('aurelia.example', 'note', 0), acknowledge))
  const paged: string[] = []
  let scenario = 0
  const services = () => ({
    db,
    clock: { now: () => 1 },
    party: 'borovia.example',
    ledger: {
      find: async () => space,
      findAct: async () => undefined,
      scenarioNow: async () => scenario,
    } as unknown as Services['ledger'],
    notices: {
      settle: async () => {},
      send: async (_tx: unknown, notice: { key: string; person: string; urgency: string }) => {
        assert.equal(notice.urgency, 'page')
        paged.push(notice.person)
      },
    } as unknown as Services['notices'],
  })
  let deputies: string[] = []
  const ladder = async () => [
    { step: 'duty-officer', at: hour, people: ['officer'] },
    { step: 'deputy', at: 2 * hour, people: deputies },
    { step: 'head', at: 3 * hour, people: ['head'] },
  ]
  await tick(services(), ladder)
  assert.deepEqual(paged, [])
  scenario = 2 * hour
  await tick(services(), ladder)
  await Promise.all([tick(services(), ladder), tick(services(), ladder)])
  assert.deepEqual(paged, ['officer'], 'a rung without people waits for somebody')
  deputies = ['deputy', 'deputy']
  await tick(services(), ladder)
  scenario = 4 * hour
  await tick(services(), ladder)
  await tick(services(), ladder)
  assert.deepEqual(paged, ['officer', 'deputy', 'head'])
})

test('an answer that another member kept earlier meets its deadline then, never later and never before it began', async (t) => {
  const { db } = await testDatabase(t, migrations)
  const { id } = space
  const clock = async () => (await clocksAbout(db, ['note'])).get('note')?.[0]
  await db.transaction().execute(async (tx) => {
    await startClock(tx, said('aurelia.example', 'note', hour), acknowledge)
    await fulfil(tx, said('borovia.example', 'ack', 9 * hour), { about: 'note', regime: 'acknowledge' })
  })
  assert.equal(clockState((await clock())!, 9 * hour), 'met-late')
  const kept = (act: string, at: number) => db.transaction().execute((tx) => fulfilledAt(tx, { space: id, act, at }))
  await kept('another', 2 * hour)
  assert.equal((await clock())?.metAt, 9 * hour)
  await kept('ack', 3 * hour)
  await kept('ack', 4 * hour)
  assert.equal((await clock())?.metAt, 3 * hour)
  assert.equal(clockState((await clock())!, 9 * hour), 'met')
  await kept('ack', 0)
  assert.equal((await clock())?.metAt, hour)
})
