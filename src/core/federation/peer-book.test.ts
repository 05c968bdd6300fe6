import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/postgres.ts'
import type { RegisterState } from '../identity/types.ts'
import { migrations as log } from '../log/index.ts'
import { migrations } from './index.ts'
import { createPeerBook } from './peer-book.ts'

const party = 'borovia.example'
const pinned = { person: 'p1', how: 'voice', now: 2 }

async function bookWithStranger(t: TestContext) {
  const { db } = await testDatabase(t, [...log, ...migrations])
  const book = createPeerBook(db)
  const register = { party, names: { en: 'Borovia' }, nodes: [] } as unknown as RegisterState
  await book.learn(register, { url: 'http://borovia.test', now: 1 })
  return { db, book }
}

test('a space heard of just after its opener was pinned does not wait for a pin that will never come', async (t) => {
  const { book } = await bookWithStranger(t)
  await book.markPinned(party, pinned)
  assert.deepEqual(await book.takeRequests(party), [])
  await book.addRequest({ space: 's1', party, now: 3, limit: 10 })
  assert.deepEqual(await book.requests(), [])
})

test('a space heard of while its opener is being pinned does not wait either', async (t) => {
  const { db, book } = await bookWithStranger(t)
  let heard: Promise<void> | undefined
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('home.peer').set({ state: 'pinned' }).where('party', '=', party).execute()
    heard = book.addRequest({ space: 's1', party, now: 3, limit: 10 })
    await untilSomebodyWaits()
  })
  await heard
  assert.deepEqual(await book.requests(), [])

  async function untilSomebodyWaits(): Promise<void> {
    const waiting = sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    while ((await waiting.execute(db)).rows[0]!.count === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
})

test('a peer nobody pinned has so many spaces waiting and no more', async (t) => {
  const { book } = await bookWithStranger(t)
  for (const space of ['s1', 's2', 's2', 's3']) await book.addRequest({ space, party, now: 3, limit: 2 })
  assert.deepEqual(
    (await book.requests()).map(({ space }) => space),
    ['s1', 's2'],
  )
})
