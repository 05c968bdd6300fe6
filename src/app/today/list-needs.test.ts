import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personOf } from '../../../test/support/space-pages.ts'
import type { Need, Services } from '../../core/module/types.ts'
import { listNeeds } from './list-needs.ts'

test('Today shows the seven that need me and the twenty we wait for that are due soonest, and counts the others', async () => {
  const need = (waitsFor: 'me' | 'them') => (_: unknown, at: number) =>
    ({ key: `${waitsFor}:${at}`, waitsFor, dueAt: 1_000 - at }) as Need
  const all = [...Array.from({ length: 9 }, need('me')), ...Array.from({ length: 23 }, need('them'))]
  const services = { modules: [{ name: 'one', needs: async () => all }] } as unknown as Services
  const lists = await listNeeds(services, personOf('reader'))
  assert.deepEqual([lists.mine.length, lists.more, lists.awaited.length, lists.moreAwaited], [7, 2, 20, 3])
  assert.deepEqual([lists.mine[0]?.dueAt, lists.awaited[0]?.dueAt, lists.awaited[19]?.dueAt], [992, 978, 997])
})
