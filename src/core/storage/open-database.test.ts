import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/postgres.ts'
import { type Migration, migrate } from './index.ts'

const step = (name: string, statement = 'select 1'): Migration => ({
  name,
  async up(tx) {
    await sql.raw(statement).execute(tx)
  },
})

test('a message is heard by every listener once the transaction commits, and not if it fails', async (t) => {
  const { db, listen, notify } = await testDatabase(t, [])
  const heard: string[] = []
  const all = Promise.withResolvers<void>()
  for (const name of ['one', 'two']) {
    await listen('topic "quoted"', (message) => {
      heard.push(`${name} ${message}`)
      if (heard.length === 2) all.resolve()
    })
  }
  await assert.rejects(
    db.transaction().execute(async (tx) => {
      await notify('topic "quoted"', 'lost', tx)
      throw new Error('rolled back')
    }),
  )
  await notify('topic "quoted"', 'kept')
  await all.promise
  assert.deepEqual(heard.toSorted(), ['one kept', 'two kept'])
})

test('a listener that left hears nothing more', async (t) => {
  const { listen, notify } = await testDatabase(t, [])
  const heard: string[] = []
  const leave = await listen('a', () => heard.push('left'))
  await leave()
  const told = Promise.withResolvers<string>()
  await listen('b', told.resolve)
  await notify('a', 'x')
  await notify('b', 'y')
  assert.equal(await told.promise, 'y')
  assert.deepEqual(heard, [])
})

test('a broken listening connection comes back and says that something may have been missed', async (t) => {
  const { db, listen, notify } = await testDatabase(t, [])
  const gap = Promise.withResolvers<void>()
  const heard = Promise.withResolvers<string>()
  await listen('topic', heard.resolve, gap.resolve)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like 'listen%'`.execute(db)
  await gap.promise
  await notify('topic', 'after')
  assert.equal(await heard.promise, 'after')
})

test('each step of the schema runs once, in the given order', async (t) => {
  const { db } = await testDatabase(t, [])
  const steps = [
    step('b/0001-base', 'create table home.base (n int)'),
    step('a/0001-more', 'alter table home.base add m int'),
  ]
  await migrate(db, steps.slice(0, 1))
  await migrate(db, steps)
  await migrate(db, steps)
  const { rows } = await sql<{ name: string }>`select name from home.migration order by name`.execute(db)
  assert.deepEqual(rows, [{ name: 'a/0001-more' }, { name: 'b/0001-base' }])
})

test('when one step of the schema fails, none of that start remains', async (t) => {
  const { db } = await testDatabase(t, [])
  const steps = [step('a/0001-good', 'create table home.good (n int)'), step('a/0002-bad', 'create nonsense')]
  await assert.rejects(migrate(db, steps), /syntax/)
  const { rows } = await sql`select 1 from home.migration`.execute(db)
  assert.equal(rows.length, 0)
  await migrate(db, steps.slice(0, 1))
})

test('two processes that start at once do not run a step twice', async (t) => {
  const { db } = await testDatabase(t, [])
  const steps = [step('a/0001-once', 'create table home.once (n int)')]
  await Promise.all([migrate(db, steps), migrate(db, steps), migrate(db, steps)])
})

test('a database of a newer version is refused in one sentence', async (t) => {
  const { db } = await testDatabase(t, [step('a/0001-old'), step('z/0009-from-the-future')])
  await assert.rejects(migrate(db, [step('a/0001-old')]), {
    code: 'newer-version',
    message: /newer version of Chancery/,
  })
})
