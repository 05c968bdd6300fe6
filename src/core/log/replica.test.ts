import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  type LedgerNode,
  newChannel,
  newNote,
  replicate,
  sign,
  startLedgers,
  submit,
} from '../../../test/support/ledger.ts'
import {
  appendNodes,
  leafBytes,
  leafHash,
  newId,
  type NodeAt,
  readLeaf,
  rootFrom,
  signAct,
  signCheckpoint,
  storedParts,
  toBase64url,
} from '../../protocol/index.ts'
import { evidenceBytes, readEvidence, verifyEvidence } from '../../protocol/evidence/index.ts'
import { createChecker } from '../checking/index.ts'
import { createLedger, type Ingested } from './index.ts'

const parties = ['aurelia.example', 'borovia.example', 'cetinia.example']

async function startChannel(t: TestContext) {
  const nodes = await startLedgers(t, parties)
  const [aurelia, borovia, cetinia] = parties.map((party) => nodes[party]) as [LedgerNode, LedgerNode, LedgerNode]
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  for (const number of [1, 2, 3]) await submit(aurelia, aurelia, newNote(space, number))
  return { aurelia, borovia, cetinia, space }
}

/** A checkpoint the host would sign over these entries. */
function signOver(host: LedgerNode, space: string, entries: Uint8Array[]): string {
  const nodes = new Map<string, Uint8Array>()
  const at = ({ level, index }: NodeAt) => nodes.get(`${level}/${index}`) as Uint8Array
  entries.forEach((entry, size) => {
    for (const node of appendNodes(size, leafHash(entry), at)) nodes.set(`${node.level}/${node.index}`, node.hash)
  })
  const origin = `${host.party}/spaces/${space}`
  return signCheckpoint({ origin, size: entries.length, root: rootFrom(entries.length, at) }, host.identity.keys.host)
}

test('a delivery that is not exactly what the host signed leaves nothing behind', async (t) => {
  const { aurelia, borovia, cetinia, space } = await startChannel(t)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  const checkpoint = await aurelia.ledger.checkpoint(space)
  const later = (at: number, time: number) =>
    entries.with(at, leafBytes({ ...readLeaf(entries[at] as Uint8Array).leaf, time }))
  const spoilt = (note: string) => note.replace(/.(.{60})$/s, (all, rest) => (all[0] === 'A' ? 'B' : 'A') + rest)
  const cases: [string, Parameters<typeof replicate>[3]][] = [
    ['root', { entries: entries.slice(0, 3) }],
    ['root', { entries: later(3, Date.UTC(2028, 1)) }],
    ['time-decreased', { entries: later(2, Date.UTC(2028, 1)) }],
    ['act-twice', { entries: [...entries, entries[3] as Uint8Array] }],
    ['seen-future', { entries: [entries[0], entries[3], entries[2], entries[1]] as Uint8Array[] }],
    ['checkpoint-signature', { checkpoint: spoilt(checkpoint) }],
    ['checkpoint-origin', { checkpoint: signOver(cetinia, space, entries) }],
    ['body-missing', { fetchBlob: async () => undefined }],
    ['blob-commitment', { fetchBlob: async () => new Uint8Array(64) }],
    ['leaf-shape', { entries: entries.with(1, Buffer.from('{}')) }],
  ]
  for (const [rule, change] of cases) {
    const answer = await replicate(aurelia, borovia, space, change)
    assert.equal(answer.state === 'refused' ? answer.rule : answer.state, rule)
    assert.equal(await borovia.ledger.head(space), undefined)
  }
  assert.equal((await replicate(aurelia, borovia, space)).state, 'stored')
})

test('a host that signs an act its author did not sign is not believed', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  await replicate(aurelia, borovia, space)
  const draft = await sign(borovia, newNote(space, 9))
  const forged = signAct(draft.statement, aurelia.identity.keys.act)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  const leaf = leafBytes({ v: 1, time: readLeaf(entries[3] as Uint8Array).leaf.time, envelope: forged.envelope })
  const answer = await replicate(aurelia, borovia, space, {
    entries: [leaf],
    checkpoint: signOver(aurelia, space, [...entries, leaf]),
  })
  assert.equal(answer.state === 'conflict' && answer.conflict.kind, 'inadmissible-entry')
  assert.match(answer.state === 'conflict' ? answer.conflict.detail : '', /^entry 4: unknown-key/)
  const head = await borovia.ledger.head(space)
  assert.deepEqual([head?.size, head?.frozen], [4, true])
})

test('spaces of hosts nobody here pinned, or without us, are not stored', async (t) => {
  const { aurelia, cetinia, borovia, space } = await startChannel(t)
  const uninvited = await replicate(aurelia, cetinia, space)
  assert.equal(uninvited.state === 'refused' && uninvited.rule, 'not-invited')
  const wary = (state: 'introduced' | undefined) =>
    createLedger({
      ...borovia.options,
      instance: 'wary',
      knownParty: async (party) => {
        const known = await borovia.options.knownParty(party)
        return state && known && { ...known, state }
      },
    })
  for (const state of ['introduced', undefined] as const) {
    const answer = await replicate(aurelia, { ...borovia, ledger: wary(state) }, space)
    assert.equal(answer.state === 'refused' && answer.rule, 'host-not-pinned')
  }
  assert.deepEqual(
    (await borovia.ledger.heads()).map((head) => head.kind),
    ['register'],
  )
})

test('entries that start too late are asked for again; an overlap costs nothing', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  assert.deepEqual(await replicate(aurelia, borovia, space, { from: 2, entries: entries.slice(2) }), {
    state: 'gap',
    size: 0,
  })
  await replicate(aurelia, borovia, space)
  await submit(aurelia, aurelia, newNote(space, 4))
  const all = await aurelia.ledger.entries(space, 0, 10)
  const answer = await replicate(aurelia, borovia, space, { from: 0, entries: all })
  assert.deepEqual([answer.state, answer.state === 'stored' && answer.stored], ['stored', 1])
  const again = await replicate(aurelia, borovia, space, { from: 0, entries: all })
  assert.deepEqual([answer.state, again.state === 'stored' && again.stored], ['stored', 0])
})

test('of two processes that are given the same entries one stores them, the other sees that they are there, and both go on', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  assert.equal((await replicate(aurelia, borovia, space)).state, 'stored')
  let atOnce = 0
  const { inserting } = borovia.blobs
  const other = borovia.another({
    blobs: {
      ...borovia.blobs,
      inserting(blobs) {
        atOnce += 1
        return inserting(blobs)
      },
    },
  })
  await other.start()
  const next = async () => {
    const from = (await borovia.ledger.head(space))?.size ?? 0
    await submit(aurelia, aurelia, newNote(space, from))
    const entries = await aurelia.ledger.entries(space, from, 10)
    const hashes = entries.flatMap((leaf) => storedParts(readLeaf(leaf).act.statement.parts).map(({ hash }) => hash))
    const blobs = await aurelia.blobs.findAll(aurelia.db, hashes)
    const checkpoint = await aurelia.ledger.checkpoint(space)
    return { from, entries, checkpoint, blobs, fetchBlob: async () => undefined }
  }
  const stored = (answer: Ingested) => (answer.state === 'stored' ? [answer.size, answer.stored] : answer)
  // Only then its memory holds the space.
  assert.deepEqual(stored(await other.ingest(space, await next())), [5, 1])
  const fifth = await next()
  assert.deepEqual(stored(await borovia.ledger.ingest(space, fifth)), [6, 1])
  const before = atOnce
  assert.deepEqual(stored(await other.ingest(space, fifth)), [6, 0])
  assert.equal(atOnce, before + 1, 'it tried in one statement, and lost')
  for (const size of [7, 8, 9]) {
    const both = await next()
    const answers = await Promise.all([borovia.ledger, other].map((ledger) => ledger.ingest(space, both)))
    assert.deepEqual(
      answers.map(stored).toSorted((a, b) => Number((a as number[])[1]) - Number((b as number[])[1])),
      [
        [size, 0],
        [size, 1],
      ],
    )
  }
  assert.deepEqual(await borovia.ledger.entries(space, 0, 20), await aurelia.ledger.entries(space, 0, 20))
  assert.equal((await other.head(space))?.root, (await aurelia.ledger.head(space))?.root)
})

test('two histories under one host’s signature freeze the space and stay as evidence', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  await replicate(aurelia, borovia, space)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  const other = leafBytes({ ...readLeaf(entries[3] as Uint8Array).leaf, time: Date.UTC(2028, 1) })
  const fork = entries.with(3, other)
  const answer = await replicate(aurelia, borovia, space, {
    checkpoint: signOver(aurelia, space, fork),
    from: 4,
    entries: [],
  })
  assert.equal(answer.state === 'conflict' && answer.conflict.kind, 'two-histories')
  assert.equal((await borovia.ledger.head(space))?.frozen, true)
  const [evidence] = await borovia.ledger.conflicts(space)
  assert.deepEqual(
    [evidence?.came, evidence?.held],
    [signOver(aurelia, space, fork), signOver(aurelia, space, entries)],
  )
  await assert.rejects(sign(borovia, newNote(space)), { code: 'space.frozen' })
  assert.equal(await borovia.ledger.cosign(space), undefined)
  await submit(aurelia, aurelia, newNote(space, 4))
  const later = await replicate(aurelia, borovia, space)
  assert.equal(later.state === 'refused' && later.rule, 'frozen')
})

test('a longer history that does not contain ours is found out from its own entries', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  await replicate(aurelia, borovia, space)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  const fork = [...entries.slice(0, 2), entries[2], entries[2], entries[3]] as Uint8Array[]
  const checkpoint = signOver(aurelia, space, fork)
  const tail = await replicate(aurelia, borovia, space, { checkpoint, from: 4, entries: fork.slice(4) })
  assert.equal(tail.state, 'refused', 'the tail alone accuses nobody')
  const whole = await replicate(aurelia, borovia, space, { checkpoint, from: 0, entries: fork })
  assert.equal(whole.state === 'conflict' && whole.conflict.kind, 'two-histories')
})

test('a checkpoint heard from somebody else counts only if the host signed it', async (t) => {
  const { aurelia, borovia, cetinia, space } = await startChannel(t)
  await replicate(aurelia, borovia, space)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  assert.equal(await borovia.ledger.witness(space, signOver(aurelia, space, entries.slice(0, 2))), undefined)
  assert.equal(
    await borovia.ledger.witness(space, signOver(aurelia, space, [...entries, entries[3] as Uint8Array])),
    undefined,
  )
  assert.equal(await borovia.ledger.witness(space, signOver(cetinia, space, entries.toReversed())), undefined)
  assert.equal((await borovia.ledger.head(space))?.frozen, false)
  const conflict = await borovia.ledger.witness(space, signOver(aurelia, space, entries.slice(0, 3).toReversed()))
  assert.equal(conflict?.kind, 'two-histories')
})

test('what a receipt promised is in the evidence, also where its note was heard before it', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  await replicate(aurelia, borovia, aurelia.identity.register)
  await replicate(aurelia, borovia, space)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  const leaf = leafBytes({ ...readLeaf(entries[3] as Uint8Array).leaf, time: Date.UTC(2028, 1) })
  const promised = { index: 4, leaf, path: [(await borovia.ledger.head(space))!.root] }
  const note = signOver(aurelia, space, [...entries, leaf])
  assert.equal(await borovia.ledger.witness(space, note), undefined)
  assert.equal(await borovia.ledger.witness(space, note, promised), undefined)
  const conflict = await borovia.ledger.witness(space, signOver(aurelia, space, [...entries, entries[3] as Uint8Array]))
  const evidence = readEvidence((await borovia.ledger.evidence(conflict?.file ?? ''))!)
  assert.equal(verifyEvidence(evidenceBytes(evidence)).verdict, 'proven')
  assert.deepEqual(evidence.kind === 'two-histories' && evidence.receipt, {
    note: 0,
    ...promised,
    leaf: toBase64url(leaf),
  })
})

test('a host shown its own signature over more than it has stops signing, also after the next start', async (t) => {
  const { aurelia, space } = await startChannel(t)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  const note = signOver(aurelia, space, [...entries, entries[3] as Uint8Array])
  assert.equal(await aurelia.ledger.witness(space, note), undefined)
  const signed = await sign(aurelia, newNote(space))
  const refused = { state: 'unavailable', hash: signed.hash, reason: 'gate-shut' }
  assert.deepEqual(await aurelia.ledger.sequence(space, [{ envelope: signed.envelope }]), [refused])
  await aurelia.ledger.close()
  const next = aurelia.another({ instance: 'node' })
  assert.deepEqual(
    (await next.start()).blocked.map((one) => [one.space, one.reason, one.seen]),
    [[space, 'ahead', 5]],
  )
})

test('a member cosigns once everything it stands for is stored; its line proves delivery', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  const checkpoint = await aurelia.ledger.checkpoint(space)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  const fetchBlob = (commitment: string) => aurelia.blobs.find(aurelia.db, commitment)
  await borovia.ledger.ingest(space, { checkpoint, from: 0, entries, fetchBlob })
  assert.equal((await borovia.ledger.missingParts(space)).length, 6)
  assert.equal(await borovia.ledger.cosign(space), undefined)
  assert.equal(await borovia.ledger.find(space).then((facts) => facts?.size), 4)
  assert.equal((await borovia.db.selectFrom('view.trial_note').selectAll().execute()).length, 0)
  await replicate(aurelia, borovia, space)
  assert.equal((await borovia.db.selectFrom('view.trial_note').selectAll().execute()).length, 3)
  const cosigned = await borovia.ledger.cosign(space)
  assert.ok(cosigned)
  assert.deepEqual(await borovia.ledger.cosign(space), cosigned)
  const { size, line } = cosigned
  assert.deepEqual(await aurelia.ledger.addCosignatures(space, size, [line, line]), [
    'borovia.example',
    'borovia.example',
  ])
  assert.deepEqual(await aurelia.ledger.addCosignatures(space, size - 1, [line]), [])
  assert.deepEqual(await aurelia.ledger.addCosignatures(space, size, [line.replace('borovia', 'aurelia'), 'x', '']), [])
  const at = Math.floor(aurelia.options.clock.now() / 1000) * 1000
  assert.deepEqual(await aurelia.ledger.finality(space, 3), [{ party: 'borovia.example', at }])
  assert.deepEqual(await aurelia.ledger.finality(space, 4), [])
  assert.ok((await aurelia.ledger.checkpoint(space)).endsWith(line))
  const own = await aurelia.ledger.cosign(space)
  assert.ok(own && (await aurelia.ledger.checkpoint(space)).includes(own.line))
  assert.equal((await aurelia.ledger.finality(space, 0)).length, 2)
})

test('tiles, bundles and consistency proofs come from any replica', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  await replicate(aurelia, borovia, space)
  const entries = await aurelia.ledger.entries(space, 0, 10)
  const tile = await borovia.ledger.tile(space, 'tile/0/000.p/4')
  assert.deepEqual(Buffer.from(tile as Uint8Array), Buffer.concat(entries.map((entry) => leafHash(entry))))
  assert.deepEqual(
    await borovia.ledger.tile(space, 'tile/entries/000.p/3'),
    await aurelia.ledger.tile(space, 'tile/entries/000.p/3'),
  )
  assert.equal(await borovia.ledger.tile(space, 'tile/0/000.p/5'), undefined)
  assert.equal(await borovia.ledger.tile(space, 'tile/1/000.p/1'), undefined)
  await assert.rejects(borovia.ledger.tile(space, 'tile/0/0'), { rule: 'tile-path' })
  assert.equal((await borovia.ledger.consistency(space, 2, 4)).length, 1)
})

test('a long delivery is judged while it is read: a forged entry is found at its place, a broken line leaves nothing', async (t) => {
  const checker = createChecker()
  t.after(() => checker.close())
  const nodes = await startLedgers(t, parties, { checkSignatures: checker.check })
  const [aurelia, borovia] = parties.map((party) => nodes[party]) as [LedgerNode, LedgerNode]
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  const { statement, envelope } = await sign(aurelia, newNote(space))
  await aurelia.ledger.sequence(space, [{ envelope }])
  for (let count = 0; count < 3; count += 1) {
    const handed = Array.from({ length: 220 }, () => ({
      envelope: signAct({ ...statement, id: newId() }, aurelia.identity.keys.act).envelope,
    }))
    const answers = await aurelia.ledger.sequence(space, handed)
    assert.ok(answers.every(({ state }) => state === 'on-record'))
  }
  const entries = await aurelia.ledger.entries(space, 0, 4_096)
  assert.equal(entries.length, 662)

  async function* cutOff() {
    yield* entries.slice(0, 600)
    throw new Error('the line broke')
  }
  await assert.rejects(replicate(aurelia, borovia, space, { entries: cutOff() }), /the line broke/)
  assert.equal(await borovia.ledger.head(space), undefined)

  const { leaf } = readLeaf(entries[300] as Uint8Array)
  const other = readLeaf(entries[301] as Uint8Array).leaf.envelope.signature
  const forged = entries.with(300, leafBytes({ ...leaf, envelope: { ...leaf.envelope, signature: other } }))
  const unreadable = forged.with(610, Buffer.from('{}'))
  for (const wrong of [forged, unreadable]) {
    const answer = await replicate(aurelia, borovia, space, { entries: wrong })
    assert.deepEqual(answer.state === 'refused' && [answer.index, answer.rule], [300, 'signature'])
  }
  assert.equal((await replicate(aurelia, borovia, space)).state, 'stored')
  assert.equal((await borovia.ledger.head(space))?.size, 662)
  const checkpoint = signOver(aurelia, space, [...entries, ...forged.slice(300, 301)])
  const convicted = await replicate(aurelia, borovia, space, { entries: forged.slice(300, 301), checkpoint })
  assert.equal(convicted.state === 'conflict' && convicted.conflict.kind, 'inadmissible-entry')
})
