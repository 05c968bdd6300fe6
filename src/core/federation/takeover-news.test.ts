import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { hostChange, note, noteActs, openChannel, sendUntil, until, untilSize } from '../../../test/support/notes.ts'
import { type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import { createLedger, type LogLedger } from '../log/index.ts'
import { views as witnessViews } from '../witnessing/index.ts'

const options = { acts: noteActs, pace: { tenderAfterMs: 20 }, submitWaitMs: 500 }

const numbers = async (node: NetworkNode, space: string) => {
  const acts = (await node.ledger.acts(space)).filter((act) => act.statement.type === 'notes.note-sent')
  const contents = await node.ledger.contentOf(acts)
  return { acts, count: contents.size, seen: acts.map((act) => act.hash) }
}

test('a host that was cut off learns that its members went on without it: its record is left, nothing is lost, nobody is accused', async (t) => {
  const { nodes, wire, settled } = await startNetwork(t, ['mosc', 'doria', 'aurelia', 'borovia', 'calenia'], options)
  const { mosc, doria, aurelia, borovia, calenia } = nodes
  const all = Object.values(nodes)
  const space = await openChannel(mosc, [doria, aurelia, borovia, calenia])
  await Promise.all(all.map((node) => untilSize(node, space.id, 1)))
  await borovia.outbox.send(note(space.id, 'before'))
  await settled()

  for (const here of ['mosc', 'doria']) for (const there of ['aurelia', 'borovia', 'calenia']) wire.cut(here, there)
  const atOnce = await sendUntil(doria, note(space.id, 'on the old side'), 'on-record')
  await settled()
  // It has the old record in view: it cannot stand on another.
  const inView = await sendUntil(doria, note(space.id, 'with the old record in view'), 'on-record')
  const hosts = await sendUntil(mosc, note(space.id, 'of the old host'), 'on-record')
  const second = await secondProcess(mosc)
  t.after(() => second.close())
  const far = await sequenceBy(second, mosc, space.id, 16)
  assert.deepEqual(await lastGuarded(mosc, space.id), far)

  for (const member of [aurelia, borovia, calenia]) await member.outbox.send(hostChange(space.id, aurelia))
  await until(async () => (await aurelia.ledger.head(space.id))?.hosted === true, 'aurelia orders the space')
  const there = await calenia.outbox.send(note(space.id, 'on the new side'))
  await until(async () => (await calenia.outbox.settle(there.hash)).state === 'on-record', 'the new host takes it')

  wire.heal()
  for (const node of [mosc, doria])
    await until(async () => (await node.ledger.head(space.id))?.host === aurelia.party, `${node.name} follows aurelia`)
  await until(
    async () =>
      new Set(await Promise.all(all.map(async (node) => (await node.ledger.head(space.id))?.root))).size === 1,
    'all hold one record',
  )
  await until(async () => (await doria.outbox.settle(atOnce.hash)).state === 'on-record', 'what fits is recorded again')
  await settled()
  const { seen } = await numbers(doria, space.id)
  assert.ok(seen.includes(atOnce.hash) && seen.includes(there.hash))
  assert.equal(new Set(seen).size, seen.length)
  assert.equal((await mosc.ledger.head(space.id))?.hosted, false)

  const left = new Map((await doria.ledger.orphans(space.id)).map((one) => [one.hash, one]))
  assert.ok(left.get(atOnce.hash)?.again !== undefined)
  assert.equal(left.get(inView.hash)?.again, undefined)
  assert.equal(left.get(inView.hash)?.host, mosc.party)
  assert.ok(left.has(hosts.hash))
  for (const node of all) assert.deepEqual(await node.ledger.conflicts(), [])

  const again = await doria.outbox.sayAgain(inView.hash)
  await until(async () => (await doria.outbox.settle(again.hash)).state === 'on-record', 'it is said again')
  await settled()
  assert.ok((await doria.ledger.orphans(space.id)).find((one) => one.hash === inView.hash)?.again)

  // What the old host signed beyond the handover shuts no gate, now or after a restart.
  await mosc.kill()
  await mosc.restart()
  assert.deepEqual(mosc.ledger.gate(), { open: true, blocked: [] })
  const afterwards = await mosc.outbox.send(note(space.id, 'afterwards'))
  await until(async () => (await mosc.outbox.settle(afterwards.hash)).state === 'on-record', 'it writes as a member')

  // Host once more, below what the record that was left had grown to: the other process must not think it knows better.
  await sendUntil(mosc, hostChange(space.id, mosc), 'on-record')
  await aurelia.outbox.send(hostChange(space.id, mosc))
  await until(async () => (await mosc.ledger.head(space.id))?.hosted === true, 'mosc orders the space again')
  const signed = await sequenceBy(second, mosc, space.id, 1)
  assert.ok(Number(signed?.split(' ')[1]) < Number(far?.split(' ')[1]), 'the record is as long again as the one left')
  assert.deepEqual(await lastGuarded(mosc, space.id), signed, 'a signature left that no guard file holds')
})

/** Another process on the database of this node. */
async function secondProcess(node: NetworkNode): Promise<LogLedger> {
  const ledger = createLedger({
    ...node,
    instance: 'second',
    acts: noteActs,
    views: witnessViews,
    snapshotOf: async () => undefined,
    knownParty: (party, reader) => node.federation.knownParty(party, reader),
    listen: node.database.listen,
  })
  await ledger.start()
  return ledger
}

/** Acts of the host, put on record by this process; gives the line that its guard file must hold. */
async function sequenceBy(ledger: LogLedger, { db }: NetworkNode, space: string, count: number): Promise<string> {
  const signed = await db
    .transaction()
    .execute((tx) => Promise.all(Array.from({ length: count }, (_, at) => ledger.signAct(tx, note(space, `s${at}`)))))
  const answers = await ledger.sequence(
    space,
    signed.map(({ envelope }) => ({ envelope })),
  )
  const last = answers.at(-1)
  assert.equal(last?.state, 'on-record', JSON.stringify(last))
  const head = await ledger.head(space)
  return `${space} ${head?.size} ${head?.root}`
}

async function lastGuarded(node: NetworkNode, space: string): Promise<string | undefined> {
  const text = await readFile(join(node.dataDir, 'guard', 'second.log'), 'utf8')
  return text
    .split('\n')
    .filter((line) => line.startsWith(space))
    .at(-1)
}
