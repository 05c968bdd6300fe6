import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { signCheckpoint } from '../../protocol/index.ts'
import { judgedByBoth } from '../../../test/support/both-verifiers.ts'
import { startNetwork } from '../../../test/support/network.ts'
import { note, noteActs, openChannel, until, untilSize } from '../../../test/support/notes.ts'

test('members who meet compare what the host told each: both stop, though the host says nothing', async (t) => {
  const { nodes, wire } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const { aurelia, borovia, calenia } = nodes
  const space = await openChannel(aurelia, [borovia, calenia])
  await Promise.all([borovia, calenia].map((node) => untilSize(node, space.id, 1)))
  const { origin } = (await aurelia.ledger.head(space.id))!
  // Borovia alone was shown this, and more than it holds: it keeps it.
  const other = signCheckpoint({ origin, size: 3, root: Buffer.alloc(32, 9) }, aurelia.identity.keys.host)
  assert.equal(await borovia.ledger.witness(space.id, other), undefined)
  wire.cut('aurelia', 'borovia')
  await aurelia.outbox.send(note(space.id, '1'))
  await aurelia.outbox.send(note(space.id, '2'))
  // With both notes in hand it stops, whether the entries of the second came first or not.
  await until(async () => (await calenia.ledger.head(space.id))!.frozen, 'calenia hears of it from borovia')
  // And Borovia gets there by Calenia, although its host is out of reach.
  await until(async () => (await borovia.ledger.head(space.id))!.frozen, 'borovia hears of it from calenia')
  for (const node of [borovia, calenia]) {
    const [conflict] = await node.ledger.conflicts(space.id)
    assert.deepEqual([conflict!.kind, conflict!.accused], ['two-histories', aurelia.party])
    const file = (await node.ledger.evidence(conflict!.file!))!
    assert.equal((await judgedByBoth(file)).verdict, 'proven')
    await until(async () => existsSync(join(node.dataDir, 'evidence', conflict!.file!)), 'the file is written')
  }
})

test('in a network where everybody is honest nobody is accused, whatever is cut and healed', async (t) => {
  const { nodes, wire, settled } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], {
    acts: noteActs,
    // Whoever is cut off from the host waits in vain.
    submitWaitMs: 500,
  })
  const { aurelia, borovia, calenia } = nodes
  const space = await openChannel(aurelia, [borovia, calenia])
  await Promise.all([borovia, calenia].map((node) => untilSize(node, space.id, 1)))
  for (const [a, b] of [
    ['aurelia', 'borovia'],
    ['aurelia', 'calenia'],
    ['borovia', 'calenia'],
  ] as const) {
    wire.cut(a, b)
    await Promise.all(
      [aurelia, borovia, calenia].map((node) => node.outbox.send(note(space.id, `${node.name} ${a} ${b}`))),
    )
    wire.heal()
  }
  await settled()
  await Promise.all([aurelia, borovia, calenia].map((node) => untilSize(node, space.id, 10)))
  for (const node of [aurelia, borovia, calenia]) assert.deepEqual(await node.ledger.conflicts(), [])
})

test('whoever has entries from another member confirms them to the host once it is in reach', async (t) => {
  const { nodes, wire } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const { aurelia, borovia, calenia } = nodes
  const space = await openChannel(aurelia, [borovia, calenia])
  await Promise.all([borovia, calenia].map((node) => untilSize(node, space.id, 1)))
  wire.cut('aurelia', 'borovia')
  await aurelia.outbox.send(note(space.id, '1'))
  await untilSize(calenia, space.id, 2)
  await borovia.federation.pull(space.id, calenia.party)
  await borovia.federation.idle()
  wire.heal()
  await until(async () => (await aurelia.ledger.finality(space.id, 1)).length === 3, 'the host knows of all three')
})

test('a peer is told of every space it is in, and of no other', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const { aurelia, borovia } = nodes
  const spaces = await Promise.all(['1', '2', '3'].map(() => openChannel(aurelia, [borovia])))
  for (const space of spaces) await untilSize(borovia, space.id, 1)
  const notes = await aurelia.ledger.notesFor(borovia.party)
  for (const space of spaces) assert.ok(notes.some((one) => one.includes(space.id)))
  const secret = await openChannel(aurelia, [])
  assert.ok(!(await aurelia.ledger.notesFor(borovia.party)).some((one) => one.includes(secret.id)))
})
