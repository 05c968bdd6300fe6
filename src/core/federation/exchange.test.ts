import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, verifyReceipt } from '../../protocol/index.ts'
import { startNetwork } from '../../../test/support/network.ts'
import { note, noteActs, openChannel, until, untilSize } from '../../../test/support/notes.ts'

test('a note goes from the host to the other side and back, each with a receipt', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  const sent = await aurelia.outbox.send(note(space.id, '1'))
  assert.equal(sent.state, 'on-record')
  await untilSize(borovia, space.id, 2)
  const answered = await borovia.outbox.send(note(space.id, '2'))
  assert.equal(answered.state, 'on-record')
  // Visible on both sides before the sender is told.
  for (const node of [aurelia, borovia]) {
    const acts = await node.ledger.acts(space.id)
    assert.deepEqual(acts.map((act) => act.hash).slice(1), [sent.hash, answered.hash])
    assert.deepEqual(
      acts.map((act) => act.statement.author),
      ['aurelia.example', 'aurelia.example', 'borovia.example'],
    )
  }
  const [a, b] = await Promise.all([aurelia, borovia].map((node) => node.ledger.head(space.id)))
  assert.equal(a!.root, b!.root)
})

test('the receipt a member keeps proves its act to a stranger', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  const sent = await borovia.outbox.send(note(space.id, '1'))
  const receipt = await borovia.ledger.receipt(sent.hash)
  const [entry] = await borovia.ledger.entries(space.id, 1, 1)
  const host = (await borovia.ledger.head(space.id))!
  assert.equal(verifyReceipt(receipt!, entry!, { origin: host.origin, key: host.hostKey }).size, 2)
})

test('every member learns that every member has the note', async (t) => {
  const {
    nodes: { aurelia, borovia, calenia },
  } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia, calenia])
  await untilSize(borovia, space.id, 1)
  await borovia.outbox.send(note(space.id, '1'))
  for (const node of [aurelia, borovia, calenia]) {
    await until(async () => {
      const parties = (await node.ledger.finality(space.id, 1)).map((line) => line.party).sort()
      return parties.join() === 'aurelia.example,borovia.example,calenia.example'
    }, `${node.name} knows all cosignatures`)
  }
})

test('attachments arrive, small ones with their note and large ones after it', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  const attachments = [10, 3 * 1024 * 1024].map((size) => ({
    name: `${size}.bin`,
    media: 'application/octet-stream',
    content: Buffer.alloc(size, 7),
    marking: { tlp: 'AMBER' as const },
  }))
  for (const [from, to, size] of [
    [aurelia, borovia, 2],
    [borovia, aurelia, 3],
  ] as const) {
    const sent = await from.outbox.send(note(space.id, `${size}`, { attachments }))
    assert.equal(sent.state, 'on-record')
    await untilSize(to, space.id, size)
  }
})

test('the same intention twice is one act, also when two ask at once', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  const draft = note(space.id, '1')
  const answers = await Promise.all([1, 2, 3].map(() => borovia.outbox.send(draft)))
  answers.push(await borovia.outbox.send(draft))
  assert.equal(new Set(answers.map((answer) => answer.hash)).size, 1)
  assert.ok(answers.every((answer) => answer.state === 'on-record'))
  assert.equal((await aurelia.ledger.head(space.id))!.size, 2)
})

test('an enqueued act goes out after commit without anybody settling it', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  await borovia.db.transaction().execute((tx) => borovia.outbox.enqueue(tx, note(space.id, '1')))
  await untilSize(aurelia, space.id, 2)
  await untilSize(borovia, space.id, 2)
})

test('nothing of a rolled back transaction is signed or sent', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  await assert.rejects(
    borovia.db.transaction().execute(async (tx) => {
      await borovia.outbox.enqueue(tx, note(space.id, '1'))
      throw new Error('changed our mind')
    }),
    /changed our mind/,
  )
  assert.deepEqual(await borovia.outbox.pending(), [])
  const kept = await borovia.outbox.send(note(space.id, '2'))
  assert.equal(kept.state, 'on-record')
  assert.equal((await aurelia.ledger.head(space.id))!.size, 2)
})

test('accreditation brings the register of the other side and its fingerprint', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const before = await borovia.ledger.head(aurelia.identity.register)
  assert.equal(before?.size, 1)
  assert.equal((await borovia.peers.find('aurelia.example'))?.fingerprint, aurelia.identity.fingerprint)
})

test('over real HTTP, notes go both ways and the nodes end without anything left open', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, overHttp: true })
  const space = await openChannel(aurelia, [borovia])
  const attachments = [
    {
      name: 'logs.bin',
      media: 'application/octet-stream',
      content: Buffer.alloc(2_000_000, 7),
      marking: { tlp: 'AMBER' as const },
    },
  ]
  assert.equal((await aurelia.outbox.send(note(space.id, '1', { attachments }))).state, 'on-record')
  await untilSize(borovia, space.id, 2)
  assert.equal((await borovia.outbox.send(note(space.id, '2', { attachments }))).state, 'on-record')
  await untilSize(aurelia, space.id, 3)
})

test('what a party writes into its register reaches whoever compared its fingerprint', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  const [opening] = await aurelia.ledger.acts(space.id)
  const anchored = await aurelia.outbox.send({
    space: aurelia.identity.register,
    type: 'register.anchored',
    id: newId(),
    office: 'cyber-desk',
    body: { act: opening!.hash },
    marking: { tlp: 'CLEAR' },
  })
  assert.equal(anchored.state, 'on-record')
  await untilSize(borovia, aurelia.identity.register, 2)
})
