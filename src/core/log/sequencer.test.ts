import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import {
  carryBlobs,
  heldClock,
  type HeldClock,
  type LedgerNode,
  newChannel,
  newNote,
  replicate,
  sign,
  startLedgers,
  submit,
} from '../../../test/support/ledger.ts'
import {
  type Envelope,
  generateEd25519,
  newId,
  parseCanonical,
  fromBase64url,
  readCheckpoint,
  readRefusal,
  signAct,
  signingKey,
  type Statement,
  storedParts,
  verifyReceipt,
} from '../../protocol/index.ts'
import { createChecker } from '../checking/index.ts'
import type { ActDraft, SpaceFacts } from '../module/types.ts'

const parties = ['aurelia.example', 'borovia.example', 'cetinia.example']

async function startChannel(t: TestContext): Promise<{
  aurelia: LedgerNode
  borovia: LedgerNode
  cetinia: LedgerNode
  space: SpaceFacts
  clock: HeldClock
}> {
  const clock = heldClock()
  const nodes = await startLedgers(t, parties, { clock })
  const [aurelia, borovia, cetinia] = parties.map((party) => nodes[party]) as [LedgerNode, LedgerNode, LedgerNode]
  const space = await aurelia.ledger.open(newChannel(['borovia.example']))
  await replicate(aurelia, borovia, space.id)
  return { aurelia, borovia, cetinia, space, clock }
}

/** Signs a statement as it is, however wrong. */
function signAs(node: LedgerNode, statement: Statement, change: Partial<Statement>): Envelope {
  return signAct({ ...statement, ...change }, node.identity.keys.act).envelope
}

function encode(value: unknown, indent = 0): string {
  return Buffer.from(JSON.stringify(value, null, indent)).toString('base64url')
}

test('the same act handed in again gets the same place and a receipt that holds', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  const signed = await sign(borovia, newNote(space.id))
  await carryBlobs(borovia, aurelia, signed)
  const [first] = await aurelia.ledger.sequence(space.id, [{ envelope: signed.envelope }])
  await submit(aurelia, aurelia, newNote(space.id, 2))
  const [again, twice] = await aurelia.ledger.sequence(space.id, [
    { envelope: signed.envelope },
    { envelope: signed.envelope },
  ])
  assert.ok(first?.state === 'on-record' && again?.state === 'on-record' && twice?.state === 'on-record')
  assert.deepEqual([first.index, again.index, twice.index], [1, 1, 1])
  assert.deepEqual([first.repeated, again.repeated], [false, true])
  const [entry] = await aurelia.ledger.entries(space.id, 1, 1)
  const host = { origin: `aurelia.example/spaces/${space.id}`, key: aurelia.identity.keys.host.publicKey }
  for (const answer of [first, again, twice]) verifyReceipt(answer.receipt, entry as Uint8Array, host)
  assert.equal(readCheckpoint(again.receipt.checkpoint, host.origin, host.key).size, 3)
})

test('one act handed in twice in one batch stands once', async (t) => {
  const { aurelia, space } = await startChannel(t)
  const signed = await sign(aurelia, newNote(space.id))
  const answers = await aurelia.ledger.sequence(space.id, [
    { envelope: signed.envelope },
    { envelope: signed.envelope },
  ])
  assert.deepEqual(
    answers.map((one) => one.state === 'on-record' && [one.index, one.repeated]),
    [
      [1, false],
      [1, true],
    ],
  )
})

test('what may not stand is refused under the host’s signature, and nothing is stored', async (t) => {
  const { aurelia, borovia, cetinia, space, clock } = await startChannel(t)
  const good = await sign(borovia, newNote(space.id))
  await carryBlobs(borovia, aurelia, good)
  const taken = await submit(borovia, aurelia, newNote(space.id))
  assert.equal(taken.state, 'on-record')
  const takenId = (await aurelia.ledger.acts(space.id))[1]?.statement.id as string
  const stranger = signingKey(generateEd25519().privateKey)
  const cases: Record<string, unknown> = {
    signature: { ...good.envelope, signature: signAs(borovia, good.statement, { office: 'other' }).signature },
    'unknown-key': signAct(good.statement, stranger).envelope,
    'wrong-space': signAs(borovia, good.statement, { space: newId() }),
    'not-a-member': signAs(cetinia, good.statement, { author: 'cetinia.example' }),
    'seen-future': signAs(borovia, good.statement, { seen: { ...good.statement.seen, size: 99 } }),
    'seen-root': signAs(borovia, good.statement, { seen: { size: 1, root: good.hash } }),
    'opening-seen': signAs(borovia, good.statement, { seen: { ...good.statement.seen, size: 0 } }),
    'id-taken': signAs(borovia, good.statement, { id: takenId }),
    'after-missing': signAs(borovia, good.statement, { after: [good.hash] }),
    'opening-twice': signAs(borovia, good.statement, { type: 'space.opened' }),
    'author-time-ahead': signAs(borovia, good.statement, { at: clock.now() + 5 * 60_000 + 1 }),
    'part-missing': (await sign(borovia, newNote(space.id))).envelope,
    'blob-size': signAs(borovia, good.statement, {
      parts: good.statement.parts.map((part) => ({ ...part, size: part.size + 1 })),
    }),
    'statement-size': { ...good.envelope, payload: 'A'.repeat(30_000) },
    'envelope-shape': { ...good.envelope, header: {} },
    header: {
      ...good.envelope,
      protected: encode({ alg: 'none', kid: good.envelope.signature.slice(0, 43), typ: 'chancery-act+json' }),
    },
    'json-canonical': { ...good.envelope, payload: encode(good.statement, 1) },
  }
  const answers = await aurelia.ledger.sequence(
    space.id,
    Object.values(cases).map((envelope) => ({ envelope })),
  )
  assert.deepEqual(
    answers.map((one) => one.state === 'refused' && one.rule),
    Object.keys(cases),
  )
  const { publicKey: key } = aurelia.identity.keys.host
  for (const answer of answers) {
    assert.ok(answer.state === 'refused')
    const refusal = readRefusal(answer.refusal, key)
    assert.deepEqual([refusal?.act, refusal?.rule, refusal?.space], [answer.hash, answer.rule, space.id])
    assert.equal(readRefusal({ ...answer.refusal, payload: `${answer.refusal.payload}AA` }, key), undefined)
  }
  assert.equal((await aurelia.ledger.head(space.id))?.size, 2)
  const [kept] = await aurelia.ledger.sequence(space.id, [{ envelope: good.envelope }])
  assert.equal(kept?.state, 'on-record', 'the good act still stands after all of these')
})

test('an act that must come after another waits for it, also within one batch', async (t) => {
  const { aurelia, space } = await startChannel(t)
  const first = await sign(aurelia, newNote(space.id, 1))
  const second = await sign(aurelia, newNote(space.id, 2, { after: [first.hash] }))
  const [early] = await aurelia.ledger.sequence(space.id, [{ envelope: second.envelope }])
  assert.equal(early?.state === 'refused' && early.rule, 'after-missing')
  const answers = await aurelia.ledger.sequence(space.id, [{ envelope: first.envelope }, { envelope: second.envelope }])
  assert.deepEqual(
    answers.map((one) => one.state),
    ['on-record', 'on-record'],
  )
})

test('a replica orders nothing', async (t) => {
  const { borovia, space } = await startChannel(t)
  const signed = await sign(borovia, newNote(space.id))
  const [answer] = await borovia.ledger.sequence(space.id, [{ envelope: signed.envelope }])
  assert.deepEqual(answer, { state: 'unavailable', hash: signed.hash, reason: 'not-hosted' })
})

test('leaf times never go back, whatever the host’s clock does', async (t) => {
  const { aurelia, space, clock } = await startChannel(t)
  clock.time += 1000
  const first = await submit(aurelia, aurelia, newNote(space.id))
  clock.time -= 60_000
  const second = await submit(aurelia, aurelia, newNote(space.id))
  assert.ok(first.state === 'on-record' && second.state === 'on-record')
  assert.equal(second.time, first.time)
})

test('a space opens once per id, with pinned peers only', async (t) => {
  const { aurelia, space } = await startChannel(t)
  const opening = newChannel(['borovia.example'], { id: space.id, purpose: 'another' })
  assert.deepEqual(await aurelia.ledger.open(opening), space)
  await assert.rejects(aurelia.ledger.open(newChannel(['nowhere.example'])), { code: 'space.not-pinned' })
  const both = newChannel(['borovia.example'])
  const [one, two] = await Promise.all([aurelia.ledger.open(both), aurelia.ledger.open(both)])
  assert.deepEqual(one, two)
  assert.equal((await aurelia.ledger.list({ kind: 'channel', member: 'borovia.example' })).length, 2)
})

test('two processes on one space give every act its own place and one history', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  const other = aurelia.another()
  await other.start()
  const signed = await Promise.all(
    Array.from({ length: 24 }, async (_, at) =>
      at % 3 ? withPayloads(borovia, newNote(space.id, at)) : sign(aurelia, newNote(space.id, at)),
    ),
  )
  const answers = (
    await Promise.all(signed.map((one, at) => (at % 2 ? other : aurelia.ledger).sequence(space.id, [one])))
  ).flat()
  const places = answers.map((one) => (one.state === 'on-record' ? one.index : -1))
  assert.deepEqual(
    places.toSorted((a, b) => a - b),
    Array.from({ length: 24 }, (_, at) => at + 1),
  )
  const entries = await aurelia.ledger.entries(space.id, 0, 100)
  const host = { origin: `aurelia.example/spaces/${space.id}`, key: aurelia.identity.keys.host.publicKey }
  for (const one of answers) {
    assert.ok(one.state === 'on-record')
    verifyReceipt(one.receipt, entries[one.index] as Uint8Array, host)
  }
  assert.deepEqual(await replicate(aurelia, borovia, space.id), {
    state: 'stored',
    size: 25,
    stored: 24,
    root: (await aurelia.ledger.head(space.id))?.root,
  })
})

test('what comes while a batch is being committed is decided on it, and again without it when the commit fails', async (t) => {
  const { aurelia, borovia, space } = await startChannel(t)
  const handed = await Promise.all(Array.from({ length: 9 }, (_, n) => withPayloads(borovia, newNote(space.id, n))))
  const [lost, twice] = handed as [(typeof handed)[number], (typeof handed)[number]]
  await sql`create function log.lose() returns trigger language plpgsql as
    $$ begin raise exception 'the disk is full' using errcode = '53100'; end $$`.execute(aurelia.db)
  await sql`create trigger lose before insert on log.entry for each row
    when (new.act_hash = ${sql.lit(lost.hash)}) execute function log.lose()`.execute(aurelia.db)
  const hashes = handed.map(({ hash }) => hash)
  const [failed, ...settled] = await Promise.allSettled(
    [...handed, twice].map((one) => aurelia.ledger.sequence(space.id, [one])),
  )
  assert.equal(failed?.status, 'rejected')
  await sql`drop trigger lose on log.entry`.execute(aurelia.db)
  const [again] = await aurelia.ledger.sequence(space.id, [lost])
  const answers = settled.map((one) => (one.status === 'fulfilled' ? one.value[0] : undefined))
  const places = [again, ...answers].map((one) => (one?.state === 'on-record' ? one.index : one))
  assert.deepEqual(places, [9, 1, 2, 3, 4, 5, 6, 7, 8, 1])
  const entries = await aurelia.ledger.entries(space.id, 0, 100)
  const host = { origin: `aurelia.example/spaces/${space.id}`, key: aurelia.identity.keys.host.publicKey }
  for (const one of [again, ...answers]) {
    assert.ok(one?.state === 'on-record' && hashes.includes(one.hash))
    verifyReceipt(one.receipt, entries[one.index] as Uint8Array, host)
  }
  assert.deepEqual((await replicate(aurelia, borovia, space.id)).state, 'stored')
})

test('an act that comes while a commit is held up is decided then: it has the time of then, and stands right after', async (t) => {
  const { aurelia, borovia, space, clock } = await startChannel(t)
  const handed = await Promise.all([1, 2].map((n) => withPayloads(borovia, newNote(space.id, n))))
  const [first, second] = handed as [(typeof handed)[number], (typeof handed)[number]]
  await sql`create function log.wait() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(47); return new; end $$`.execute(aurelia.db)
  await sql`create trigger wait before insert on log.entry for each row
    when (new.act_hash = ${sql.lit(first.hash)}) execute function log.wait()`.execute(aurelia.db)
  const then = clock.time
  const answers = await aurelia.db.connection().execute(async (holding) => {
    await sql`select pg_advisory_lock(47)`.execute(holding)
    const committing = aurelia.ledger.sequence(space.id, [first])
    const waiting = sql`select from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and l.locktype = 'advisory' and l.objid = 47 and not l.granted`
    while ((await waiting.execute(holding)).rows.length === 0) await new Promise(setImmediate)
    const coming = aurelia.ledger.sequence(space.id, [second])
    await new Promise(setImmediate)
    clock.time += 3_600_000
    await sql`select pg_advisory_unlock(47)`.execute(holding)
    return (await Promise.all([committing, coming])).flat()
  })
  assert.deepEqual(
    answers.map((one) => one.state === 'on-record' && [one.index, one.time]),
    [
      [1, then],
      [2, then],
    ],
  )
  assert.equal((await replicate(aurelia, borovia, space.id)).state, 'stored')
})

/** As a member hands it in: with what lies beside the log. */
async function withPayloads(node: LedgerNode, draft: ActDraft) {
  const { hash, envelope, statement } = await sign(node, draft)
  const blobs = await node.blobs.findAll(
    node.db,
    storedParts(statement.parts).map((part) => part.hash),
  )
  return { hash, envelope, blobs }
}

test('a refusal names bytes that are no statement too', async (t) => {
  const { aurelia, space } = await startChannel(t)
  const payload = Buffer.from('{"v":2}').toString('base64url')
  const [answer, none] = await aurelia.ledger.sequence(space.id, [{ envelope: { payload } }, { envelope: 7 }])
  assert.ok(answer?.state === 'refused' && none?.state === 'refused')
  assert.equal(answer.hash.length, 43)
  assert.equal(none.hash, '')
  assert.deepEqual(parseCanonical(fromBase64url(answer.refusal.payload)), {
    v: 1,
    space: space.id,
    act: answer.hash,
    rule: answer.rule,
    detail: answer.detail,
    at: aurelia.options.clock.now(),
  })
})

test('of many handed in at once, checked in other threads, the forged ones are refused and the rest is on record', async (t) => {
  const checker = createChecker()
  t.after(() => checker.close())
  const nodes = await startLedgers(t, parties, { checkSignatures: checker.check })
  const [aurelia, borovia] = parties.map((party) => nodes[party]) as [LedgerNode, LedgerNode]
  const space = await aurelia.ledger.open(newChannel(['borovia.example']))
  const handed = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const { envelope } = await sign(aurelia, newNote(space.id, n + 1))
      const forged = {
        ...envelope,
        signature: `${envelope.signature[0] === 'A' ? 'B' : 'A'}${envelope.signature.slice(1)}`,
      }
      return { envelope: n % 7 === 3 ? forged : envelope }
    }),
  )
  const answers = (
    await Promise.all([
      ...handed.slice(0, 20).map((one) => aurelia.ledger.sequence(space.id, [one])),
      aurelia.ledger.sequence(space.id, handed.slice(20)),
    ])
  ).flat()
  for (const [n, answer] of answers.entries()) {
    if (n % 7 === 3) assert.ok(answer.state === 'refused' && answer.rule === 'signature', JSON.stringify(answer))
    else assert.equal(answer.state, 'on-record')
  }
  await replicate(aurelia, borovia, space.id)
  assert.equal((await borovia.ledger.find(space.id))?.size, 1 + 34)
})

test('an act already on record comes again among new ones, and an id is taken only once', async (t) => {
  const { aurelia, space } = await startChannel(t)
  const [first, second, third] = [1, 2, 3].map((n) => sign(aurelia, newNote(space.id, n)))
  const [a, b, c] = [await first!, await second!, await third!]
  await aurelia.ledger.sequence(space.id, [{ envelope: a.envelope }])
  const [again, fresh] = await aurelia.ledger.sequence(space.id, [{ envelope: a.envelope }, { envelope: b.envelope }])
  assert.ok(again?.state === 'on-record' && again.repeated && again.index === 1)
  assert.ok(fresh?.state === 'on-record' && fresh.index === 2)
  const sameId = signAs(aurelia, c.statement, { id: a.statement.id })
  const [taken, last] = await aurelia.ledger.sequence(space.id, [{ envelope: sameId }, { envelope: c.envelope }])
  assert.ok(taken?.state === 'refused' && taken.rule === 'id-taken')
  assert.ok(last?.state === 'on-record' && last.index === 3)
})
