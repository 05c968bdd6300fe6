import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { judgedByBoth } from '../../../test/support/both-verifiers.ts'
import {
  everythingHeld,
  type Held,
  openWithEverything,
  placesOf,
  type Target,
} from '../../../test/support/held-bytes.ts'
import { newNote, noteSent, trialTables, viewRows } from '../../../test/support/ledger.ts'
import { type Network, type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import { hostChange, until, untilSize } from '../../../test/support/notes.ts'
import {
  canonicalBytes,
  convictsSealer,
  newBlob,
  newId,
  openBlob,
  readKeySet,
  sealBlob,
  signAct,
  type Statement,
  toBase64url,
} from '../../protocol/index.ts'
import { evidenceLines } from '../../protocol/evidence/index.ts'
import { newKeySet } from '../sealing/key-set.ts'
import type { ActContent, NewSpace, Submission } from '../module/types.ts'
import { reveal } from '../markings/index.ts'
import { createScrub, migrations as scrubMigrations } from '../scrub/index.ts'
import { signRequest } from './signature.ts'

type Name = 'aurelia' | 'borovia' | 'calenia' | 'secretariat'
const names = ['aurelia', 'borovia', 'calenia', 'secretariat'] as const
const hourMs = 3_600_000
/** As a note, and people clear it for the readers of that moment. */
const clearedNote = { ...noteSent, type: 'trial.note-cleared', release: 'two-person' as const }
const trialModule = {
  name: 'trial',
  acts: [noteSent, clearedNote],
  migrations: [...scrubMigrations, trialTables],
  views: ['view.trial_note'],
}

async function start(t: { after(fn: () => Promise<void>): void }) {
  return startNetwork<Name>(t, names, { modules: [trialModule], submitWaitMs: 60_000 })
}

/** Two members and a host that is none of them. */
function hotline(more: Partial<NewSpace> = {}): NewSpace {
  return {
    id: newId(),
    kind: 'channel',
    title: { en: 'Hotline' },
    purpose: 'Standing hotline',
    office: 'desk',
    members: [{ party: 'borovia.example', role: 'member' }],
    sealed: true,
    host: 'secretariat.example',
    ...more,
  }
}

/** Three members, chaired by Aurelia, ordered by a host that is none of them. */
function forum(members: Name[]): NewSpace {
  return hotline({
    kind: 'forum',
    ownRole: 'chair',
    members: members.map((name) => ({ party: `${name}.example`, role: 'member' as const })),
  })
}

async function open(network: Network<Name>, opening: NewSpace): Promise<string> {
  onRecord(await network.nodes.aurelia.outbox.open(opening))
  await network.settled()
  return opening.id
}

function onRecord(sent: Submission): Submission & { state: 'on-record' } {
  assert.equal(sent.state, 'on-record', JSON.stringify(sent))
  return sent as Submission & { state: 'on-record' }
}

async function say(
  network: Network<Name>,
  from: NetworkNode,
  space: string,
  number: number,
  subject = `No. ${number}`,
) {
  const { hash } = onRecord(await from.outbox.send(newNote(space, number, { text: { subject } })))
  await network.settled()
  return hash
}

/** An act of the space itself, by Aurelia. */
async function govern(network: Network<Name>, space: string, type: string, body: object, from: Name = 'aurelia') {
  const draft = { space, type, id: newId(), office: 'desk', body: body as never, marking: { tlp: 'AMBER' as const } }
  const sent = onRecord(await network.nodes[from].outbox.send(draft))
  await network.settled()
  return sent
}

async function admit(network: Network<Name>, space: string, name: Name): Promise<void> {
  const snapshot = await network.nodes.aurelia.federation.snapshotOf(`${name}.example`)
  await govern(network, space, 'space.member-admitted', { member: { ...snapshot, role: 'member' } })
  await network.settled()
}

async function textAt(node: NetworkNode, hash: string): Promise<ActContent | undefined> {
  const marked = (await node.ledger.content([hash])).get(hash)
  const revealed = marked && reveal(marked, { party: node.party, ceiling: 'RED' }, 'page')
  return revealed?.shown ? revealed.value : undefined
}

async function statementOf(node: NetworkNode, hash: string): Promise<Statement> {
  return (await node.ledger.findAct(hash))!.statement
}

const keysOf = async (node: NetworkNode, hash: string) => (await statementOf(node, hash)).parts[0]!.enc!.keys

async function targets(node: NetworkNode, hashes: string[]): Promise<Target[]> {
  const statements = await Promise.all(hashes.map((hash) => statementOf(node, hash)))
  return statements.flatMap(({ space, author, parts }) => parts.map((part) => ({ space, author, part })))
}

async function numbers(node: NetworkNode, space: string): Promise<number[]> {
  const rows = await node.db.selectFrom('view.trial_note').select('number').where('space', '=', space).execute()
  return rows.map(({ number }) => number).sort((a, b) => a - b)
}

test('a hotline ordered by a third party is read by its two members and by nobody else', async (t) => {
  const network = await start(t)
  const { aurelia, borovia, secretariat } = network.nodes
  const seen: Held[] = []
  network.wire.tap((node, bytes) => {
    if (node === 'secretariat') seen.push({ where: 'wire', bytes })
  })
  const space = await open(network, hotline())
  const secret = `the mole is ${randomBytes(12).toString('hex')}`
  const file = { name: 'list.bin', media: 'application/octet-stream', marking: { tlp: 'RED' as const } }
  const draft = newNote(space, 7, {
    text: { subject: secret },
    attachments: [{ ...file, content: new TextEncoder().encode(`${secret} ${secret}`) }],
  })
  const { hash } = onRecord(await borovia.outbox.send(draft))
  await network.settled()
  for (const node of [aurelia, borovia]) {
    assert.deepEqual((await textAt(node, hash))?.text, { subject: secret })
    assert.equal((await node.ledger.find(space))?.sealed, true)
    assert.deepEqual(await numbers(node, space), [7])
    await until(async () => (await node.ledger.finality(space, 1)).length === 2, 'both members have it and say so')
  }
  const file0 = (await textAt(aurelia, hash))!.attachments[0]!
  assert.deepEqual([file0.name, file0.present], ['list.bin', true])
  const marked = await aurelia.ledger.attachment(hash, file0.hash)
  const read = reveal(marked!, { party: aurelia.party, ceiling: 'RED' }, 'page')
  assert.ok(read.shown && Buffer.from(read.value).toString() === `${secret} ${secret}`)

  assert.equal((await secretariat.ledger.head(space))?.hosted, true)
  assert.deepEqual(await numbers(secretariat, space), [])
  assert.equal((await secretariat.ledger.findAct(hash))?.dark, 'not-for-us')
  const shown = await textAt(secretariat, hash)
  assert.deepEqual([shown?.body, shown?.text, shown?.dark], [undefined, undefined, 'not-for-us'])

  const held = [...(await everythingHeld(secretariat)), ...seen]
  assert.deepEqual(placesOf(secret, held), [])
  assert.ok(placesOf('Standing hotline', held).length > 0, 'the search finds what is there: purposes are in the clear')
  const all = await targets(aurelia, [hash])
  const tried = openWithEverything(held, [secretariat.identity], all)
  assert.deepEqual(tried.opened, [])
  assert.ok(tried.keysTried > 100 && tried.keySetsTried > 0, `${tried.keysTried} keys, ${tried.keySetsTried} key sets`)
  assert.equal(openWithEverything(held, [borovia.identity], all).opened.length, 4, 'the same bytes, a member’s key')
  // No member lays a readable copy down either: the database of each holds sealed bytes alone.
  const stored = (await everythingHeld(aurelia)).filter(({ where }) => where.startsWith('log.'))
  assert.deepEqual(placesOf(secret, stored), [])
  await t.test('what lies sealed is read back and put right, also from the host that can read nothing of it', () =>
    putRight(network, space),
  )
  await t.test('a host that is no member hands over once its members say so, and is answered alike each time', () =>
    handedOverToMember(network, space, hash),
  )
})

/** Leaf, sealed words and key set of entry 1, each spoilt at a member that reaches only the host, and at the host. */
async function putRight(network: Network<Name>, space: string): Promise<void> {
  const { aurelia, borovia, secretariat } = network.nodes
  network.wire.cut('aurelia', 'borovia')
  for (const [node, from] of [
    [aurelia, secretariat.party],
    [secretariat, aurelia.party],
  ] as const) {
    const scrub = createScrub({
      ...node,
      sources: node.federation.sources,
      mended: (one) => node.ledger.project(one),
      gate: { shut: () => [], recheck: async () => true },
    })
    assert.deepEqual(await scrub.check(space), [], `${node.name} holds what it stored`)
    const parts = await node.db
      .selectFrom('log.part')
      .select(['role', 'hash'])
      .where('space', '=', space)
      .where('idx', '=', 1)
      .execute()
    const kinds = [...new Set(parts.map(({ role }) => role))]
    assert.ok(kinds.includes('keys') && kinds.includes('text'), kinds.join())
    for (const { role, hash } of [{ role: 'leaf', hash: '' }, ...parts]) {
      await (role === 'leaf'
        ? sql`update log.entry set leaf = set_bit(leaf, 300, 1 - get_bit(leaf, 300)) where space = ${space} and idx = 1`
        : sql`update log.blob_piece set bytes = set_bit(bytes, 300, 1 - get_bit(bytes, 300)) where commitment = ${hash}`
      ).execute(node.db)
      assert.ok((await scrub.check(space)).length > 0, `${node.name}: ${role} was spoilt and not found`)
      const { open, mended } = await scrub.report()
      assert.deepEqual(open, [], `${node.name}: ${role}`)
      assert.equal(mended[0]?.from, from, `${node.name}: ${role}`)
      node.clock.advance(1)
    }
    assert.deepEqual(await scrub.check(space), [])
  }
  network.wire.heal()
  for (const node of [aurelia, borovia]) assert.deepEqual(await numbers(node, space), [7])
}

/** The third party gives the space to a member: its first word is lost, its second is answered, and then it is nobody. */
async function handedOverToMember(network: Network<Name>, space: string, said: string): Promise<void> {
  const { aurelia, borovia, calenia, secretariat } = network.nodes
  const path = `/fed/v1/spaces/${space}/handover`
  const told: { body: string; status: number }[] = []
  const handle = aurelia.handle
  network.wire.attach('aurelia', async (request) => {
    if (new URL(request.url).pathname !== path) return handle(request)
    const body = await request.clone().text()
    const answer = await handle(request)
    told.push({ body, status: answer.status })
    // Aurelia took it; the old host does not hear so.
    if (told.length === 1) throw new Error('the line broke')
    return answer
  })
  const tell = async (from: NetworkNode, body: unknown) => {
    const url = `${aurelia.url}${path}`
    const bytes = Buffer.from(JSON.stringify(body))
    const signed = signRequest({ method: 'POST', url, body: bytes }, from.identity.keys.node, from.clock.now())
    return (await handle(new Request(url, { method: 'POST', headers: signed, body: new Uint8Array(bytes) }))).status
  }
  const head = (await aurelia.ledger.head(space))!
  const act = (await aurelia.ledger.envelope(said))?.envelope
  const early = { act, size: head.size, root: head.root, blobs: {} }
  assert.equal(await tell(calenia, early), 404, 'a stranger learns nothing')
  assert.equal(await tell(borovia, early), 409, 'a member that does not order it hands nothing over')
  assert.equal(await tell(secretariat, { act }), 400, 'a host that says nothing whole')
  assert.equal(
    await tell(secretariat, { ...early, size: head.size + 9 }),
    409,
    'a host that speaks of more than there is',
  )
  assert.equal(await tell(secretariat, early), 409, 'an act that says nothing of it')
  assert.equal((await aurelia.ledger.head(space))?.hosted, false)

  onRecord(await aurelia.outbox.send(hostChange(space, aurelia)))
  await borovia.outbox.send(hostChange(space, aurelia))
  await until(async () => (await aurelia.ledger.head(space))?.hosted === true, 'aurelia orders the space')
  await until(async () => (await secretariat.ledger.handovers()).length === 0, 'the old host knows that it is taken')
  assert.equal((await secretariat.ledger.head(space))?.hosted, false)
  const [first, ...again] = told
  assert.ok(again.length > 0 && again.every(({ body, status }) => body === first?.body && status === 200))
  const entries = (await aurelia.ledger.head(space))?.size
  assert.equal(await tell(secretariat, JSON.parse(first!.body)), 200, 'once more, long after')
  assert.equal((await aurelia.ledger.head(space))?.size, entries)

  const { hash } = onRecord(await borovia.outbox.send(newNote(space, 8, { text: { subject: 'after' } })))
  await network.settled()
  assert.deepEqual((await textAt(aurelia, hash))?.text, { subject: 'after' })
  assert.equal(await secretariat.ledger.findAct(hash), undefined, 'who orders no more is given no more')
  const { sources } = secretariat.federation
  assert.equal(await sources.entries(aurelia.party, space, 0, entries ?? 0).catch(() => undefined), undefined)
  for (const node of [aurelia, borovia, secretariat]) assert.deepEqual(await node.ledger.conflicts(), [])
}

test('a removed member, with all that the host holds besides, opens nothing said after it left', async (t) => {
  const network = await start(t)
  const { aurelia, borovia, calenia, secretariat } = network.nodes
  const space = await open(network, forum(['borovia', 'calenia']))
  const before = await say(network, borovia, space, 1, 'while Calenia was there')
  const { index } = await govern(network, space, 'space.member-left', { party: 'calenia.example' })
  const secret = `said behind ${randomBytes(12).toString('hex')}`
  const after = await say(network, borovia, space, 2, secret)
  const byAurelia = await say(network, aurelia, space, 3, secret)
  assert.deepEqual((await textAt(calenia, before))?.text, { subject: 'while Calenia was there' })
  assert.ok(((await calenia.ledger.head(space))?.size ?? 0) <= index + 1, 'nothing is served to it any more')
  assert.notEqual(await keysOf(aurelia, before), await keysOf(aurelia, after), 'a new key since it left')

  const held = [...(await everythingHeld(calenia)), ...(await everythingHeld(secretariat))]
  assert.deepEqual(placesOf(secret, held), [])
  const old = await targets(aurelia, [before])
  const identities = [calenia.identity, secretariat.identity]
  assert.equal(openWithEverything(held, identities, old).opened.length, old.length, 'what it could read it still can')
  const fresh = openWithEverything(held, identities, await targets(aurelia, [after, byAurelia]))
  assert.deepEqual(fresh.opened, [])
  assert.ok(fresh.keySetsTried >= 3)
})

test('who comes late reads from then on; a grant opens the past from an entry on, and rows become alike', async (t) => {
  const network = await start(t)
  const { aurelia, borovia, calenia } = network.nodes
  const space = await open(network, forum(['borovia']))
  const acts = [
    await say(network, aurelia, space, 1),
    await say(network, aurelia, space, 2),
    await say(network, borovia, space, 3),
  ]
  await admit(network, space, 'calenia')
  acts.push(await say(network, aurelia, space, 4))
  await untilSize(calenia, space, 6)
  assert.deepEqual(await numbers(calenia, space), [4])
  assert.deepEqual(await Promise.all(acts.map(async (hash) => (await calenia.ledger.findAct(hash))?.dark)), [
    'not-for-us',
    'not-for-us',
    'not-for-us',
    undefined,
  ])

  // Numbers 1 and 2 are under one key of Aurelia’s; from entry 2 on only the second is to be read.
  const plan = await borovia.ledger.planHistory(space, { to: 'calenia.example', from: 2 })
  assert.deepEqual(
    plan.acts.map(({ hash }) => hash),
    acts.slice(1, 3),
  )
  assert.deepEqual([plan.dark, plan.readable], [0, 1])
  const [wraps] = await borovia.ledger.wrapHistory(space, { to: 'calenia.example', from: 2 })
  await govern(network, space, 'space.history-granted', { to: 'calenia.example', from: 2, wraps }, 'borovia')
  await until(async () => (await numbers(calenia, space)).length === 3, 'what was granted is projected')
  assert.deepEqual(await numbers(calenia, space), [2, 3, 4])
  assert.equal((await textAt(calenia, acts[0]!))?.text, undefined)
  assert.deepEqual((await textAt(calenia, acts[1]!))?.text, { subject: 'No. 2' })
  const held = await everythingHeld(calenia)
  assert.deepEqual(openWithEverything(held, [calenia.identity], await targets(aurelia, [acts[0]!])).opened, [])
  const partial = await viewRows(calenia.db)
  await calenia.ledger.rebuildViews()
  assert.deepEqual(await viewRows(calenia.db), partial, 'replayed with the same keys: the same rows')

  const rest = await aurelia.ledger.wrapHistory(space, { to: 'calenia.example', from: 0 })
  await govern(network, space, 'space.history-granted', { to: 'calenia.example', from: 0, wraps: rest[0] })
  await until(async () => (await numbers(calenia, space)).length === 4, 'the rest is projected')
  const rowsOf = async (node: NetworkNode) => {
    const rows = await viewRows(node.db)
    return Object.entries(rows).map(([table, lines]) => [table, lines.filter((line) => String(line).includes(space))])
  }
  await network.settled()
  assert.deepEqual(await rowsOf(calenia), await rowsOf(aurelia))
  assert.deepEqual(await aurelia.ledger.wrapHistory(space, { to: 'calenia.example', from: 0 }), [])
})

test('one key serves until somebody comes or goes or a day has passed, for every process of the node', async (t) => {
  const network = await start(t)
  const { aurelia, secretariat } = network.nodes
  const space = await open(network, forum(['borovia']))
  const first = await keysOf(aurelia, await say(network, aurelia, space, 1))
  assert.equal(await keysOf(aurelia, await say(network, aurelia, space, 2)), first)
  await aurelia.kill()
  await aurelia.restart()
  for (const node of Object.values(network.nodes)) node.clock.advance(23 * hourMs)
  assert.equal(await keysOf(aurelia, await say(network, aurelia, space, 3)), first, 'another process, the same key')
  for (const node of Object.values(network.nodes)) node.clock.advance(hourMs)
  const second = await keysOf(aurelia, await say(network, aurelia, space, 4))
  assert.notEqual(second, first)
  await admit(network, space, 'calenia')
  const third = await keysOf(aurelia, await say(network, aurelia, space, 5))
  assert.notEqual(third, second)
  const keySet = readKeySet(openBlob((await secretariat.blobs.find(secretariat.db, third))!, third))
  assert.deepEqual(
    keySet.for.map(({ party }) => party),
    ['aurelia.example', 'borovia.example', 'calenia.example'],
  )
  const rows = await aurelia.db.selectFrom('home.generation').select('keys').execute()
  assert.equal(rows.length, 3)
})

test('written while cut off, and somebody left meanwhile: the same intention is sealed anew, also after a crash', async (t) => {
  const network = await start(t)
  const { borovia, calenia, secretariat } = network.nodes
  const space = await open(network, forum(['borovia', 'calenia']))
  network.wire.cut('borovia', 'secretariat')
  const secret = `written offline ${randomBytes(8).toString('hex')}`
  const draft = newNote(space, 1, { text: { subject: secret } })
  const signed = await borovia.db.transaction().execute((tx) => borovia.outbox.enqueue(tx, draft))
  await govern(network, space, 'space.member-left', { party: 'calenia.example' })
  await borovia.kill()
  network.wire.heal()
  await borovia.restart()
  const sent = onRecord(await borovia.outbox.settle(signed.hash))
  assert.notEqual(sent.hash, signed.hash)
  const again = await borovia.db.transaction().execute((tx) => borovia.outbox.enqueue(tx, draft))
  assert.equal(again.hash, sent.hash, 'a second click names the same act')
  const statement = await statementOf(secretariat, sent.hash)
  assert.deepEqual([statement.id, statement.parts[0]!.hash], [draft.id, signed.statement.parts[0]!.hash])
  const keySet = await secretariat.blobs.find(secretariat.db, statement.parts[0]!.enc!.keys)
  assert.deepEqual(
    readKeySet(openBlob(keySet!, statement.parts[0]!.enc!.keys)).for.map(({ party }) => party),
    ['aurelia.example', 'borovia.example'],
  )
  const old = signed.statement.parts.map((part) => part.enc!.hash)
  assert.equal((await borovia.blobs.has(borovia.db, old)).size, 0, 'what was sealed to Calenia is gone at home')
  await network.settled()
  assert.deepEqual((await textAt(network.nodes.aurelia, sent.hash))?.text, { subject: secret })
  assert.deepEqual(placesOf(secret, await everythingHeld(calenia)), [])
  await t.test(
    'somebody joined after people cleared a sealed act: it stays refused, and what is said at once goes on',
    () => refusedForNewReader(network, space),
  )
})

async function refusedForNewReader(network: Network<Name>, space: string): Promise<void> {
  const { borovia, calenia, secretariat } = network.nodes
  network.wire.cut('borovia', 'secretariat')
  const cleared = newNote(space, 2, { type: clearedNote.type, text: { subject: 'For the readers of then' } })
  const [reviewed, direct] = await borovia.db
    .transaction()
    .execute(async (tx) => [
      await borovia.outbox.enqueue(tx, cleared),
      await borovia.outbox.enqueue(tx, newNote(space, 3, { text: { subject: 'For whoever reads' } })),
    ])
  await admit(network, space, 'calenia')
  network.wire.heal()
  const answer = await borovia.outbox.settle(reviewed!.hash)
  assert.deepEqual([answer.state, answer.state === 'refused' && answer.rule], ['refused', 'readers-changed'])
  const { hash } = onRecord(await borovia.outbox.settle(direct!.hash))
  await network.settled()
  assert.deepEqual((await textAt(calenia, hash))?.text, { subject: 'For whoever reads' })
  assert.equal(await secretariat.ledger.findAct(reviewed!.hash), undefined)
  const ids = (await secretariat.ledger.acts(space)).map(({ statement }) => statement.id)
  assert.ok(!ids.includes(cleared.id), 'nothing of that intention is on the record')
  assert.equal(
    (await borovia.outbox.pending()).some((one) => one.hash === reviewed!.hash),
    false,
    'it waits for a person, not for its host',
  )
}

test('what was sealed is not what was signed: nobody shows it, and its content key convicts the author', async (t) => {
  const network = await start(t)
  const { aurelia, borovia, secretariat } = network.nodes
  const space = await open(network, hotline())
  const honest = await say(network, borovia, space, 1)
  const { size, root } = (await secretariat.ledger.head(space))!
  const recipients = (await secretariat.ledger.members(space)).map(({ party, sealing }) => ({ party, sealing }))
  const keys = newKeySet({ space, author: borovia.party, seen: { size, root }, recipients })
  const signed = newBlob(canonicalBytes({ number: 2 }))
  const sealed = sealBlob(newBlob(canonicalBytes({ number: 9 })).blob, keys.key, keys.commitment)
  const act = signAct(
    {
      v: 1,
      space,
      type: 'trial.note-sent',
      id: newId(),
      author: borovia.party,
      office: 'desk',
      seen: { size, root },
      at: borovia.clock.now(),
      marking: { tlp: 'AMBER' },
      parts: [{ role: 'body', hash: signed.commitment, size: signed.size, media: 'application/json', enc: sealed.enc }],
    },
    borovia.identity.keys.act,
  )
  await secretariat.blobs.put(secretariat.db, keys.commitment, keys.blob)
  await secretariat.blobs.put(secretariat.db, sealed.enc.hash, sealed.bytes)
  const [answer] = await secretariat.ledger.sequence(space, [{ envelope: act.envelope }])
  assert.equal(answer?.state, 'on-record', 'a host that cannot read cannot know')
  await untilSize(aurelia, space, 3)
  await network.settled()
  for (const node of [aurelia, borovia]) {
    assert.equal((await node.ledger.findAct(act.hash))?.withoutEffect, 'not-as-signed')
    assert.deepEqual(await numbers(node, space), [1])
  }
  const proof = (await aurelia.ledger.sealedProof(act.hash))!
  assert.ok(convictsSealer(act.statement.parts[0]!, proof.sealed, proof.contentKey))
  assert.equal(await aurelia.ledger.sealedProof(honest), undefined, 'an honest author is accused of nothing')
  const report = await judgedByBoth(proof.file!)
  assert.equal(report.verdict, 'proven')
  assert.equal(report.accused?.party, borovia.party)
  assert.match(evidenceLines(report).join('\n'), /its sealed bytes open to something else/)
  const other = (await statementOf(aurelia, honest)).parts[0]!
  const bytes = (await aurelia.blobs.find(aurelia.db, other.enc!.hash))!
  assert.equal(convictsSealer(other, bytes, proof.contentKey), false, 'nor by another key')
})

test('a key that its author spoilt for one member alone: that member says so, accuses nobody, and the others read', async (t) => {
  const network = await start(t)
  const { aurelia, borovia, calenia, secretariat } = network.nodes
  const space = await open(network, forum(['borovia', 'calenia']))
  const { size, root } = (await secretariat.ledger.head(space))!
  const recipients = (await secretariat.ledger.members(space)).map(({ party, sealing }) => ({ party, sealing }))
  const honest = newKeySet({ space, author: borovia.party, seen: { size, root }, recipients })
  const spoilt = {
    ...honest.keySet,
    for: honest.keySet.for.map((one) =>
      one.party === aurelia.party ? { ...one, wrapped: toBase64url(new Uint8Array(48).fill(7)) } : one,
    ),
  }
  const keys = newBlob(canonicalBytes(spoilt as never))
  const { blob, commitment, size: bodySize } = newBlob(canonicalBytes({ number: 2 }))
  const sealed = sealBlob(blob, honest.key, keys.commitment)
  const part = { role: 'body', hash: commitment, size: bodySize, media: 'application/json', enc: sealed.enc }
  const act = signAct(
    {
      v: 1,
      space,
      type: 'trial.note-sent',
      id: newId(),
      author: borovia.party,
      office: 'desk',
      seen: { size, root },
      at: borovia.clock.now(),
      marking: { tlp: 'AMBER' },
      parts: [part],
    },
    borovia.identity.keys.act,
  )
  await secretariat.blobs.put(secretariat.db, keys.commitment, keys.blob)
  await secretariat.blobs.put(secretariat.db, sealed.enc.hash, sealed.bytes)
  const [answer] = await secretariat.ledger.sequence(space, [{ envelope: act.envelope }])
  assert.equal(answer?.state, 'on-record')
  for (const node of [aurelia, borovia, calenia]) await untilSize(node, space, 2)
  await network.settled()
  const seen = await Promise.all([aurelia, borovia, calenia].map((node) => node.ledger.findAct(act.hash)))
  assert.deepEqual(
    seen.map((one) => one?.dark),
    ['key-does-not-open', undefined, undefined],
  )
  assert.deepEqual(
    seen.map((one) => one?.withoutEffect),
    [undefined, undefined, undefined],
  )
  assert.deepEqual(await Promise.all([aurelia, borovia, calenia].map((node) => numbers(node, space))), [[], [2], [2]])
  assert.equal(await aurelia.ledger.sealedProof(act.hash), undefined, 'showing it would need its private key')
})

test('a key set that arrives late holds back what it opens, and nothing is shown out of order', async (t) => {
  const network = await start(t)
  const { aurelia, borovia } = network.nodes
  const space = await open(network, hotline())
  const first = await say(network, borovia, space, 1)
  const keys = await keysOf(aurelia, first)
  await aurelia.kill()
  const keySet = (await aurelia.blobs.find(aurelia.db, keys))!
  network.wire.cut('aurelia', 'secretariat')
  await aurelia.db.transaction().execute((tx) => aurelia.blobs.erase(tx, keys))
  await aurelia.restart()
  await aurelia.ledger.rebuildViews()
  assert.deepEqual(await numbers(aurelia, space), [])
  assert.equal((await aurelia.ledger.missingParts(space))[0]?.hash, keys)
  await aurelia.blobs.put(aurelia.db, keys, keySet)
  await aurelia.ledger.project(space)
  assert.deepEqual(await numbers(aurelia, space), [1])
})

test('a file of 10 MB goes sealed to the other member and comes out as it was', async (t) => {
  const network = await start(t)
  const { aurelia, borovia, secretariat } = network.nodes
  const space = await open(network, hotline())
  const content = new Uint8Array(randomBytes(10 * 1024 * 1024))
  const attachments = [
    { name: 'image.raw', media: 'application/octet-stream', content, marking: { tlp: 'AMBER' as const } },
  ]
  const { hash } = onRecord(await borovia.outbox.send(newNote(space, 1, { attachments })))
  const file = (await statementOf(borovia, hash)).parts.find(({ role }) => role === 'attachment')!
  await until(async () => (await aurelia.ledger.attachment(hash, file.hash)) !== undefined, 'the file arrived')
  const marked = await aurelia.ledger.attachment(hash, file.hash)
  const read = reveal(marked!, { party: aurelia.party, ceiling: 'RED' }, 'page')
  assert.ok(read.shown && Buffer.compare(read.value, content) === 0)
  assert.equal(await secretariat.ledger.attachment(hash, file.hash), undefined)
})

test('a host refuses what its members could not read alike, and orders nothing in the clear', async (t) => {
  const network = await start(t)
  const { aurelia, borovia, secretariat } = network.nodes
  const unsealed = hotline({ sealed: false })
  await assert.rejects(aurelia.outbox.open(unsealed), { code: 'space.host-must-not-read' })
  const space = await open(network, hotline())
  const { size, root } = (await secretariat.ledger.head(space))!
  const members = (await secretariat.ledger.members(space)).map(({ party, sealing }) => ({ party, sealing }))
  const statement = (parts: Statement['parts']): Statement => ({
    v: 1,
    space,
    type: 'trial.note-sent',
    id: newId(),
    author: borovia.party,
    office: 'desk',
    seen: { size, root },
    at: borovia.clock.now(),
    marking: { tlp: 'AMBER' },
    parts,
  })
  const clear = newBlob(canonicalBytes({ number: 1 }))
  const part = { role: 'body', hash: clear.commitment, size: clear.size, media: 'application/json' }
  const onlyOne = newKeySet({ space, author: borovia.party, seen: { size, root }, recipients: members.slice(0, 1) })
  const another = newKeySet({ space, author: aurelia.party, seen: { size, root }, recipients: members })
  const tries: [string, Statement['parts'], Map<string, Uint8Array>][] = [
    ['not-sealed', [part], new Map([[clear.commitment, clear.blob]])],
    ...[onlyOne, another].map((keys): [string, Statement['parts'], Map<string, Uint8Array>] => {
      const { enc, bytes } = sealBlob(clear.blob, keys.key, keys.commitment)
      return [
        'key-set-readers',
        [{ ...part, enc }],
        new Map([
          [keys.commitment, keys.blob],
          [enc.hash, bytes],
        ]),
      ]
    }),
  ]
  for (const [rule, parts, blobs] of tries) {
    for (const [hash, blob] of blobs) await secretariat.blobs.put(secretariat.db, hash, blob)
    const { envelope } = signAct(statement(parts), borovia.identity.keys.act)
    const [answer] = await secretariat.ledger.sequence(space, [{ envelope }])
    assert.equal(answer?.state === 'refused' && answer.rule, rule)
  }
})
