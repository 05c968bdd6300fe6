import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostChange, note, noteActs, openChannel, sendUntil, until, untilSize } from '../../../test/support/notes.ts'
import { type NetworkNode, startNetwork } from '../../../test/support/network.ts'

const options = { acts: noteActs, pace: { tenderAfterMs: 20 }, submitWaitMs: 500 }

const hostOf = async (node: NetworkNode, space: string) => (await node.ledger.head(space))?.host

test('a space is handed over with its old host: the same tree goes on, old receipts hold, the old host is a member', async (t) => {
  const { nodes, settled } = await startNetwork(t, ['mosc', 'aurelia', 'borovia'], options)
  const { mosc, aurelia, borovia } = nodes
  const space = await openChannel(mosc, [aurelia, borovia])
  await Promise.all([aurelia, borovia].map((node) => untilSize(node, space.id, 1)))
  const before = await borovia.outbox.send(note(space.id, 'before'))
  await settled()
  assert.equal((await sendUntil(mosc, hostChange(space.id, aurelia), 'refused')).rule, 'host-not-agreed')
  await sendUntil(aurelia, hostChange(space.id, aurelia), 'on-record')
  await settled()
  await mosc.outbox.send(hostChange(space.id, aurelia))
  await until(async () => (await aurelia.ledger.head(space.id))?.hosted === true, 'aurelia orders the space')
  for (const node of [mosc, borovia])
    await until(async () => (await hostOf(node, space.id)) === 'aurelia.example', `${node.name} knows who orders it`)
  assert.equal((await mosc.ledger.head(space.id))?.hosted, false)
  const after = await mosc.outbox.send(note(space.id, 'after'))
  await until(async () => (await mosc.outbox.settle(after.hash)).state === 'on-record', 'the new host takes it')
  await settled()
  const heads = await Promise.all([mosc, aurelia, borovia].map((node) => node.ledger.head(space.id)))
  assert.equal(new Set(heads.map((head) => `${head?.size} ${head?.root}`)).size, 1)
  assert.match(await borovia.ledger.checkpoint(space.id), new RegExp(`^aurelia.example/spaces/${space.id}\n5\n`))
  assert.equal((await borovia.ledger.receipt(before.hash))?.index, 1)
  await mosc.kill()
  await mosc.restart()
  assert.deepEqual(mosc.ledger.gate(), { open: true, blocked: [] })
  const [refused] = await mosc.ledger.sequence(space.id, [{ envelope: {} }])
  assert.equal(refused?.state, 'unavailable')
  assert.deepEqual([...(await borovia.ledger.conflicts()), ...(await aurelia.ledger.conflicts())], [])
})

test('without the old host a majority makes a member the host; back again, the old one is a replica and signs nothing', async (t) => {
  const { nodes, settled } = await startNetwork(t, ['mosc', 'aurelia', 'borovia', 'calenia'], options)
  const { mosc, aurelia, borovia, calenia } = nodes
  const space = await openChannel(mosc, [aurelia, borovia, calenia])
  await Promise.all([aurelia, borovia, calenia].map((node) => untilSize(node, space.id, 1)))
  await borovia.outbox.send(note(space.id, 'before'))
  await settled()
  await mosc.kill()
  const waiting = await sendUntil(calenia, note(space.id, 'while nobody orders'), 'tendered')
  await aurelia.outbox.send(hostChange(space.id, aurelia))
  await borovia.outbox.send(hostChange(space.id, aurelia))
  assert.equal(await hostOf(aurelia, space.id), 'mosc.example', 'two of four are no majority')
  await calenia.outbox.send(hostChange(space.id, aurelia))
  await until(async () => (await aurelia.ledger.head(space.id))?.hosted === true, 'aurelia orders the space')
  for (const node of [borovia, calenia])
    await until(async () => (await hostOf(node, space.id)) === 'aurelia.example', `${node.name} follows`)
  await until(
    async () => (await calenia.outbox.settle(waiting.hash)).state === 'on-record',
    'what waited is on the record',
  )
  await settled()
  await mosc.restart()
  await until(async () => (await hostOf(mosc, space.id)) === 'aurelia.example', 'the old host follows')
  assert.equal((await mosc.ledger.head(space.id))?.hosted, false)
  await until(
    async () => (await mosc.ledger.head(space.id))?.root === (await aurelia.ledger.head(space.id))?.root,
    'the old host holds what the others hold',
  )
  const again = await mosc.outbox.send(note(space.id, 'here again'))
  await until(async () => (await mosc.outbox.settle(again.hash)).state === 'on-record', 'the new host takes it')
  const acts = await aurelia.ledger.acts(space.id)
  assert.equal(new Set(acts.map((act) => act.hash)).size, acts.length)
  assert.equal(acts.filter((act) => act.statement.type === 'space.host-changed').length, 3)
  for (const node of Object.values(nodes)) assert.deepEqual(await node.ledger.conflicts(), [])
})
