import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Network, type NetworkNode, startNetwork } from '../support/network.ts'
import { note, noteActs, openChannel, until, untilSize } from '../support/notes.ts'
import { signRequest } from '../../src/core/federation/signature.ts'
import { reveal } from '../../src/core/markings/index.ts'
import { newId } from '../../src/protocol/index.ts'
import type { Json } from '../../src/protocol/types.ts'

type Three = 'aurelia' | 'borovia' | 'calenia'

async function admit(by: NetworkNode, space: string, who: NetworkNode): Promise<{ hash: string; without?: string }> {
  const snapshot = await by.peers.snapshot(who.party)
  assert.ok(snapshot)
  return govern(by, space, 'space.member-admitted', { member: { ...snapshot, role: 'member' } } as unknown as Json)
}

async function govern(by: NetworkNode, space: string, type: string, body: Json) {
  const sent = await by.outbox.send({ space, type, id: newId(), office: 'desk', body, marking: { tlp: 'AMBER' } })
  assert.equal(sent.state, 'on-record', JSON.stringify(sent))
  await by.ledger.project(space)
  return { hash: sent.hash, without: (await by.ledger.findAct(sent.hash))?.withoutEffect }
}

/** The body of an act as another member holds it. */
async function bodyOf(node: NetworkNode, hash: string): Promise<Json> {
  const marked = (await node.ledger.content([hash])).get(hash)
  const revealed = marked && reveal(marked, { party: node.party, ceiling: 'RED' }, 'page')
  assert.ok(revealed?.shown)
  return revealed.value.body as Json
}

/** Status that a node gets for a request it signs itself, whatever its own code would ask. */
async function askAs(asker: NetworkNode, host: NetworkNode, path: string): Promise<number> {
  const url = `${host.url}${path}`
  const headers = signRequest(
    { method: 'GET', url, body: new Uint8Array() },
    asker.identity.keys.node,
    host.clock.now(),
  )
  return (await host.handle(new Request(url, { headers }))).status
}

const membersOf = async (node: NetworkNode, space: string) =>
  ((await node.ledger.find(space))?.members ?? []).filter((one) => one.until === undefined).map((one) => one.party)

const subjects = async (node: NetworkNode, space: string) => {
  const acts = await node.ledger.acts(space, { types: ['notes.note-sent'] })
  return [...(await node.ledger.content(acts.map((act) => act.hash)))].length
}

async function twoTalk(network: Network<Three>): Promise<string> {
  const { aurelia, borovia } = network.nodes
  const { id: space } = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space, 1)
  for (const number of ['1', '2', '3']) await aurelia.outbox.send(note(space, number))
  await borovia.outbox.send(note(space, '4'))
  return space
}

test('a party that two members agree to take in gets the whole log, verifies it, and speaks', async (t) => {
  const network = await startNetwork<Three>(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const { aurelia, borovia, calenia } = network.nodes
  const space = await twoTalk(network)
  await network.settled()
  assert.equal(await calenia.ledger.head(space), undefined)

  const asked = await admit(aurelia, space, calenia)
  assert.equal(asked.without, 'awaits-agreement')
  assert.deepEqual(await membersOf(aurelia, space), [aurelia.party, borovia.party])
  await untilSize(borovia, space, 6)
  const body = await bodyOf(borovia, asked.hash)
  assert.equal((await govern(borovia, space, 'space.member-admitted', body)).without, undefined)

  await untilSize(calenia, space, 7)
  for (const node of [aurelia, borovia, calenia]) {
    await untilSize(node, space, 7)
    await node.ledger.project(space)
    assert.deepEqual((await membersOf(node, space)).sort(), [aurelia.party, borovia.party, calenia.party])
  }
  assert.equal((await calenia.ledger.head(space))?.root, (await aurelia.ledger.head(space))?.root)
  assert.equal(await subjects(calenia, space), 4, 'everything said before is there to read')
  const said = await calenia.outbox.send(note(space, '5'))
  assert.equal(said.state, 'on-record')
  await untilSize(borovia, space, 8)
})

test('a party that left keeps what it had, gets nothing more and can write nothing more', async (t) => {
  const network = await startNetwork<Three>(t, ['aurelia', 'borovia', 'calenia'], {
    acts: noteActs,
    // What is sent last waits in vain.
    submitWaitMs: 10_000,
  })
  const { aurelia, borovia, calenia } = network.nodes
  const { id: space } = await openChannel(aurelia, [borovia, calenia])
  for (const node of [borovia, calenia]) await untilSize(node, space, 1)
  await calenia.outbox.send(note(space, '1'))
  await untilSize(calenia, space, 2)
  const body = { party: calenia.party }
  assert.equal((await govern(calenia, space, 'space.member-left', body)).without, undefined)
  await untilSize(calenia, space, 3)
  assert.equal((await govern(borovia, space, 'space.member-left', body)).without, 'not-member', 'nobody leaves twice')

  const secret = await aurelia.outbox.send(note(space, '2'))
  await untilSize(borovia, space, 5)
  await network.settled()
  assert.equal((await calenia.ledger.head(space))?.size, 3)
  assert.equal(await calenia.ledger.findAct(secret.hash), undefined)
  assert.equal(await subjects(calenia, space), 1, 'what it had stays')
  for (const path of ['checkpoint', 'newest?from=0', 'newest', 'tile/entries/000.p/5', 'tile/entries/000.p/1'])
    assert.equal(await askAs(calenia, aurelia, `/fed/v1/spaces/${space}/${path}`), 404, path)
  assert.equal(await askAs(borovia, aurelia, `/fed/v1/spaces/${space}/checkpoint`), 200)
  const late = await calenia.outbox.send(note(space, '3'))
  assert.notEqual(late.state, 'on-record')
  await network.settled()
  assert.equal((await aurelia.ledger.head(space))?.size, 5, 'nothing of it came on the record')
})

test('whom a chair removes learns it, and can be taken in again', async (t) => {
  const network = await startNetwork<Three>(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const { aurelia, borovia, calenia } = network.nodes
  const { id: space } = await openForum(aurelia, [borovia, calenia])
  for (const node of [borovia, calenia]) await untilSize(node, space, 1)
  assert.equal((await govern(borovia, space, 'space.member-left', { party: calenia.party })).without, 'not-entitled')
  await untilSize(calenia, space, 2)
  await govern(aurelia, space, 'space.member-left', { party: calenia.party, reason: 'suspended' })
  await untilSize(calenia, space, 3)
  await until(async () => !(await membersOf(calenia, space)).includes(calenia.party), 'Calenia learns it')
  await aurelia.outbox.send(note(space, '1'))
  await untilSize(borovia, space, 4)
  assert.equal((await calenia.ledger.head(space))?.size, 3)
  assert.equal((await admit(aurelia, space, calenia)).without, undefined)
  await untilSize(calenia, space, 5)
  assert.equal((await calenia.outbox.send(note(space, '2'))).state, 'on-record')
})

test('a member removed while its message is in flight: the message is on no record, and its author is told why', async (t) => {
  const network = await startNetwork<Three>(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const { aurelia, borovia, calenia } = network.nodes
  const { id: space } = await openForum(aurelia, [borovia, calenia])
  for (const node of [borovia, calenia]) await untilSize(node, space, 1)
  network.wire.rule(({ from, path }) => ({ dropRequest: from === 'calenia' && path.endsWith('/acts') }))
  const late = await calenia.db.transaction().execute((tx) => calenia.outbox.enqueue(tx, note(space, 'on its way')))
  await until(
    async () => network.wire.sent.some((one) => one.from === 'calenia' && one.path.endsWith('/acts')),
    'a try',
  )
  await govern(aurelia, space, 'space.member-left', { party: calenia.party, reason: 'suspended' })
  network.wire.rule(undefined)
  const told = await calenia.outbox.settle(late.hash)
  assert.ok(told.state === 'refused', JSON.stringify(told))
  assert.equal(told.rule, 'not-a-member')
  await untilSize(calenia, space, 2)
  await aurelia.outbox.send(note(space, 'after it'))
  await untilSize(borovia, space, 3)
  for (const node of [aurelia, borovia]) assert.equal(await node.ledger.findAct(late.hash), undefined)
  assert.equal((await calenia.ledger.head(space))?.size, 2)
})

function openForum(chair: NetworkNode, members: readonly NetworkNode[]) {
  return chair.ledger.open({
    id: newId(),
    kind: 'forum',
    title: { en: 'Forum' },
    purpose: 'debate',
    office: 'desk',
    ownRole: 'chair',
    members: members.map(({ party }) => ({ party, role: 'member' as const })),
  })
}
