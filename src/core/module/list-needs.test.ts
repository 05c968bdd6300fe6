import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mark } from '../markings/index.ts'
import { personOf } from '../../../test/support/space-pages.ts'
import { answered, once } from '../storage/index.ts'
import { askingOnce } from './asking-once.ts'
import type { Need, Services, SpaceFacts } from './types.ts'
import { listNeeds } from './list-needs.ts'

test('Today shows the seven that need me and the twenty we wait for that are due soonest, and counts the others', async () => {
  // A line that has words of its own keeps them where the act may not be read.
  const need = (waitsFor: 'me' | 'them' | 'nobody') => (_: unknown, at: number) =>
    ({
      key: `${waitsFor}:${at}`,
      waitsFor,
      dueAt: 1_000 - at,
      headline: at === 7 ? 'Its space' : '',
      subjectOf: `${waitsFor}:${at}`,
    }) as Need
  const all = [
    ...Array.from({ length: 9 }, need('me')),
    ...Array.from({ length: 23 }, need('them')),
    need('nobody')('', 0),
  ]
  const read: string[][] = []
  const content = async (hashes: string[]) => {
    read.push(hashes)
    return new Map([['me:8', mark({ text: { subject: 'The first' }, attachments: [] }, { tlp: 'GREEN' })]])
  }
  const services = { modules: [{ name: 'one', needs: async () => all }], ledger: { content } } as unknown as Services
  const lists = await listNeeds(services, personOf('reader'))
  assert.deepEqual([lists.mine.length, lists.more, lists.awaited.length, lists.moreAwaited], [7, 2, 20, 3])
  assert.deepEqual([lists.mine[0]?.dueAt, lists.awaited[0]?.dueAt, lists.awaited[19]?.dueAt], [992, 978, 997])
  assert.deepEqual([lists.mine[0]?.headline, lists.mine[1]?.headline], ['The first', 'Its space'])
  assert.deepEqual(
    [read.length, read[0]?.length, lists.running.map(({ key }) => key)],
    [1, 28, ['nobody:0']],
    'only what is shown is read, at once',
  )
})

test('what several rooms want to know for one page is asked once, and anew for the next page', async () => {
  const asked: string[] = []
  const space = (id: string, kind: string, time: number) => ({ id, kind, time }) as SpaceFacts
  const all = [space('a', 'channel', 3), space('b', 'case', 2), space('c', 'channel', 1), space('left', 'case', 4)]
  const given = {
    party: 'aurelia.example',
    clock: { now: () => 7 },
    db: { withoutPlugins: () => ({}) },
    ledger: {
      async list({ member, among }: { member?: string; among?: string[] } = {}) {
        asked.push(`list ${member ?? among?.join()}`)
        return among ? all.filter(({ id }) => among.includes(id)) : all.slice(0, 3)
      },
      async find(id: string) {
        asked.push(`find ${id}`)
        return all.find((one) => one.id === id)
      },
      async content(hashes: string[]) {
        asked.push(`content ${hashes.join()}`)
        return new Map(hashes.filter((one) => one !== 'gone').map((one) => [one, mark(one, { tlp: 'GREEN' })]))
      },
    },
    peers: { list: async () => asked.push('peers') },
    people: { list: async () => asked.push('people') },
    tenders: {},
    outbox: {},
  } as unknown as Services
  const first = askingOnce(given)
  const ids = async (list: Promise<SpaceFacts[]>) => (await list).map(({ id }) => id).join()
  const { ledger } = first
  const lists = await Promise.all([1, 2].map(() => ids(ledger.list({ member: first.party }))))
  assert.deepEqual(lists, ['a,b,c', 'a,b,c'])
  assert.equal(await ids(ledger.list({ member: first.party, kind: 'channel' })), 'a,c')
  assert.equal(await ids(ledger.list({ among: ['c', 'a'] })), 'a,c', 'in the order of a list')
  assert.equal((await ledger.find('b'))?.id, 'b')
  assert.deepEqual(asked.splice(0), ['list aurelia.example'])
  assert.equal(await ids(ledger.list({ among: ['left', 'a'] })), 'left,a')
  assert.equal((await ledger.find('nowhere')) ?? (await ledger.find('nowhere')), undefined)
  assert.deepEqual(asked.splice(0), ['list left', 'find nowhere'], 'only what no list told')
  const read = await Promise.all([ledger.content(['x', 'y']), ledger.content(['y', 'z', 'gone'])])
  assert.deepEqual(
    read.map((one) => [...one.keys()].join()),
    ['x,y', 'y,z'],
  )
  assert.equal(await ledger.scenarioNow(all[0]!), 7, 'no question where there is no clock of a drill')
  await Promise.all([first.people.list(), first.people.list(), first.peers.list()])
  assert.deepEqual(asked.splice(0), ['content x,y', 'content z,gone', 'people', 'peers'])

  await askingOnce(given).people.list()
  await given.people.list()
  assert.deepEqual(asked, ['people', 'people'], 'nothing is kept for another page')
  assert.equal(await once(given.db, 'q', async () => 'asked'), 'asked')
  assert.equal(answered(given.db, 'q'), undefined)
})
