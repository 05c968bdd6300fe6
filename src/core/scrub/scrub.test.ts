import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { seededRandom, testSeed } from '../../../test/network/case/random.ts'
import { noteSent, trialTables } from '../../../test/support/ledger.ts'
import { type Network, type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import { leafBytes, leafHash, newId, toBase64url } from '../../protocol/index.ts'
import { createLedger, emptyTree, type Sequenced } from '../log/index.ts'
import type { ScrubOptions } from './create-scrub.ts'
import { createScrub, migrations, type Scrub } from './index.ts'

interface Trial {
  network: Network<'aurelia' | 'borovia'>
  space: string
  scrubOf(node: NetworkNode, options?: Partial<ScrubOptions>): Scrub
}

const acts = [{ ...noteSent }]
const module = { name: 'trial', migrations: [...migrations, trialTables], views: ['view.trial_note'], acts }

/** A channel of two that Aurelia hosts, with a few acts; a scrub beside each node. */
async function startTrial(t: TestContext, count = 12): Promise<Trial> {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: [module], submitWaitMs: 30_000 })
  const { aurelia, borovia } = network.nodes
  const { id: space } = await aurelia.ledger.open({
    id: newId(),
    kind: 'channel',
    title: { en: 'Trial' },
    purpose: 'Trying',
    office: 'desk',
    members: [{ party: borovia.party, role: 'member' }],
  })
  await network.settled()
  for (let number = 1; number <= count; number += 1) {
    const sent = await (number % 2 ? aurelia : borovia).outbox.send(noteOf(space, number))
    assert.equal(sent.state, 'on-record')
  }
  await network.settled()
  const scrubOf = (node: NetworkNode, options: Partial<ScrubOptions> = {}) =>
    createScrub({
      ...node,
      sources: node.federation.sources,
      mended: (mended) => node.ledger.project(mended),
      gate: {
        shut: () =>
          node.ledger.gate().blocked.map(({ space: one, reason }) => ({ space: one, isBehind: reason === 'ahead' })),
        recheck: (one) => node.ledger.recheckGate(one),
      },
      ...options,
    })
  return { network, space, scrubOf }
}

const noteOf = (space: string, number: number) => ({
  space,
  type: 'trial.note-sent',
  id: newId(),
  office: 'desk',
  body: { number },
  text: { subject: `No. ${number}` },
  marking: { tlp: 'AMBER' as const },
})

/** One wrong bit, or a row that is gone, somewhere in what is stored of a space. */
type Damage = (db: NetworkNode['db'], space: string, random: () => number) => Promise<string>

const flipBytes =
  (table: string, column: string, where = 'space'): Damage =>
  async (db, space, random) => {
    const rows = await rowsOf(db, table, where, space)
    const row = rows[Math.floor(random() * rows.length)]!
    const bytes = (row as unknown as Record<string, Buffer>)[column]!
    const bit = Math.floor(random() * bytes.length * 8)
    await sql`update ${sql.table(table)} set ${sql.ref(column)} =
      set_bit(${sql.ref(column)}, ${bit}, 1 - get_bit(${sql.ref(column)}, ${bit})) where ctid = ${row.at}::tid`.execute(
      db,
    )
    return `bit ${bit} of ${table}.${column}`
  }

const change =
  (table: string, column: string, to: string, where = 'space'): Damage =>
  async (db, space, random) => {
    const rows = await rowsOf(db, table, where, space)
    const row = rows[Math.floor(random() * rows.length)]!
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.raw(to)} where ctid = ${row.at}::tid`.execute(
      db,
    )
    return `${table}.${column}`
  }

const remove =
  (table: string, where = 'space'): Damage =>
  async (db, space, random) => {
    const rows = await rowsOf(db, table, where, space)
    const row = rows[Math.floor(random() * rows.length)]!
    await sql`delete from ${sql.table(table)} where ctid = ${row.at}::tid`.execute(db)
    return `a row of ${table}`
  }

async function rowsOf(db: NetworkNode['db'], table: string, where: string, space: string): Promise<{ at: string }[]> {
  const inSpace =
    where === 'space' ? sql`space = ${space}` : sql`commitment in (select hash from log.part where space = ${space})`
  return (
    await sql<{ at: string }>`select *, ctid::text as at from ${sql.table(table)} where ${inSpace}
    order by ctid`.execute(db)
  ).rows
}

const damages: Damage[] = [
  flipBytes('log.entry', 'leaf'),
  flipBytes('log.entry', 'leaf_hash'),
  flipBytes('log.entry', 'root'),
  change('log.entry', 'act_hash', 'reverse(act_hash)'),
  change('log.entry', 'author', `'nobody.example'`),
  change('log.entry', 'act_id', 'reverse(act_id)'),
  change('log.entry', 'type', `'trial.note-burnt'`),
  change('log.entry', 'governance', 'not governance'),
  change('log.entry', 'time', 'time # 4096'),
  change('log.part', 'hash', 'reverse(hash)'),
  change('log.part', 'size', 'size # 1'),
  flipBytes('log.node', 'hash'),
  flipBytes('log.space', 'root'),
  change('log.space', 'size', 'size # 2'),
  change('log.space', 'time', 'time # 65536'),
  change('log.space', 'origin', `origin || 'x'`),
  change('log.checkpoint', 'note', `translate(note, 'ABCabc', 'BCAbca')`),
  change('log.checkpoint', 'size', 'size # 1'),
  flipBytes('log.blob_piece', 'bytes', 'payload'),
  remove('log.entry'),
  remove('log.node'),
  remove('log.blob_piece', 'payload'),
]

async function trueHashes(node: NetworkNode, space: string): Promise<Uint8Array[]> {
  return (await node.ledger.entries(space, 0, 4096)).map(leafHash)
}

function rootOf(hashes: readonly Uint8Array[]): string {
  const tree = emptyTree()
  for (const hash of hashes) tree.append(hash)
  return toBase64url(tree.root())
}

test('one wrong bit anywhere never leads to a signature over it; it is found, and mended from the other member', async (t) => {
  const seed = testSeed(20_261_129)
  const random = seededRandom(seed)
  const { network, space, scrubOf } = await startTrial(t)
  const { aurelia, borovia } = network.nodes
  const sides = [
    [aurelia, borovia],
    [borovia, aurelia],
  ] as const
  // CI strikes both sides with each.
  const strikes = damages.flatMap((damage, at) =>
    (process.env.CI ? sides : [sides[at % 2]!]).map((side) => [damage, ...side] as const),
  )
  for (const [round, [damage, struck, sound]] of strikes.entries()) {
    const before = await trueHashes(sound, space)
    const signed = await aurelia.db
      .transaction()
      .execute((tx) => aurelia.ledger.signAct(tx, noteOf(space, 100 + round)))
    const what = `${struck.name}: ${await damage(struck.db, space, random)} (CHANCERY_TEST_SEED=${seed})`

    let isOverwritten = false
    if (struck === aurelia) {
      const answers = await sequenceAfresh(aurelia, space, signed.envelope)
      for (const answer of answers) assertSignsNothingWrong(answer, before, signed.envelope, what)
      // The next head replaces all that the last one said.
      isOverwritten = /log\.(space|checkpoint)/.test(what) && answers[0]?.state === 'on-record'
    }
    const scrub = scrubOf(struck)
    const faults = await scrub.check(space)
    assert.ok(faults.length > 0 || isOverwritten, `${what} was not found`)
    const { open, mended } = await scrub.report()
    assert.deepEqual(open, [], `${what} was not mended: ${JSON.stringify(struck.log.events.at(-1))}`)
    assert.ok(mended.length > 0)
    assert.deepEqual(await scrub.check(space), [], what)
    const after = await trueHashes(struck, space)
    assert.deepEqual(after.slice(0, before.length).map(toBase64url), before.map(toBase64url), what)
    // Signing goes on, and carries to the other side what the process just started took alone.
    const sent = await aurelia.outbox.send(noteOf(space, 200 + round))
    assert.equal(sent.state, 'on-record', what)
    await network.settled()
  }
})

/** As a process just started would: nothing in memory vouches for what is stored. */
async function sequenceAfresh(node: NetworkNode, space: string, envelope: unknown): Promise<Sequenced[]> {
  const fresh = createLedger({
    ...node,
    instance: 'afresh',
    acts,
    views: ['view.trial_note'],
    snapshotOf: async () => undefined,
    knownParty: async () => undefined,
  })
  try {
    await fresh.start()
    return await fresh.sequence(space, [{ envelope }])
  } catch {
    // Loud, and nothing signed.
    return []
  } finally {
    await fresh.close()
  }
}

function assertSignsNothingWrong(answer: Sequenced, before: Uint8Array[], envelope: any, what: string): void {
  assert.notEqual(answer.state, 'refused', `${what}: a good act was refused under the host's signature`)
  if (answer.state !== 'on-record') return
  const note = answer.receipt.checkpoint
  const leaf = leafBytes({ v: 1, time: answer.time, envelope })
  assert.match(note, new RegExp(`\n${before.length + 1}\n`), what)
  assert.ok(note.includes(Buffer.from(rootOf([...before, leafHash(leaf)]), 'base64url').toString('base64')), what)
}

test('a host whose stored hashes, ids or roots are wrong signs no refusal that rests on them', async (t) => {
  const { network, space, scrubOf } = await startTrial(t, 6)
  const { aurelia } = network.nodes
  const entries = await aurelia.db
    .selectFrom('log.entry')
    .selectAll()
    .where('space', '=', space)
    .orderBy('idx')
    .execute()
  const [third, fourth] = [entries[3]!, entries[4]!]
  const sign = (after: string[] = []) =>
    aurelia.db.transaction().execute((tx) => aurelia.ledger.signAct(tx, { ...noteOf(space, 70), after }))
  const envelopeOf = (leaf: Buffer) => JSON.parse(leaf.toString('utf8')).envelope as unknown
  const seenFourth = await sign()
  const cases = [
    { column: 'act_hash', row: third, envelope: (await sign([third.act_hash])).envelope, rule: 'after-missing' },
    { column: 'act_hash', row: third, envelope: envelopeOf(third.leaf), rule: 'id-taken' },
    { column: 'root', row: fourth, envelope: seenFourth.envelope, rule: 'seen-root' },
  ] as const
  for (const { column, row, envelope, rule } of cases) {
    const wrong = column === 'root' ? sql`set_bit(root, 7, 1 - get_bit(root, 7))` : sql`reverse(act_hash)`
    const at = rule === 'seen-root' ? entries.length - 1 : row.idx
    await sql`update log.entry set ${sql.ref(column)} = ${wrong} where space = ${space} and idx = ${at}`.execute(
      aurelia.db,
    )
    const answers = await sequenceAfresh(aurelia, space, envelope)
    assert.ok(
      answers.every(({ state }) => state !== 'refused'),
      `${rule} was signed over a wrong ${column}`,
    )
    await scrubOf(aurelia).check(space)
    assert.deepEqual((await scrubOf(aurelia).report()).open, [])
  }
  // What truly is so is refused as before.
  const refused = await sequenceAfresh(aurelia, space, (await sign([toBase64url(new Uint8Array(32))])).envelope)
  assert.equal(refused[0]?.state === 'refused' && refused[0].rule, 'after-missing')
})

test('a space whose bytes nobody can give again stays unsigned until somebody can', async (t) => {
  const { network, space, scrubOf } = await startTrial(t, 4)
  const { aurelia } = network.nodes
  network.wire.cut('aurelia', 'borovia')
  await sql`update log.entry set leaf = set_bit(leaf, 300, 1 - get_bit(leaf, 300)) where space = ${space} and idx = 2`.execute(
    aurelia.db,
  )
  const scrub = scrubOf(aurelia)
  await scrub.check(space)
  const { open } = await scrub.report()
  assert.deepEqual(
    open.map((one) => [one.what, one.index]),
    [['entry', 2]],
  )
  const { triedAt, why, isDamaged } =
    (await scrub.list({ limit: 1, offset: 0 }))[0] ?? assert.fail('no space is listed')
  assert.ok(isDamaged && triedAt !== undefined && why !== undefined, 'nobody is told that mending was tried in vain')
  aurelia.clock.advance(60_000)
  await scrub.check(space)
  assert.equal((await scrub.report()).open[0]?.foundAt, open[0]?.foundAt, 'damage found again is as old as it was')
  const draft = noteOf(space, 50)
  await assert.rejects(
    aurelia.db.transaction().execute((tx) => aurelia.ledger.signAct(tx, draft)),
    {
      code: 'space.damaged',
    },
  )
  network.wire.heal()
  await scrub.check(space)
  const { open: left, mended } = await scrub.report()
  assert.deepEqual(left, [])
  assert.deepEqual(
    [mended[0]?.from, mended[0]?.found[0]?.what, mended[0]?.found[0]?.index],
    ['borovia.example', 'entry', 2],
  )
  assert.equal((await scrub.list({ limit: 9, offset: 0 })).find((one) => one.space === space)?.why, undefined)
  assert.equal((await aurelia.outbox.send(draft)).state, 'on-record')
})

test('a space somebody asked for is read back from its first entry before all others, and once', async (t) => {
  const { network, space, scrubOf } = await startTrial(t, 2)
  const { aurelia } = network.nodes
  const looked = Promise.withResolvers<void>()
  const scrub = scrubOf(aurelia, { looked: looked.resolve })
  await scrub.check(space)
  aurelia.clock.advance(1_000)
  assert.equal(await scrub.ask(newId()), false)
  // Nobody runs yet, as after a crash: what was asked is kept, whatever round was under way.
  await aurelia.db.updateTable('home.scrub_space').set({ next: 1 }).where('space', '=', space).execute()
  assert.equal(await scrub.ask(space), true)
  const [first] = await scrub.list({ limit: 1, offset: 0 })
  assert.deepEqual([first?.space, first?.next, first?.askedAt], [space, 0, aurelia.clock.now()])
  scrub.start()
  await scrub.ask(space)
  await looked.promise
  await scrub.stop()
  const after = (await scrub.list({ limit: 9, offset: 0 })).find((one) => one.space === space)
  assert.deepEqual([after?.checkedAt, after?.askedAt, after?.next], [aurelia.clock.now(), undefined, 0])
})

test('a payload the host lost comes back from the member that holds it, but never one named in another space too', async (t) => {
  const { network, space, scrubOf } = await startTrial(t, 4)
  const { aurelia, borovia } = network.nodes
  const [part] = await aurelia.db
    .selectFrom('log.part')
    .select('hash')
    .where('space', '=', space)
    .where('role', '=', 'text')
    .orderBy('idx', 'desc')
    .execute()
  assert.ok(part)
  await aurelia.db.transaction().execute((tx) => aurelia.blobs.erase(tx, part.hash))
  const other = { space: newId(), idx: 0, ordinal: 0, role: 'text', hash: part.hash, size: 1 }
  await borovia.db.insertInto('log.part').values(other).execute()
  const scrub = scrubOf(aurelia)
  await scrub.check(space)
  assert.deepEqual(
    (await scrub.report()).open.map((one) => one.what),
    ['payload'],
  )
  await borovia.db.deleteFrom('log.part').where('space', '=', other.space).execute()
  await scrub.check(space)
  assert.deepEqual((await scrub.report()).open, [])
  assert.ok(await aurelia.blobs.find(aurelia.db, part.hash))
})
