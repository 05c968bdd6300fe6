import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/postgres.ts'
import type { Json } from '../../protocol/types.ts'
import { createLogger, systemClock } from '../config/index.ts'
import { createJobs, jobMigrations, prepareJobs } from './index.ts'

const log = createLogger({ level: 'silent' })

async function jobsOf(t: TestContext, clock = { now: () => 1_000_000 }) {
  const database = await testDatabase(t, jobMigrations, prepareJobs)
  const jobs = createJobs({ ...database, clock, log })
  t.after(() => jobs.stop())
  return { ...database, jobs, enqueue: enqueueWith(database.db, jobs) }
}

function enqueueWith(db: Awaited<ReturnType<typeof testDatabase>>['db'], jobs: ReturnType<typeof createJobs>) {
  return (...args: [string, Json, { key?: string; runAt?: number }?]) =>
    db.transaction().execute((tx) => jobs.enqueue(tx, ...args))
}

test('a job of a transaction that was rolled back never runs', async (t) => {
  const { db, jobs, enqueue } = await jobsOf(t)
  const ran: Json[] = []
  jobs.handle({ remind: async (payload) => void ran.push(payload) })
  await assert.rejects(
    db.transaction().execute(async (tx) => {
      await jobs.enqueue(tx, 'remind', 'lost')
      throw new Error('rolled back')
    }),
  )
  await enqueue('remind', { note: 'kept' })
  await jobs.drain()
  assert.deepEqual(ran, [{ note: 'kept' }])
})

test('the same key twice is one job with the newest payload', async (t) => {
  const { jobs, enqueue } = await jobsOf(t)
  const ran: Json[] = []
  jobs.handle({ remind: async (payload) => void ran.push(payload) })
  await enqueue('remind', 'first', { key: 'clock-1:reminder' })
  await enqueue('remind', 'second', { key: 'clock-1:reminder' })
  await enqueue('remind', 'other', { key: 'clock-2:reminder' })
  await jobs.drain()
  assert.deepEqual(ran, ['second', 'other'])
})

test('a job waits for its hour by the clock of the node, not of the machine', async (t) => {
  let now = 5_000
  const { jobs, enqueue } = await jobsOf(t, { now: () => now })
  const ran: Json[] = []
  jobs.handle({ escalate: async (payload) => void ran.push(payload) })
  await enqueue('escalate', 'at 6 s', { runAt: 6_000 })
  await enqueue('escalate', 'at 4 s', { runAt: 4_000 })
  await jobs.drain()
  assert.deepEqual(ran, ['at 4 s'])
  now = 5_999
  await jobs.drain()
  assert.equal(ran.length, 1)
  now = 6_000
  await jobs.drain()
  assert.deepEqual(ran, ['at 4 s', 'at 6 s'])
})

test('a job that brings another one due is drained to the end', async (t) => {
  const { jobs, enqueue } = await jobsOf(t)
  const ran: number[] = []
  jobs.handle({
    count: async (payload) => {
      ran.push(Number(payload))
      if (Number(payload) < 3) await enqueue('count', Number(payload) + 1)
    },
  })
  await enqueue('count', 1)
  await jobs.drain()
  assert.deepEqual(ran, [1, 2, 3])
})

test('a job that failed is tried once more by every drain until it succeeds', async (t) => {
  const { jobs, enqueue } = await jobsOf(t)
  let tries = 0
  jobs.handle({
    deliver: async () => {
      tries += 1
      if (tries < 3) throw new Error('peer is away')
    },
  })
  await enqueue('deliver', {}, { runAt: 999_000 })
  await jobs.drain()
  assert.equal(tries, 1)
  await jobs.drain()
  await jobs.drain()
  await jobs.drain()
  assert.equal(tries, 3)
})

test('a started node hears of a job at once and waits for later ones', async (t) => {
  const { jobs, enqueue } = await jobsOf(t, systemClock)
  const { EventEmitter } = await import('node:events')
  const heard = new EventEmitter()
  jobs.handle({ deliver: async (payload) => void heard.emit(String(payload), performance.now()) })
  await jobs.start()
  const start = performance.now()
  const soon = once(heard, 'soon')
  const later = once(heard, 'later')
  await enqueue('deliver', 'later', { runAt: systemClock.now() + 300 })
  await enqueue('deliver', 'soon')
  await soon
  const [at] = await later
  assert.ok(at - start >= 290, `ran after ${at - start} ms`)
})

test('jobs that a killed process was running are taken up again', async (t) => {
  const { db, jobs, enqueue } = await jobsOf(t, systemClock)
  await enqueue('deliver', 'left behind')
  await sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker-dead'`.execute(db)
  const done = Promise.withResolvers<Json>()
  jobs.handle({ deliver: async (payload) => done.resolve(payload) })
  await jobs.start()
  assert.equal(await done.promise, 'left behind')
})

test('jobs that another living process is running are left to it', async (t) => {
  const hold = Promise.withResolvers<void>()
  t.after(() => hold.resolve())
  const { db, pool, jobs, enqueue } = await jobsOf(t, systemClock)
  const begun = Promise.withResolvers<void>()
  let runs = 0
  const task = async () => {
    runs += 1
    begun.resolve()
    await hold.promise
  }
  jobs.handle({ deliver: task })
  await jobs.start()
  await enqueue('deliver', {})
  await begun.promise
  const second = createJobs({ db, pool, clock: systemClock, log })
  second.handle({ deliver: task })
  await second.start()
  const { rows } = await sql`select 1 from graphile_worker.jobs where locked_by is not null`.execute(db)
  assert.equal(rows.length, 1)
  hold.resolve()
  await second.stop()
  assert.equal(runs, 1)
})
