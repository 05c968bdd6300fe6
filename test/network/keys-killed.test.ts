import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { until } from '../../src/cli/demo/person.ts'
import { type Database, openDatabase } from '../../src/core/storage/index.ts'
import type { Tx } from '../../src/core/storage/types.ts'
import { kidOf, newId, readLeaf } from '../../src/protocol/index.ts'
import { launchPair, signIn } from '../support/launch-pair.ts'

interface Ring {
  signing: { use: string; publicKey: string }[]
  pending?: object
}

/** What stands on the disk and in the database of a node, whoever runs. */
function stateOf(database: Database, folder: string, space: string) {
  const party = JSON.parse(readFileSync(join(folder, 'keys', 'party.json'), 'utf8')) as { register: string }
  const ring = (): Ring => (JSON.parse(readFileSync(join(folder, 'keys', 'ring.json'), 'utf8')) as { ring: Ring }).ring
  async function actsOf(of: string) {
    const rows = await database.db
      .selectFrom('log.entry')
      .select('leaf')
      .where('space', '=', of)
      .orderBy('idx')
      .execute()
    return rows.map(({ leaf }) => readLeaf(leaf).act)
  }
  return {
    register: party.register,
    ring,
    actKid: () => kidOf(ring().signing.findLast(({ use }) => use === 'act')?.publicKey ?? ''),
    actsOf,
    registerSize: async () => (await actsOf(party.register)).length,
    changes: async () =>
      (await actsOf(space)).filter(({ statement }) => statement.type === 'space.keys-changed').length,
    async queued() {
      const { rows } = await sql`select hash from home.outbox where space = ${space} and state = 'queued'
        and statement->>'type' = 'space.keys-changed'`.execute(database.db)
      return rows.length
    },
  }
}

/** Keeps something locked in the database until it is let go. */
async function hold(database: Database, lock: (tx: Tx) => Promise<unknown>): Promise<() => Promise<void>> {
  let letGo = () => {}
  const free = new Promise<void>((done) => {
    letGo = done
  })
  let work: Promise<void> = Promise.resolve()
  await new Promise<void>((held, failed) => {
    work = database.db.transaction().execute(async (tx) => {
      await lock(tx)
      held()
      await free
    })
    work.catch(failed)
  })
  return async () => {
    letGo()
    await work
  }
}

test('killed anywhere between writing new keys down and every space counting them, a node goes on and signs nothing more with the old key', async (t) => {
  const { aurelia, borovia, folders, space, end } = await launchPair()
  const folder = folders.aurelia
  const lockFile = join(folder, 'keys', 'ring.lock')
  const database = await openDatabase({ dataDir: folder })
  t.after(async () => {
    await database.close()
    await end()
  })
  const state = stateOf(database, folder, space)
  const pia = await signIn(aurelia.node, 'aureliaAdministrator')
  const rowOf = (of: string) => (tx: Tx) => sql`select 1 from log.space where space = ${of} for update`.execute(tx)
  const outbox = (tx: Tx) => sql`lock table home.outbox in exclusive mode`.execute(tx)
  const keysAreOurs = (before: string) => async () => !state.ring().pending && state.actKid() !== before

  /** Each holds the node in one window; gives what has to be let go after the kill. */
  const windows: Record<string, (before: string, size: number) => Promise<(() => Promise<void>)[]>> = {
    async 'written down and not on the register'() {
      const held = await hold(database, rowOf(state.register))
      await replace()
      await until('the change to be written down', async () => state.ring().pending !== undefined)
      return [held]
    },
    async 'on the register, and the keys are not ours yet'(_, size) {
      const held = await hold(database, rowOf(state.register))
      await replace()
      await until('the change to be written down', async () => state.ring().pending !== undefined)
      writeFileSync(lockFile, `${hostname()} ${process.pid}`)
      await held()
      await until('the register to show it', async () => (await state.registerSize()) > size)
      // As the killed process would have left it.
      return [async () => writeFileSync(lockFile, `${hostname()} ${spawnSync('true').pid}`)]
    },
    async 'the keys are ours, and no space was told'(before) {
      const held = await hold(database, outbox)
      await replace()
      await until('the keys to be ours', keysAreOurs(before))
      return [held]
    },
    async 'a space was told, and its record does not show it'(before) {
      const held = await hold(database, rowOf(space))
      await replace()
      await until('the act to wait', async () => (await keysAreOurs(before)()) && (await state.queued()) > 0)
      return [held]
    },
    async 'the space counts the new key'(before) {
      const changes = await state.changes()
      await replace()
      await until('the record to show it', async () => (await state.changes()) > changes && state.actKid() !== before)
      return []
    },
  }

  /** Nobody waits for the answer: the process that would give it is killed. */
  async function replace(): Promise<void> {
    const page = await pia.open('/keys')
    const form = page.forms.find((one) => one.action === '/keys/replace')
    assert.ok(form)
    const body = new URLSearchParams({ fingerprint: form.fields.fingerprint?.[0] ?? '' })
    void pia.ask('/keys/replace', { method: 'POST', body }).catch(() => undefined)
  }

  async function say(): Promise<string> {
    const id = newId()
    await until('somebody to be able to speak', async () => {
      const body = new URLSearchParams({ id, within: 'PT1H' })
      return (
        (await aurelia.ask(`/spaces/${space}/checks`, { method: 'POST', body }).catch(() => undefined))?.ok !== false
      )
    })
    return id
  }

  const ended: { window: string; kid: string; publicKey: string }[] = []
  for (const [window, reach] of Object.entries(windows)) {
    const before = state.actKid()
    const old = state.ring().signing.findLast(({ use }) => use === 'act')?.publicKey ?? ''
    const release = await reach(before, await state.registerSize())
    await aurelia.node.kill()
    for (const one of release) await one()
    await aurelia.node.restart()
    await until(`${window}: the change to be finished`, async () => {
      const acts = await state.actsOf(space)
      const changed = acts.findLastIndex(({ statement }) => statement.type === 'space.keys-changed')
      return !state.ring().pending && state.actKid() !== before && (await state.queued()) === 0 && changed >= 0
    })
    const id = await say()
    await until('what was said to be on the record', async () =>
      (await state.actsOf(space)).some(({ statement }) => statement.id === id),
    )
    assert.equal((await state.actsOf(space)).find(({ statement }) => statement.id === id)?.kid, state.actKid(), window)
    await until(`${window}: the former key to be destroyed`, async () =>
      state.ring().signing.every(({ publicKey }) => publicKey !== old),
    )
    ended.push({ window, kid: before, publicKey: old })
  }

  const acts = await state.actsOf(space)
  const party = acts[0]?.statement.author
  const changes = acts.flatMap(({ statement }, index) => (statement.type === 'space.keys-changed' ? [index] : []))
  assert.equal(changes.length, ended.length, 'each change was brought once')
  for (const [at, { window, kid }] of ended.entries()) {
    const late = acts.filter(
      (act, index) => act.statement.author === party && act.kid === kid && index > (changes[at] ?? 0),
    )
    assert.deepEqual(late, [], `${window}: signed with the old key after the space counted the new one`)
  }
  assert.equal(await state.registerSize(), 1 + ended.length, 'each change stands on the register once')
  await until('the other side to hold the same', async () => {
    const answer = await borovia.ask(`/api/v1/spaces/${space}/acts?from=0&limit=500`)
    return ((await answer.json()) as { acts: unknown[] }).acts.length === acts.length
  })
})
