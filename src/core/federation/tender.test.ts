import assert from 'node:assert/strict'
import { test } from 'node:test'
import { note, noteActs, openChannel, sendUntil, until, untilSize } from '../../../test/support/notes.ts'
import { startNetwork } from '../../../test/support/network.ts'
import { type Envelope, readEnvelope } from '../../protocol/index.ts'

const soon = { tenderAfterMs: 20 }

test('a silent host: the act is kept by the others at once, and on the record once when the host is back', async (t) => {
  const { nodes, settled } = await startNetwork(t, ['mosc', 'aurelia', 'borovia', 'calenia'], {
    acts: noteActs,
    pace: soon,
    submitWaitMs: 500,
  })
  const { mosc, aurelia, borovia, calenia } = nodes
  const space = await openChannel(mosc, [aurelia, borovia, calenia])
  await Promise.all([aurelia, borovia, calenia].map((node) => untilSize(node, space.id, 1)))
  await mosc.kill()
  const sent = await sendUntil(aurelia, note(space.id, 'Is anybody there?'), 'tendered')
  await until(async () => {
    const now = await aurelia.outbox.settle(sent.hash)
    const keepers = now.state === 'tendered' ? now.heldBy.map(({ party }) => party).sort() : []
    return keepers.join() === 'borovia.example,calenia.example'
  }, 'both others keep it')
  const [seen] = await borovia.tenders.list(space.id)
  assert.equal(seen?.statement.author, 'aurelia.example')
  assert.equal((await borovia.tenders.content([seen!])).size, 1)
  await until(
    async () => (await borovia.tenders.list(space.id))[0]?.heldBy.length === 2,
    'borovia knows that calenia keeps it too',
  )

  const draft = { ...note(space.id, 'We are.'), refs: [{ act: sent.hash }] }
  const answer = await sendUntil(borovia, draft, 'tendered')
  assert.deepEqual((await aurelia.tenders.find(answer.hash))?.statement.after, [sent.hash])

  for (const node of Object.values(nodes)) node.clock.advance(3_600_000)
  await mosc.restart()
  await until(async () => (await aurelia.tenders.list(space.id)).length === 0, 'nothing is tendered any more')
  await settled()
  const acts = await mosc.ledger.acts(space.id)
  const types = acts.map((act) => act.statement.type)
  assert.deepEqual(types.slice(0, 1), ['space.opened'])
  const places = [sent.hash, answer.hash].map((hash) => acts.findIndex((act) => act.hash === hash))
  assert.ok(places[0]! > 0 && places[0]! < places[1]!, 'what was asked stands before what was answered')
  assert.equal(acts.filter((act) => act.statement.type === 'notes.note-sent').length, 2)
  const records = acts.filter((act) => act.statement.type === 'space.tender-recorded')
  assert.ok(records.length >= 2)
  const bodies = await mosc.db.selectFrom('view.tender').selectAll().where('act', '=', sent.hash).execute()
  assert.ok(bodies.every((row) => row.by !== 'aurelia.example' && row.at < acts[places[0]!]!.time))
  assert.deepEqual(await aurelia.outbox.settle(sent.hash), {
    state: 'on-record',
    hash: sent.hash,
    index: places[0],
    time: acts[places[0]!]!.time,
  })
})

test('an answer that the host refused because it had not what is answered goes on the record after it', async (t) => {
  const { nodes, wire, settled } = await startNetwork(t, ['mosc', 'aurelia', 'borovia'], {
    acts: noteActs,
    pace: soon,
    submitWaitMs: 500,
  })
  const { mosc, aurelia, borovia } = nodes
  const { id } = await openChannel(mosc, [aurelia, borovia])
  await Promise.all([aurelia, borovia].map((node) => untilSize(node, id, 1)))
  await settled()
  await mosc.kill()
  const asked = await sendUntil(aurelia, note(id, 'Is anybody there?'), 'tendered')
  const answered = await sendUntil(borovia, { ...note(id, 'We are.'), refs: [{ act: asked.hash }] }, 'tendered')

  for (const { name } of [aurelia, borovia]) wire.cut('mosc', name)
  await mosc.restart()
  let refusals = 0
  wire.attach('mosc', async (request) => {
    if (!request.url.endsWith('/acts')) return mosc.handle(request)
    const handedIn = hashesIn(await request.clone().text())
    // Whoever carries the question comes too early until the host has refused the answer to it.
    if (handedIn.includes(asked.hash) && refusals === 0) return new Response('{}', { status: 503 })
    const answer = await mosc.handle(request)
    refusals += (await answer.clone().text()).split('"after-missing"').length - 1
    return answer
  })
  wire.heal()
  for (const [{ outbox }, { hash }] of [
    [aurelia, asked],
    [borovia, answered],
  ] as const)
    await until(async () => {
      const now = await outbox.settle(hash)
      assert.notEqual(now.state, 'refused')
      return now.state === 'on-record'
    }, 'both are on the record')
  assert.ok(refusals > 0)
  const acts = (await mosc.ledger.acts(id)).map((act) => act.hash)
  assert.ok(acts.indexOf(asked.hash) < acts.indexOf(answered.hash))
})

function hashesIn(handedIn: string): string[] {
  const { acts } = JSON.parse(handedIn) as { acts: Envelope[] }
  return acts.map((envelope) => readEnvelope(envelope).hash)
}
