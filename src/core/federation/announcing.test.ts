import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPace } from '../../../test/support/network.ts'
import { newId } from '../../protocol/index.ts'
import type { LogLedger } from '../log/index.ts'
import { createAnnouncing } from './announcing.ts'
import type { PeerBook } from './peer-book.ts'
import type { PeerClient } from './peer-client.ts'

const host = 'aurelia.example'
const member = 'borovia.example'

/** A host of one space whose log answers a listing only when told to, with what it held when asked. */
function createHost() {
  const space = newId()
  const register = newId()
  let size = 1
  const readers: (() => void)[] = []
  const isReader = { held: false }
  const here = [{ party: member, keys: [] }]
  const ledger = {
    async list() {
      const listed = [{ id: space, hosted: true, size, members: here }]
      if (isReader.held) await new Promise<void>((resolve) => void readers.push(resolve))
      return listed
    },
    head: async () => ({ size: 1 }),
    members: async () => here,
  } as unknown as LogLedger
  const announcing = createAnnouncing({
    party: host,
    register,
    ledger,
    book: { list: async () => [] } as unknown as PeerBook,
    // Every hint is lost.
    client: {
      isDown: () => false,
      stopping: new AbortController().signal,
      ask: async () => Promise.reject(new Error('lost')),
    } as unknown as PeerClient,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    pace: { ...testPace, pollMs: 50 },
  })
  return {
    space,
    announcing,
    holdReaders() {
      isReader.held = true
    },
    releaseReaders() {
      isReader.held = false
      for (const release of readers.splice(0)) release()
    },
    async grow() {
      size += 1
      await announcing.grew(space, size)
    },
  }
}

const sizeIn = (spaces: { space: string; size: number }[], space: string) =>
  spaces.find((one) => one.space === space)?.size

test('what a space grew by while a peer’s first question was being answered reaches it, though the hint is lost', async () => {
  const { announcing, space, grow, holdReaders, releaseReaders } = createHost()
  const { signal } = new AbortController()
  holdReaders()
  const first = announcing.waitForChanges(member, '', signal)
  await grow()
  releaseReaders()
  const told = [await first]
  told.push(await announcing.waitForChanges(member, told[0]!.cursor, signal))
  assert.equal(Math.max(...told.map((one) => sizeIn(one.spaces, space) ?? 0)), 2)
})

test('a late copy of an old question does not swallow what the newer one waits for', async () => {
  const { announcing, space, grow, holdReaders, releaseReaders } = createHost()
  const { signal } = new AbortController()
  const first = await announcing.waitForChanges(member, '', signal)
  holdReaders()
  const copy = announcing.waitForChanges(member, '', signal)
  const question = announcing.waitForChanges(member, first.cursor, signal)
  await grow()
  releaseReaders()
  const answer = await question
  await copy
  const next = sizeIn(answer.spaces, space) ? answer : await announcing.waitForChanges(member, answer.cursor, signal)
  assert.equal(sizeIn(next.spaces, space), 2)
})
