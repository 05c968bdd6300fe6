import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { newId, signAct, toBase64url } from '../../protocol/index.ts'
import { note, noteActs, openChannel, sendUntil, until, untilSize } from '../../../test/support/notes.ts'
import { type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import { tenderLimits } from './tender-store.ts'
import { signRequest } from './signature.ts'

const options = { acts: noteActs, pace: { tenderAfterMs: 20 }, submitWaitMs: 500 }

/** What a member answers to a tender that another node signs itself, whatever its own code would send. */
async function tender(from: NetworkNode, to: NetworkNode, space: string, body: unknown) {
  const bytes = Buffer.from(JSON.stringify(body))
  const url = `${to.url}/fed/v1/spaces/${space}/tenders`
  const headers = signRequest({ method: 'POST', url, body: bytes }, from.identity.keys.node, to.clock.now())
  const answer = await to.handle(
    new Request(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: bytes }),
  )
  const said = (await answer.json().catch(() => ({}))) as { answers?: { state: string; rule?: string; hash: string }[] }
  return { status: answer.status, answers: said.answers ?? [] }
}

/** An act of a party that its own outbox never saw, with its payloads. */
async function signed(by: NetworkNode, space: string, over: Record<string, unknown> = {}) {
  const draft = note(space, newId().slice(0, 8))
  const act = await by.db.transaction().execute((tx) => by.ledger.signAct(tx, draft))
  const blobs: Record<string, string> = {}
  for (const { hash } of act.statement.parts) blobs[hash] = toBase64url((await by.blobs.find(by.db, hash))!)
  const changed = signAct({ ...act.statement, ...over } as typeof act.statement, by.identity.keys.act)
  return { envelope: changed.envelope, hash: changed.hash, blobs }
}

test('hostile tenders: garbage, other spaces, strangers, other times, repetition and floods leave nothing and say why', async (t) => {
  const { nodes } = await startNetwork(t, ['mosc', 'aurelia', 'borovia', 'calenia'], options)
  const { mosc, aurelia, borovia, calenia } = nodes
  const { id: space } = await openChannel(mosc, [aurelia, borovia])
  const { id: other } = await openChannel(mosc, [aurelia, borovia])
  for (const one of [space, other]) await Promise.all([aurelia, borovia].map((node) => untilSize(node, one, 1)))
  await mosc.kill()
  const kept = async () => (await borovia.tenders.list(space)).length

  for (const body of [{}, { acts: 'x' }, { acts: Array.from({ length: 65 }, () => ({})) }, []])
    assert.equal((await tender(aurelia, borovia, space, body)).status, 400)
  const garbage = await tender(aurelia, borovia, space, { acts: [{}, { payload: '!', protected: '', signature: '' }] })
  assert.deepEqual(
    garbage.answers.map((one) => one.state),
    ['refused', 'refused'],
  )

  const elsewhere = await signed(aurelia, other)
  const [wrong] = (await tender(aurelia, borovia, space, { acts: [elsewhere.envelope], blobs: elsewhere.blobs }))
    .answers
  assert.deepEqual([wrong?.state, wrong?.rule], ['refused', 'wrong-space'])
  const forged = await signed(aurelia, space, { author: borovia.party })
  const [inName] = (await tender(aurelia, borovia, space, { acts: [forged.envelope], blobs: forged.blobs })).answers
  assert.equal(inName?.state, 'refused')
  const fine = await signed(aurelia, space)
  assert.equal((await tender(calenia, borovia, space, { acts: [fine.envelope], blobs: fine.blobs })).status, 404)
  const [bare] = (await tender(aurelia, borovia, space, { acts: [fine.envelope] })).answers
  assert.deepEqual([bare?.state, bare?.rule], ['refused', 'part-missing'])
  const early = await signed(aurelia, space, { at: borovia.clock.now() + 6 * 60_000 })
  const [ahead] = (await tender(aurelia, borovia, space, { acts: [early.envelope], blobs: early.blobs })).answers
  assert.deepEqual([ahead?.state, ahead?.rule], ['refused', 'author-time-ahead'])
  assert.equal(await kept(), 0)

  // A long time ago is no fault: who was cut off signs late. Repeated, it gets the first receipt again.
  const late = await signed(aurelia, space, { at: borovia.clock.now() - 30 * 24 * 3_600_000 })
  const first = await tender(aurelia, borovia, space, { acts: [late.envelope], blobs: late.blobs })
  borovia.clock.advance(60_000)
  const again = await tender(aurelia, borovia, space, { acts: [late.envelope], blobs: late.blobs })
  assert.equal(first.answers[0]?.state, 'kept')
  assert.deepEqual(again.answers, first.answers)
  assert.equal(await kept(), 1)

  // All but eight places taken, and two requests for sixteen at once.
  await borovia.db
    .insertInto('home.tendered')
    .columns(['hash', 'since', 'space', 'author', 'statement', 'envelope', 'size_bytes', 'from_party', 'state'])
    .expression((from) =>
      from
        .selectFrom('home.tendered as t')
        .crossJoin(sql<{ n: number }>`generate_series(1, ${tenderLimits.acts - 9})`.as('g'))
        .select(sql<string>`t.hash || g`.as('hash'))
        .select([
          't.since',
          't.space',
          't.author',
          't.statement',
          't.envelope',
          't.size_bytes',
          't.from_party',
          't.state',
        ]),
    )
    .execute()
  const flood = await Promise.all(Array.from({ length: 16 }, () => signed(aurelia, space)))
  const blobs = Object.assign({}, ...flood.map((one) => one.blobs)) as Record<string, string>
  const halves = [flood.slice(0, 8), flood.slice(8)]
  const answers = await Promise.all(
    halves.map((half) => tender(aurelia, borovia, space, { acts: half.map((one) => one.envelope), blobs })),
  )
  const rules = answers.flatMap((one) => one.answers).map((one) => one.rule ?? one.state)
  assert.deepEqual(rules.toSorted(), [...Array(8).fill('kept'), ...Array(8).fill('too-many')])
  const { count } = await borovia.db
    .selectFrom('home.tendered')
    .select((q) => q.fn.countAll<number>().as('count'))
    .where('author', '=', aurelia.party)
    .executeTakeFirstOrThrow()
  assert.equal(Number(count), tenderLimits.acts)
})

test('with nobody else to keep it, an act is named by its author’s register, which every peer holds', async (t) => {
  const { nodes, settled } = await startNetwork(t, ['mosc', 'aurelia', 'borovia'], options)
  const { mosc, aurelia, borovia } = nodes
  const { id: space } = await openChannel(mosc, [aurelia])
  await untilSize(aurelia, space, 1)
  await settled()
  await mosc.kill()
  const sent = await aurelia.outbox.send(note(space, 'only between us'))
  await until(async () => (await aurelia.tenders.find(sent.hash))?.anchoredBy !== undefined, 'the act is anchored')
  const { register } = aurelia.identity
  const anchored = async (node: NetworkNode) =>
    (await node.ledger.acts(register)).filter((act) => act.statement.type === 'register.anchored')
  await until(async () => (await anchored(borovia)).length === 1, 'a peer that is not in the space holds the anchor')
  const [anchor] = await anchored(borovia)
  const { body } = anchor!.statement.parts[0] ? { body: anchor!.statement.parts[0] } : { body: undefined }
  const blob = await borovia.blobs.find(borovia.db, body!.hash)
  assert.deepEqual(JSON.parse(Buffer.from(blob!.subarray(32)).toString()), { act: sent.hash, space })
  await mosc.restart()
  await until(async () => (await aurelia.outbox.settle(sent.hash)).state === 'on-record', 'it is recorded all the same')
  assert.equal((await anchored(aurelia)).length, 1)
})

test('a tendered act of a sealed space is read by its members alone, and recorded as it was sealed', async (t) => {
  const { nodes, settled } = await startNetwork(t, ['mosc', 'aurelia', 'borovia'], options)
  const { mosc, aurelia, borovia } = nodes
  const id = newId()
  await aurelia.outbox.open({
    id,
    kind: 'channel',
    title: { en: 'Hotline' },
    purpose: 'communication',
    office: 'cyber-desk',
    members: [{ party: borovia.party, role: 'member' }],
    host: mosc.party,
    sealed: true,
  })
  await Promise.all([aurelia, borovia].map((node) => untilSize(node, id, 1)))
  await settled()
  await mosc.kill()
  const sent = await sendUntil(aurelia, note(id, 'sealed'), 'tendered')
  const [seen] = await borovia.tenders.list(id)
  assert.ok(seen?.statement.parts.every((part) => part.enc))
  assert.equal((await borovia.tenders.content([seen!])).size, 1)
  const answer = await borovia.outbox.send({ ...note(id, 'read'), refs: [{ act: sent.hash }] })
  await mosc.restart()
  for (const [node, hash] of [
    [aurelia, sent.hash],
    [borovia, answer.hash],
  ] as const)
    await until(async () => (await node.outbox.settle(hash)).state === 'on-record', `${node.name}’s act is recorded`)
  const places = async () => {
    const acts = await aurelia.ledger.acts(id)
    return [sent.hash, answer.hash].map((hash) => acts.findIndex((act) => act.hash === hash))
  }
  await until(async () => (await places()).every((place) => place > 0), 'aurelia has both on record')
  const [asked = 0, answered = 0] = await places()
  assert.ok(asked < answered, 'what was asked stands before what was answered')
})
