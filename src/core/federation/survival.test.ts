import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { note, noteActs, openChannel, until, untilSize } from '../../../test/support/notes.ts'

const hourMs = 3_600_000

test('an unreachable host blocks nobody: the act is signed, and goes when the host is back hours later', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, submitWaitMs: 100 })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  await aurelia.kill()
  const sent = await borovia.outbox.send(note(space.id, '1'))
  assert.equal(sent.state, 'signed')
  await until(async () => (await borovia.outbox.pending())[0]?.lastError !== undefined, 'the failure is noted')
  const [waiting] = await borovia.outbox.pending()
  assert.deepEqual([waiting!.hash, waiting!.space, waiting!.type], [sent.hash, space.id, 'notes.note-sent'])
  for (const node of [aurelia, borovia]) node.clock.advance(5 * hourMs)
  await aurelia.restart()
  await untilSize(aurelia, space.id, 2)
  await until(async () => (await borovia.outbox.pending()).length === 0, 'nothing is pending')
  const answer = await borovia.outbox.settle(sent.hash)
  assert.deepEqual(answer, { state: 'on-record', hash: sent.hash, index: 1, time: aurelia.clock.now() })
})

test('a node that was off for the whole case catches up by itself and cosigns', async (t) => {
  const {
    nodes: { aurelia, borovia, calenia },
  } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs, submitWaitMs: 60_000 })
  await calenia.kill()
  const space = await openChannel(aurelia, [borovia, calenia])
  await untilSize(borovia, space.id, 1)
  const hashes: string[] = []
  // More than two bundles of 256 entries, and more payloads than are asked for at once.
  await aurelia.db.transaction().execute(async (tx) => {
    for (let place = 0; place < 520; place += 1) {
      hashes.push((await aurelia.outbox.enqueue(tx, note(space.id, `${place}`))).hash)
    }
  })
  assert.equal((await aurelia.outbox.settle(hashes.at(-1)!)).state, 'on-record')
  await borovia.outbox.send(note(space.id, 'from borovia'))
  await calenia.restart()
  await untilSize(calenia, space.id, 522)
  const [a, c] = await Promise.all([aurelia, calenia].map((node) => node.ledger.head(space.id)))
  assert.equal(c!.root, a!.root)
  await until(async () => (await aurelia.ledger.finality(space.id, 521)).length === 3, 'all three cosigned')
  assert.deepEqual(await calenia.ledger.missingParts(space.id), [])
})

test('a peer that was down for nine days has what was said meanwhile, and what it signed before goes on the record once', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, submitWaitMs: 100 })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  wire.cut('aurelia', 'borovia')
  const early = await borovia.outbox.send(note(space.id, 'signed before'))
  assert.equal(early.state, 'signed')
  await borovia.kill()
  wire.heal()
  for (let day = 1; day <= 9; day += 1) {
    for (const node of [aurelia, borovia]) node.clock.advance(24 * hourMs)
    assert.equal((await aurelia.outbox.send(note(space.id, `day ${day}`))).state, 'on-record', 'nobody waits for it')
  }
  await borovia.restart()
  for (const node of [aurelia, borovia]) await untilSize(node, space.id, 11)
  const answer = await borovia.outbox.settle(early.hash)
  assert.deepEqual(answer, { state: 'on-record', hash: early.hash, index: 10, time: aurelia.clock.now() })
  const [ours, theirs] = await Promise.all([aurelia, borovia].map((node) => node.ledger.head(space.id)))
  assert.deepEqual([theirs!.size, theirs!.root], [11, ours!.root])
  await until(async () => (await aurelia.ledger.finality(space.id, 10)).length === 2, 'both cosigned')
})

test('killed between signing and submitting, the next process submits the same act', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, submitWaitMs: 50 })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  wire.cut('aurelia', 'borovia')
  const draft = note(space.id, '1')
  const { hash } = await borovia.db.transaction().execute((tx) => borovia.outbox.enqueue(tx, draft))
  await borovia.kill()
  wire.heal()
  await borovia.restart()
  await untilSize(aurelia, space.id, 2)
  // Whoever asks again with the same intention gets the same act.
  const again = await borovia.outbox.send(draft)
  assert.equal(again.hash, hash)
  await until(async () => (await borovia.outbox.settle(hash)).state === 'on-record', 'it is on record')
  assert.equal((await aurelia.ledger.head(space.id))!.size, 2)
})

test('the answer to a submission is lost: the act is on record once, and its receipt comes later', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  let lost = 0
  wire.rule((message) => {
    if (message.path.endsWith('/acts')) lost += 1
    return { dropAnswer: message.path.endsWith('/acts') && lost <= 2 }
  })
  const sent = await borovia.outbox.send(note(space.id, '1'))
  await until(async () => (await borovia.outbox.settle(sent.hash)).state === 'on-record', 'the receipt arrives')
  // Handed in again, or found on the record by itself: whichever comes first.
  assert.ok(lost > 0)
  assert.ok(await borovia.ledger.receipt(sent.hash))
  assert.equal((await aurelia.ledger.head(space.id))!.size, 2)
})

test('a refusal of the host is kept with its rule and shown', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  const draft = note(space.id, '1', { after: [Buffer.alloc(32, 1).toString('base64url')] })
  const sent = await borovia.outbox.send(draft)
  assert.deepEqual([sent.state, sent.state === 'refused' && sent.rule], ['refused', 'after-missing'])
  assert.deepEqual(await borovia.outbox.pending(), [])
  assert.deepEqual(await borovia.outbox.send(draft), sent)
  assert.equal((await aurelia.ledger.head(space.id))!.size, 1)
  // One refusal does not hold up what comes after.
  assert.equal((await borovia.outbox.send(note(space.id, '2'))).state, 'on-record')
})

test('a host that forges a receipt is not believed', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, submitWaitMs: 50 })
  const honest = aurelia.handle
  let forging = false
  // From the start: a question that waits for news when the forging begins must not be answered honestly.
  wire.attach('aurelia', async (request) => {
    const answer = await honest(request)
    if (!forging) return answer
    if (!request.url.endsWith('/acts')) return new Response('{}', { status: 503 })
    const { answers } = (await answer.json()) as { answers: { index: number; receipt: { index: number } }[] }
    for (const item of answers) item.receipt.index = item.index = item.index + 1
    return Response.json({ answers })
  })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  forging = true
  const sent = await borovia.outbox.send(note(space.id, '1'))
  assert.equal(sent.state, 'signed')
  await until(async () => /receipt/.test((await borovia.outbox.pending())[0]?.lastError ?? ''), 'the forgery is noted')
})

test('a member that cannot be reached does not slow the others down', async (t) => {
  const {
    nodes: { aurelia, borovia, calenia },
    wire,
  } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia, calenia])
  await Promise.all([borovia, calenia].map((node) => untilSize(node, space.id, 1)))
  // Calenia's line swallows everything: no error, no answer.
  wire.attach('calenia', () => new Promise(() => undefined))
  for (let turn = 0; turn < 3; turn += 1) {
    assert.equal((await borovia.outbox.send(note(space.id, `${turn}`))).state, 'on-record')
  }
  await untilSize(borovia, space.id, 4)
})

test('a host that starts is told the newest checkpoint its members hold', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await aurelia.outbox.send(note(space.id, '1'))
  await untilSize(borovia, space.id, 2)
  const answers = await aurelia.federation.askMembers(space.id)
  const { size, root } = (await borovia.ledger.head(space.id))!
  assert.deepEqual(answers, [{ party: 'borovia.example', size, root }])
})
