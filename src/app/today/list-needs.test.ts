import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mark } from '../../core/markings/index.ts'
import { personOf } from '../../../test/support/space-pages.ts'
import type { Need, Services } from '../../core/module/types.ts'
import { listNeeds } from './list-needs.ts'

test('Today shows the seven that need me and the twenty we wait for that are due soonest, and counts the others', async () => {
  const need = (waitsFor: 'me' | 'them') => (_: unknown, at: number) =>
    ({ key: `${waitsFor}:${at}`, waitsFor, dueAt: 1_000 - at, subjectOf: `${waitsFor}:${at}` }) as Need
  const all = [...Array.from({ length: 9 }, need('me')), ...Array.from({ length: 23 }, need('them'))]
  const read: string[][] = []
  const content = async (hashes: string[]) => {
    read.push(hashes)
    return new Map([['me:8', mark({ text: { subject: 'The first' }, attachments: [] }, { tlp: 'GREEN' })]])
  }
  const services = { modules: [{ name: 'one', needs: async () => all }], ledger: { content } } as unknown as Services
  const lists = await listNeeds(services, personOf('reader'))
  assert.deepEqual([lists.mine.length, lists.more, lists.awaited.length, lists.moreAwaited], [7, 2, 20, 3])
  assert.deepEqual([lists.mine[0]?.dueAt, lists.awaited[0]?.dueAt, lists.awaited[19]?.dueAt], [992, 978, 997])
  assert.deepEqual([lists.mine[0]?.headline, lists.mine[1]?.headline], ['The first', ''])
  assert.deepEqual([read.length, read[0]?.length], [1, 27], 'only what is shown is read, at once')
})
