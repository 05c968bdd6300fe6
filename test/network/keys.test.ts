import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSigningKey, pendingRecovery, readSheet, recoveryKey } from '../../src/core/identity/index.ts'
import { finishChange, writeDown } from '../../src/core/keys/change-register.ts'
import { prepareRotation } from '../../src/core/keys/prepare-event.ts'
import { verifyDossier, writeDossier } from '../../src/protocol/dossier/index.ts'
import { newId, signAct, signingKey } from '../../src/protocol/index.ts'
import { note, noteActs, openChannel, until, untilSize } from '../support/notes.ts'
import { type NetworkNode, startNetwork } from '../support/network.ts'
import { readViews } from './case/read-views.ts'

const quick = { acts: noteActs, overHttp: true, submitWaitMs: 500 }

async function memberAt(node: NetworkNode, space: string, party: string) {
  const found = (await node.ledger.members(space)).find((member) => member.party === party)
  assert.ok(found, `${party} is a member`)
  return found
}

/** Resolves once the space at `node` counts exactly this act key of the party. */
function untilKey(node: NetworkNode, space: string, party: string, kid: string): Promise<void> {
  return until(async () => {
    const { act } = await memberAt(node, space, party)
    return act.length === 1 && act[0]?.kid === kid
  }, `${node.name} counts the new key of ${party}`)
}

/** Sends it and waits until the host has it on the record. */
async function onRecord(node: NetworkNode, draft: ReturnType<typeof note>): Promise<void> {
  const sent = await node.outbox.send(draft)
  await until(async () => (await node.ledger.findById(draft.space, node.party, draft.id)) !== undefined, `${sent.hash}`)
}

/** The act key of a node as somebody who copied its folder has it. */
function stolenKey({ identity }: NetworkNode) {
  const { publicKey } = identity.keys.act
  const entry = identity.ring.content().signing.find((one) => one.publicKey === publicKey)
  assert.ok(entry)
  return signingKey(entry.privateKey)
}

/** An act in a party's name under a key that somebody else holds, handed to the host. */
async function forge(host: NetworkNode, space: string, author: NetworkNode, key: ReturnType<typeof stolenKey>) {
  const draft = await author.db
    .transaction()
    .execute((tx) => author.ledger.signAct(tx, note(space, 'from a thief')))
    .catch(() => undefined)
  assert.ok(draft)
  for (const { hash } of draft.statement.parts) {
    const blob = await author.blobs.find(author.db, hash)
    await host.db.transaction().execute((tx) => host.blobs.put(tx, hash, blob as Uint8Array))
  }
  const head = await host.ledger.head(space)
  assert.ok(head)
  const statement = { ...draft.statement, seen: { size: head.size, root: head.root } }
  const [answer] = await host.ledger.sequence(space, [{ envelope: signAct(statement, key).envelope }])
  assert.ok(answer)
  return answer
}

test('keys replaced while a peer is off: it follows when it is back, and every space counts the new ones', async (t) => {
  const {
    nodes: { aurelia, borovia },
    settled,
  } = await startNetwork(t, ['aurelia', 'borovia'], quick)
  const ours = await openChannel(aurelia, [borovia])
  const theirs = await openChannel(borovia, [aurelia])
  await untilSize(borovia, ours.id, 1)
  await untilSize(aurelia, theirs.id, 1)
  await settled()
  await borovia.kill()
  const before = {
    ...aurelia.identity.keys,
    act: stolenKey(aurelia),
    cosigner: aurelia.identity.keys.cosigner.publicKey,
  }
  const oldSealing = aurelia.identity.keys.sealing
  await aurelia.keys.rotate({ others: ['node', 'cosigner', 'sealing'] })
  const { act } = aurelia.identity.keys
  assert.notEqual(act.kid, before.act.kid)
  await untilKey(aurelia, ours.id, 'aurelia.example', act.kid)
  await onRecord(aurelia, note(ours.id, '1'))
  // Signed with the key that the space of the absent host still counts.
  const waiting = await aurelia.outbox.send(note(theirs.id, '1'))
  assert.equal(waiting.state, 'signed')
  assert.ok(aurelia.identity.held(before.act.publicKey), 'a space still counts the former key')

  await borovia.restart()
  for (const node of [aurelia, borovia])
    for (const { id } of [ours, theirs]) await untilKey(node, id, 'aurelia.example', act.kid)
  await until(async () => (await aurelia.outbox.pending()).length === 0, 'everything is on record')
  const member = await memberAt(borovia, ours.id, 'aurelia.example')
  assert.equal(member.cosigner, aurelia.identity.keys.cosigner.publicKey)
  assert.equal(member.sealing, aurelia.identity.keys.sealing.publicKey)
  assert.deepEqual(
    aurelia.identity
      .sealingKeys()
      .map(({ publicKey }) => publicKey)
      .includes(oldSealing.publicKey),
    true,
  )
  await until(async () => aurelia.identity.held(before.act.publicKey) === undefined, 'the former key is destroyed')
  // Under the new node key.
  await onRecord(aurelia, note(theirs.id, '2'))
  await until(async () => {
    const size = (await borovia.ledger.head(ours.id))?.size ?? 0
    const lines = await borovia.ledger.finality(ours.id, size - 1)
    return lines.some(({ party }) => party === 'aurelia.example')
  }, 'cosignatures under the new key count')
  assert.deepEqual((await aurelia.keys.overview()).behind, [])
})

test('a revoked key: acts in flight are signed again under their id, what a thief signs is refused', async (t) => {
  const {
    nodes: { aurelia, borovia, calenia },
    settled,
  } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], quick)
  const space = (await openChannel(aurelia, [borovia, calenia])).id
  await Promise.all([untilSize(borovia, space, 1), untilSize(calenia, space, 1)])
  const thief = stolenKey(borovia)
  await onRecord(borovia, note(space, '1'))
  await settled()
  await aurelia.kill()
  const inFlight = note(space, '2')
  assert.equal((await borovia.outbox.send(inFlight)).state, 'signed')
  await borovia.keys.revoke({ reason: 'theft' })
  const { act } = borovia.identity.keys
  assert.notEqual(act.kid, thief.kid)
  // Calenia follows the register and hands the revocation in first.
  await until(
    async () => (await calenia.outbox.pending()).some(({ type }) => type === 'space.keys-changed'),
    'calenia brings the revocation',
  )
  await borovia.kill()
  await aurelia.restart()
  await untilKey(aurelia, space, 'borovia.example', act.kid)
  await borovia.restart()
  await until(async () => (await borovia.outbox.pending()).length === 0, 'what was in flight is decided')
  const decided = await aurelia.ledger.findById(space, 'borovia.example', inFlight.id)
  assert.ok(decided, 'under the same id')
  const changed = (await aurelia.ledger.acts(space)).find(({ statement }) => statement.type === 'space.keys-changed')
  assert.ok(changed && changed.index < decided.index)
  const answer = await forge(aurelia, space, borovia, thief)
  assert.deepEqual([answer.state, 'rule' in answer && answer.rule], ['refused', 'key-ended'])
  const { events } = await borovia.keys.overview()
  assert.deepEqual(
    events.map(({ kind, reason }) => [kind, reason]),
    [
      ['revoked', 'theft'],
      ['rotated', undefined],
    ],
  )
})

test('recovery after theft and loss: others bring the new key, earlier acts stay valid, a dossier proves both', async (t) => {
  const {
    nodes: { aurelia, borovia },
    settled,
  } = await startNetwork(t, ['aurelia', 'borovia'], quick)
  const space = (await openChannel(aurelia, [borovia])).id
  await untilSize(borovia, space, 1)
  const [sheet] = (await pendingRecovery(borovia.dataDir)) ?? []
  assert.ok(sheet)
  const thief = stolenKey(borovia)
  await onRecord(borovia, note(space, 'true'))
  assert.equal(
    (await forge(aurelia, space, borovia, thief)).state,
    'on-record',
    'until the space knows, the key counts',
  )
  await settled()
  // The thief took the act keys away: nothing here can sign for the space any more.
  await loseActKeys(borovia)
  await assert.rejects(borovia.keys.recover({ sheet: sheet.replace(/.$/, sheet.endsWith('A') ? 'B' : 'A') }), /sheet/)
  await borovia.keys.recover({ sheet, others: ['node', 'cosigner'] })
  const { act } = borovia.identity.keys
  await untilKey(aurelia, space, 'borovia.example', act.kid)
  await untilKey(borovia, space, 'borovia.example', act.kid)
  const brought = (await aurelia.ledger.acts(space)).filter(({ statement }) => statement.type === 'space.keys-changed')
  // Only with a key that others brought in can Borovia bring in the rotation that followed.
  assert.deepEqual([brought[0]?.statement.author, brought[0]?.withoutEffect], ['aurelia.example', undefined])
  const answer = await forge(aurelia, space, borovia, thief)
  assert.deepEqual([answer.state, 'rule' in answer && answer.rule], ['refused', 'key-ended'])
  await onRecord(borovia, note(space, 'again ours'))
  await settled()
  await assert.rejects(borovia.keys.recover({ sheet }), /sheet/, 'a sheet serves once')
  const { by } = (await borovia.keys.overview()).events[0] ?? {}
  assert.equal(by, recoveryKey(readSheet(sheet) as Uint8Array).kid)

  const report = verifyDossier(await dossierOf(aurelia, [space, borovia.identity.register]))
  assert.equal(report.verdict, 'accepted', JSON.stringify(report.failure))
  const keys = report.spaces.find((one) => one.space === space)?.keys.find(({ party }) => party === 'borovia.example')
  const change = brought[0]?.index
  assert.deepEqual(keys?.spans[0], { kid: thief.kid, key: thief.publicKey, from: 0, until: change })
  const last = keys?.spans.at(-1)
  assert.deepEqual([last?.kid, last?.until], [act.kid, undefined])

  for (const node of [aurelia, borovia]) {
    const views = await readViews(node.database)
    await node.ledger.rebuildViews()
    assert.deepEqual(await readViews(node.database), views, `${node.name} rebuilt`)
  }
})

/** Somebody took the keys away, and what lies there now was never committed to. */
function loseActKeys({ identity }: NetworkNode): Promise<void> {
  return identity.ring.change((content) => ({
    ...content,
    signing: content.signing.map((key) => (key.use === 'act' || key.use === 'next' ? newSigningKey(key.use, 1) : key)),
  }))
}

/** A rotation by a process that ends after this step. */
async function cutOff(node: NetworkNode, point: 'written-down' | 'on-the-register' | 'promoted'): Promise<void> {
  const { identity, clock } = node
  await writeDown(node, () => prepareRotation(identity.ring.content(), [], clock.now()))
  if (point === 'written-down') return
  const change = point === 'promoted' ? identity.ring.change : () => Promise.reject(new Error('killed'))
  const ended = finishChange({ ...node, identity: { ...identity, ring: { ...identity.ring, change } } })
  if (point === 'promoted') await ended
  else await assert.rejects(ended, /killed/)
}

async function dossierOf(node: NetworkNode, spaces: string[]): Promise<Uint8Array> {
  const parts = new Map<string, Uint8Array>()
  const whole = await Promise.all(
    spaces.map(async (space) => {
      const { size } = (await node.ledger.head(space)) ?? { size: 0 }
      const acts = await node.ledger.acts(space)
      for (const { hash } of acts.flatMap(({ statement }) => statement.parts)) {
        const blob = await node.blobs.find(node.db, hash)
        if (blob) parts.set(hash, blob)
      }
      return { entries: await node.ledger.entries(space, 0, size), checkpoint: await node.ledger.checkpoint(space) }
    }),
  )
  return writeDossier({ purpose: 'keys', audience: 'court', maker: node.party, made: 1, spaces: whole, parts })
}

test('a new host key: every space hosted here carries it from the change on, and new spaces from the start', async (t) => {
  const {
    nodes: { aurelia, borovia },
    settled,
  } = await startNetwork(t, ['aurelia', 'borovia'], quick)
  const space = (await openChannel(aurelia, [borovia])).id
  await untilSize(borovia, space, 1)
  const before = aurelia.identity.keys.host.publicKey
  await aurelia.keys.rotateHost()
  const after = aurelia.identity.keys.host.publicKey
  assert.notEqual(after, before)
  await until(async () => (await borovia.ledger.head(space))?.hostKey === after, 'borovia knows the new host key')
  await onRecord(borovia, note(space, '1'))
  const fresh = await openChannel(aurelia, [borovia])
  await untilSize(borovia, fresh.id, 1)
  assert.equal((await borovia.ledger.head(fresh.id))?.hostKey, after)
  // The register has one host key for ever.
  await aurelia.keys.rotate()
  await settled()
  assert.equal((await borovia.ledger.register(aurelia.identity.register))?.host, before)
  assert.ok(aurelia.identity.held(before))
})

test('a change cut off between the register and the spaces goes on at the next start', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], quick)
  const space = (await openChannel(aurelia, [borovia])).id
  await untilSize(borovia, space, 1)
  for (const point of ['written-down', 'on-the-register', 'promoted'] as const) {
    await aurelia.keys.stop()
    await cutOff(aurelia, point)
    await aurelia.kill()
    await aurelia.restart()
    const { underWay } = await aurelia.keys.overview()
    assert.equal(underWay, undefined, point)
    await untilKey(borovia, space, 'aurelia.example', aurelia.identity.keys.act.kid)
    await onRecord(aurelia, note(space, point))
  }
  assert.equal((await aurelia.keys.overview()).events.length, 3)
})

test('a peer that has not heard of a new node key takes what is asked under the former one, and learns the new one', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
    settled,
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = (await openChannel(borovia, [aurelia])).id
  await untilSize(aurelia, space, 1)
  await settled()
  // Nothing that borovia asks arrives: it hears only what it is told.
  wire.rule(({ from }) => ({ dropRequest: from === 'borovia' }))
  await aurelia.keys.rotate({ others: ['node'] })
  const { kid } = aurelia.identity.keys.node
  const sent = await aurelia.outbox.send(note(space, 'under the former node key'))
  await until(async () => (await aurelia.outbox.settle(sent.hash)).state === 'on-record', 'borovia takes it')
  const known = () => borovia.db.selectFrom('home.peer_key').select('kid').where('party', '=', aurelia.party).execute()
  assert.deepEqual((await known()).map((one) => one.kid).includes(kid), false)
  // It may ask again, but for changes: what came along with our requests is enough to make it read our register.
  wire.rule(({ from, path }) => ({ dropRequest: from === 'borovia' && path.includes('/changes') }))
  await until(async () => {
    await aurelia.outbox.send(note(space, newId()))
    return (await known()).some((one) => one.kid === kid)
  }, 'borovia knows the new node key')
  wire.rule(undefined)
  await settled()
  const last = await aurelia.outbox.send(note(space, 'under the new node key'))
  await until(async () => (await aurelia.outbox.settle(last.hash)).state === 'on-record', 'borovia takes it')
})

test('the former node key is destroyed a month after it was replaced', async (t) => {
  const {
    nodes: { aurelia },
  } = await startNetwork(t, ['aurelia'], quick)
  const { publicKey } = aurelia.identity.keys.node
  await aurelia.keys.rotate({ others: ['node'] })
  assert.ok(aurelia.identity.held(publicKey))
  aurelia.clock.advance(31 * 86_400_000)
  await aurelia.keys.resume()
  assert.equal(aurelia.identity.held(publicKey), undefined)
})
