import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  cosignCheckpoint,
  cosignerKey,
  formatAddCheckpoint,
  fromBase64url,
  generateEd25519,
  newId,
  noteKey,
  parseAddCheckpoint,
  peekCheckpoint,
  readCosignatures,
  signCheckpoint,
  type SigningKey,
  signingKey,
  sizeMediaType,
} from '../../src/protocol/index.ts'
import { evidenceLines } from '../../src/protocol/evidence/index.ts'
import { policySet } from '../../src/core/witnessing/index.ts'
import { judgedByBoth } from '../support/both-verifiers.ts'
import { listen, type Network, type NetworkNode, startNetwork } from '../support/network.ts'
import { note as noteOf, noteActs } from '../support/notes.ts'

const modules = [{ name: 'trial', acts: [...noteActs, policySet] }]
const say = (space: string, number: number) => noteOf(space, String(number))

async function channel(host: NetworkNode, others: readonly NetworkNode[], id = newId()): Promise<string> {
  await host.ledger.open({
    id,
    kind: 'channel',
    title: { en: 'Trial' },
    purpose: 'trial',
    office: 'desk',
    members: others.map(({ party }) => ({ party, role: 'member' })),
  })
  return id
}

async function standing(node: NetworkNode, space: string, index: number) {
  const facts = await node.ledger.find(space)
  assert.ok(facts)
  return (await node.witnessing.finality.standings(facts, index, index))(index)
}

/** Awaits what other nodes and witnesses do in their own time. */
async function until(network: Pick<Network, 'settled'>, holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 60_000
  while (!(await holds())) {
    assert.ok(performance.now() < end, what)
    await network.settled()
  }
}

async function setPolicy(nodes: readonly NetworkNode[], space: string, policy: string): Promise<void> {
  for (const node of nodes) {
    await node.outbox.send({
      space,
      type: 'spaces.policy-set',
      id: newId(),
      office: 'desk',
      body: { policy },
      marking: { tlp: 'AMBER' },
    })
  }
}

/** A witness that is no node: its own few lines, so that a mistake would have to be made twice. */
function foreignWitness(name: string, key: SigningKey) {
  const known = new Map<string, { size: number; root: string }>()
  const faults = { down: false, forgets: false, garbles: false }
  return {
    name,
    vkey: cosignerKey(name, key.publicKey),
    known,
    faults,
    async handle(request: Request): Promise<Response> {
      if (faults.down) return new Response('down', { status: 500 })
      const { oldSize, checkpoint } = parseAddCheckpoint(await request.text())
      // All of its faults at one moment: no answer is half of before and half of after.
      if (faults.forgets) known.clear()
      const { origin, size, root } = peekCheckpoint(checkpoint)
      const at = known.get(origin)?.size ?? 0
      if (oldSize !== at) {
        return new Response(`${at}\n`, { status: 409, headers: { 'content-type': sizeMediaType } })
      }
      known.set(origin, { size, root: Buffer.from(root).toString('base64') })
      const line = cosignCheckpoint(checkpoint, { name, key }, 1_800_000_000)
      return new Response(faults.garbles ? line.replace(/.{6}=*\n$/, 'AAAAAA\n') : line)
    },
  }
}

async function withWitness(
  t: TestContext,
  names: readonly string[],
  { mode, key = signingKey(generateEd25519().privateKey) }: { mode?: 'named' | 'all'; key?: SigningKey } = {},
) {
  const witness = foreignWitness('watch.example/w1', key)
  const url = await listen(t, witness.handle)
  const [first] = names
  const network = await startNetwork(t, names, {
    modules,
    overHttp: true,
    settings: (name) =>
      name === first ? { witnesses: [{ key: witness.vkey, url, ...(mode ? { for: mode } : {}) }] } : {},
  })
  return { witness, network }
}

test('an act is on the record, then witnessed and confirmed by all, as members put their names to it', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules })
  const { aurelia, borovia, calenia } = network.nodes
  const space = await channel(aurelia, [borovia, calenia])
  await network.settled()
  await calenia.kill()
  const sent = await aurelia.outbox.send(say(space, 1))
  assert.equal(sent.state, 'on-record')
  await until(
    network,
    async () => (await standing(aurelia, space, 1)).holders.length === 1,
    'Borovia confirms what it holds',
  )
  const partly = await standing(aurelia, space, 1)
  assert.equal(partly.word, 'on-the-record')
  assert.deepEqual(partly.missing, { witnessed: ['calenia.example'], 'confirmed-by-all': ['calenia.example'] })
  const waiting = await aurelia.witnessing.finality.demand({ space, index: 1 }, 'witnessed')
  assert.deepEqual(waiting, { met: false, missing: ['calenia.example'] })
  await calenia.restart()
  for (const node of [aurelia, borovia, calenia]) {
    await until(
      network,
      async () => (await standing(node, space, 1)).word === 'confirmed-by-all',
      `${node.name} sees it confirmed by all`,
    )
    const done = await standing(node, space, 1)
    assert.deepEqual(done.holders.map(({ party }) => party).sort(), ['borovia.example', 'calenia.example'])
    assert.deepEqual(done.missing, { witnessed: [], 'confirmed-by-all': [] })
  }
  const met = await borovia.witnessing.finality.demand({ space, index: 1 }, 'confirmed-by-all', 30_000)
  assert.ok(met.met)
  const cosigners = (await borovia.ledger.members(space)).map(({ party, cosigner }) => ({
    name: party,
    publicKey: cosigner,
  }))
  const names = readCosignatures(met.evidence?.checkpoint ?? '', cosigners).map(({ name }) => name)
  assert.deepEqual(names.sort(), ['borovia.example', 'calenia.example'])
})

test('a member that never confirmed and left is waited for no longer; what was confirmed stays so', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules })
  const { aurelia, borovia, calenia } = network.nodes
  const space = newId()
  await aurelia.ledger.open({
    id: space,
    kind: 'forum',
    title: { en: 'Trial' },
    purpose: 'trial',
    office: 'desk',
    ownRole: 'chair',
    members: [borovia, calenia].map(({ party }) => ({ party, role: 'member' as const })),
  })
  await network.settled()
  await calenia.kill()
  await aurelia.outbox.send(say(space, 1))
  await until(network, async () => (await standing(aurelia, space, 1)).holders.length === 1, 'Borovia has it')
  assert.equal((await standing(aurelia, space, 1)).word, 'on-the-record')
  await aurelia.outbox.send({
    space,
    type: 'space.member-left',
    id: newId(),
    office: 'desk',
    body: { party: 'calenia.example' },
    marking: { tlp: 'AMBER' },
  })
  await until(
    network,
    async () => (await standing(aurelia, space, 1)).word === 'confirmed-by-all',
    'nobody waits for a party that left',
  )
  const levels = await aurelia.db.selectFrom('log.finality').selectAll().where('space', '=', space).execute()
  assert.ok(levels.every(({ size, at }) => size > 0 && at > 0))
})

test('an outside witness named in the policy makes an act witnessed; while it is down nothing else waits', async (t) => {
  const { witness, network } = await withWitness(t, ['aurelia', 'borovia'])
  const { aurelia, borovia } = network.nodes as Record<'aurelia' | 'borovia', NetworkNode>
  const space = await channel(aurelia, [borovia])
  await network.settled()
  assert.equal(witness.known.size, 0, 'a space is not shown to a witness that its policy does not name')
  const policy = `witness watch ${witness.vkey}\nquorum watch\n`
  await setPolicy([aurelia], space, policy)
  assert.equal((await aurelia.witnessing.finality.policyOf(space)).act, undefined, 'one of two is not enough')
  assert.deepEqual(
    (await aurelia.witnessing.finality.proposedPolicies(space)).map(({ parties }) => parties),
    [['aurelia.example']],
  )
  witness.faults.down = true
  await setPolicy([borovia], space, policy)
  await until(
    network,
    async () => (await aurelia.witnessing.finality.policyOf(space)).act?.author === 'borovia.example',
    'both posted the same policy',
  )
  const began = performance.now()
  const sent = await aurelia.outbox.send(say(space, 1))
  assert.equal(sent.state, 'on-record')
  assert.ok(performance.now() - began < 20_000, 'a receipt does not wait for a witness')
  await until(
    network,
    async () => (await aurelia.witnessing.finality.outside(space))[0]?.state === 'unreachable',
    'the node knows that its witness is away',
  )
  const index = sent.state === 'on-record' ? sent.index : 0
  assert.deepEqual((await standing(aurelia, space, index)).missing.witnessed, ['watch.example/w1'])
  witness.faults.down = false
  for (const node of [aurelia, borovia]) {
    await until(
      network,
      async () => (await standing(node, space, index)).since.witnessed !== undefined,
      `${node.name} learns of the witness's line`,
    )
    assert.deepEqual(
      (await standing(node, space, index)).witnesses.map(({ name }) => name),
      ['watch.example/w1'],
    )
  }
  const met = await borovia.witnessing.finality.demand({ space, index }, 'witnessed', 30_000)
  assert.ok(met.met && met.evidence?.checkpoint.includes('— watch.example/w1 '))
})

test('the line of a witness that comes last reaches the members although nothing else is said', async (t) => {
  const { witness, network } = await withWitness(t, ['aurelia', 'borovia'])
  const { aurelia, borovia } = network.nodes as Record<'aurelia' | 'borovia', NetworkNode>
  const space = await channel(aurelia, [borovia])
  await network.settled()
  witness.faults.down = true
  await setPolicy([aurelia, borovia], space, `witness watch ${witness.vkey}\nquorum watch\n`)
  const size = (await aurelia.ledger.head(space))!.size
  for (const node of [aurelia, borovia]) {
    const isDone = async () => (await standing(node, space, size - 1)).word === 'confirmed-by-all'
    await until(network, isDone, `${node.name} has the lines of the members`)
  }
  // What members had to tell each other is told: only the witness is left to be heard of.
  for (let round = 0; round < 5; round += 1) await network.settled()
  witness.faults.down = false
  for (const node of [aurelia, borovia]) {
    const isDone = async () => (await standing(node, space, size - 1)).since.witnessed !== undefined
    await until(network, isDone, `${node.name} learns of the witness's line`)
  }
})

test('a hint of lines that was lost on the way is given again when the member shows life', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules })
  const { aurelia, borovia, calenia } = network.nodes
  const space = await channel(aurelia, [borovia, calenia])
  await network.settled()
  network.wire.rule(({ to, path }) => ({ dropRequest: to === 'borovia' && path.startsWith('/fed/v1/hints') }))
  // Borovia has the act before there is a line of Calenia that could come along with it.
  network.wire.cut('aurelia', 'calenia')
  await aurelia.outbox.send(say(space, 1))
  const standsAt = async (node: NetworkNode) => (await node.ledger.head(space))?.size
  await until(network, async () => (await standsAt(borovia)) === (await standsAt(aurelia)), 'Borovia has the act')
  await network.settled()
  network.wire.heal()
  const isDone = async () => (await standing(calenia, space, 1)).word === 'confirmed-by-all'
  await until(network, isDone, 'Calenia was told')
  await network.settled()
  assert.deepEqual((await standing(borovia, space, 1)).missing.witnessed, ['calenia.example'])
  network.wire.rule(undefined)
  await until(
    network,
    async () => (await standing(borovia, space, 1)).word === 'confirmed-by-all',
    'Borovia is told when it asks for changes',
  )
})

test('a witness that lost its state is retired; one that answers with a bad line is not counted', async (t) => {
  const { witness, network } = await withWitness(t, ['aurelia', 'borovia'], { mode: 'all' })
  const { aurelia, borovia } = network.nodes as Record<'aurelia' | 'borovia', NetworkNode>
  const space = await channel(aurelia, [borovia])
  await until(network, async () => witness.known.size > 0, 'every space goes to it, as the operator said')
  const state = async () => (await aurelia.witnessing.finality.outside(space))[0]?.state
  await until(network, async () => (await state()) === 'current', 'its line was good')
  witness.faults.garbles = true
  await aurelia.outbox.send(say(space, 1))
  await until(network, async () => (await state()) === 'unreachable', 'a bad line is no line')
  const lines = () => aurelia.db.selectFrom('log.witness_line').select('size').where('space', '=', space).execute()
  const before = (await lines()).length
  witness.faults.forgets = true
  witness.faults.garbles = false
  await until(network, async () => (await state()) === 'lost-state', 'it knows less than it signed')
  await aurelia.outbox.send(say(space, 2))
  await network.settled()
  assert.equal(await state(), 'lost-state', 'it is not asked again')
  assert.equal((await lines()).length, before)
  assert.ok(aurelia.log.events.some(({ event }) => event === 'witness.lost-state'))
})

test('a witness from outside that puts its name to two histories is convicted by a file, beside the host', async (t) => {
  const key = signingKey(generateEd25519().privateKey)
  const { witness, network } = await withWitness(t, ['aurelia', 'borovia'], { key })
  const { aurelia, borovia } = network.nodes as Record<'aurelia' | 'borovia', NetworkNode>
  const space = await channel(aurelia, [borovia])
  await network.settled()
  await setPolicy([aurelia, borovia], space, `witness watch ${witness.vkey}\nquorum watch\n`)
  const size = (await aurelia.ledger.head(space))!.size
  const lines = () => borovia.db.selectFrom('log.witness_line').select('size').where('space', '=', space).execute()
  const isDone = async () => (await lines()).some((line) => line.size >= size - 1)
  await until(network, isDone, 'the name of the witness stands under what borovia holds')
  const { origin } = (await borovia.ledger.head(space))!
  const other = { origin, size: size - 1, root: new Uint8Array(32).fill(7) }
  const forged = signCheckpoint(other, aurelia.identity.keys.host)
  const line = cosignCheckpoint(forged, { name: witness.name, key }, 1_800_000_000)
  await borovia.ledger.witness(space, `${forged}${line}`)
  const found = await borovia.ledger.conflicts(space)
  assert.deepEqual(found.map(({ role, accused }) => `${role} ${accused}`).sort(), [
    'host aurelia.example',
    'witness watch.example/w1',
  ])
  const file = found.find(({ role }) => role === 'witness')?.file
  assert.ok(file)
  const report = await judgedByBoth((await borovia.ledger.evidence(file))!)
  assert.equal(report.verdict, 'proven')
  assert.equal(report.accused?.fingerprint, witness.vkey)
  assert.match(evidenceLines(report).join('\n'), /a witness from outside, known by its verifier key alone/)
})

test('a member is a witness of its spaces for whoever shows what the host signed, and a stranger learns nothing', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const space = await channel(aurelia, [borovia])
  await aurelia.outbox.send(say(space, 1))
  await network.settled()
  const head = await borovia.ledger.head(space)
  assert.ok(head)
  const note = await aurelia.ledger.checkpoint(space)
  const { size } = peekCheckpoint(note)
  const ask = (oldSize: number, path: Uint8Array[], checkpoint: string) =>
    submit(borovia, { oldSize, path, checkpoint })
  const told = await ask(0, [], note)
  assert.equal(told.status, 409)
  assert.equal(told.headers.get('content-type'), sizeMediaType)
  assert.equal(await told.text(), `${size}\n`)
  const cosigned = await ask(size, [], note)
  assert.equal(cosigned.status, 200)
  const line = await cosigned.text()
  const cosigner = { name: 'borovia.example', publicKey: borovia.identity.keys.cosigner.publicKey }
  assert.equal(readCosignatures(`${note}${note.includes(line) ? '' : line}`, [cosigner]).length, 1)
  const stranger = signingKey(generateEd25519().privateKey)
  const forged = signCheckpoint({ origin: head.origin, size, root: fromBase64url(head.root) }, stranger)
  assert.equal((await ask(size, [], forged)).status, 404)
  assert.equal((await ask(0, [], note.replace(space, newId()))).status, 404)
  assert.equal((await ask(size + 1, [], note)).status, 400)
  const host = aurelia.identity.keys.host
  const other = signCheckpoint({ origin: head.origin, size, root: new Uint8Array(32).fill(7) }, host)
  assert.equal((await ask(size, [], other)).status, 409)
  assert.equal((await borovia.ledger.head(space))?.frozen, true, 'the host contradicted itself before a witness')
})

test('a node witnesses the logs its operator named, never backwards, also after its database was put back', async (t) => {
  const key = signingKey(generateEd25519().privateKey)
  const origin = 'elsewhere.example/log'
  const { nodes } = await startNetwork(t, ['aurelia'], {
    settings: () => ({ witnessFor: [noteKey(origin, key.publicKey)] }),
  })
  const { aurelia } = nodes
  const root = (n: number) => new Uint8Array(32).fill(n)
  const note = (size: number, fill = size) => signCheckpoint({ origin, size, root: root(fill) }, key)
  const status = async (oldSize: number, path: Uint8Array[], checkpoint: string) =>
    (await submit(aurelia, { oldSize, path, checkpoint })).status
  assert.equal(await status(0, [], note(1)), 200)
  const earlier = await aurelia.db.selectFrom('log.witnessed_origin').selectAll().execute()
  // From a tree of one leaf, the root of two is the hash of that leaf and its neighbour.
  const { nodeHash } = await import('../../src/protocol/index.ts')
  const two = signCheckpoint({ origin, size: 2, root: nodeHash(root(1), root(9)) }, key)
  assert.equal(await status(1, [root(8)], two), 422)
  assert.equal(await status(1, [root(9)], two), 200)
  assert.equal(await status(2, [], note(2, 5)), 409)
  assert.equal((await aurelia.db.selectFrom('log.origin_conflict').selectAll().execute()).length, 2)
  const both = await Promise.all([status(2, [], two), status(1, [root(9)], two), status(2, [], two)])
  assert.deepEqual(both, [200, 409, 200])
  await aurelia.kill()
  const { size, root: bytes, note: text } = earlier[0]!
  await aurelia.db.updateTable('log.witnessed_origin').set({ size, root: bytes, note: text }).execute()
  await aurelia.restart()
  const again = await submit(aurelia, {
    oldSize: 1,
    path: [root(4)],
    checkpoint: signCheckpoint({ origin, size: 2, root: nodeHash(root(1), root(4)) }, key),
  })
  assert.equal(again.status, 409, 'the guard remembers what the database forgot')
  assert.equal(await again.text(), '2\n')
  assert.equal(await status(2, [], two), 200)
})

test('without its guard a witness signs nothing until its operator says that the database is right', async (t) => {
  const { rmSync } = await import('node:fs')
  const key = signingKey(generateEd25519().privateKey)
  const origin = 'elsewhere.example/log'
  const { nodes } = await startNetwork(t, ['aurelia'], {
    settings: () => ({ witnessFor: [noteKey(origin, key.publicKey)] }),
  })
  const { aurelia } = nodes
  const note = signCheckpoint({ origin, size: 1, root: new Uint8Array(32).fill(1) }, key)
  assert.equal((await submit(aurelia, { oldSize: 0, path: [], checkpoint: note })).status, 200)
  await aurelia.kill()
  rmSync(`${aurelia.dataDir}/guard/witness`, { recursive: true })
  await aurelia.restart()
  assert.equal((await submit(aurelia, { oldSize: 1, path: [], checkpoint: note })).status, 503)
  await aurelia.witnessing.acceptRollback()
  assert.equal((await submit(aurelia, { oldSize: 1, path: [], checkpoint: note })).status, 200)
})

test('an ML-DSA-44 line follows at most once a minute, checked by whoever knows the key, and changes no level', async (t) => {
  // An hour stands for the minute: the timers of the nodes, which no test's clock moves, do not come into it.
  const mlDsaMs = 3_600_000
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules, witnessPace: { mlDsaMs } })
  const { aurelia, borovia } = network.nodes
  const space = await channel(aurelia, [borovia])
  await aurelia.outbox.send(say(space, 1))
  await until(network, async () => (await standing(aurelia, space, 1)).word === 'confirmed-by-all', 'confirmed')
  const lines = () =>
    aurelia.db
      .selectFrom('log.witness_line')
      .select(['name', 'size'])
      .where('space', '=', space)
      .orderBy('name')
      .execute()
  await aurelia.witnessing.mlDsa.signDue()
  const size = (await aurelia.ledger.head(space))!.size
  assert.deepEqual(await lines(), [{ name: 'aurelia.example', size }])
  await aurelia.outbox.send(say(space, 2))
  await until(network, async () => (await standing(aurelia, space, 2)).word === 'confirmed-by-all', 'confirmed')
  await aurelia.witnessing.mlDsa.signDue()
  assert.equal((await lines()).length, 1, 'not twice within that time')
  for (const node of [aurelia, borovia]) node.clock.advance(mlDsaMs)
  await aurelia.witnessing.mlDsa.signDue()
  assert.equal((await lines()).length, 2)
  assert.equal((await standing(aurelia, space, 2)).word, 'confirmed-by-all')
  const { note, apart } = await aurelia.ledger.cosigned(space)
  assert.ok(note.length < 2_000, 'the published checkpoint stays short')
  assert.equal(apart.filter((line) => line.length > 3_000).length, 1)
})

function submit(node: NetworkNode, request: Parameters<typeof formatAddCheckpoint>[0]): Promise<Response> {
  const body = formatAddCheckpoint(request)
  return node.handle(new Request(`${node.url}/witness/add-checkpoint`, { method: 'POST', body }))
}
