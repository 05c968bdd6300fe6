import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  heldClock,
  type LedgerNode,
  newChannel,
  newNote,
  noteSent,
  replicate,
  sign,
  startLedgers,
  submit,
  viewRows,
} from '../../../test/support/ledger.ts'
import { newId, signAct } from '../../protocol/index.ts'
import { reveal } from '../markings/index.ts'
import type { ActDefinition, ActDraft, LoggedAct } from '../module/types.ts'

const parties = ['aurelia.example', 'borovia.example']
const member = { party: 'borovia.example', ceiling: 'RED' } as const

async function startChannel(t: TestContext, acts: ActDefinition[] = [noteSent]) {
  const clock = heldClock()
  const nodes = await startLedgers(t, parties, { clock, acts })
  const [aurelia, borovia] = parties.map((party) => nodes[party]) as [LedgerNode, LedgerNode]
  const registers = [aurelia.identity.register, borovia.identity.register]
  return { aurelia, borovia, clock, registers }
}

function governance(space: string, type: string, body: ActDraft['body']): ActDraft {
  return { space, type, id: newId(), office: 'desk', body, marking: { tlp: 'AMBER' } }
}

test('an act that changes nothing stays on record with its reason', async (t) => {
  const { aurelia } = await startChannel(t)
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  await submit(aurelia, aurelia, newNote(space, -1))
  await submit(aurelia, aurelia, newNote(space, 0, { type: 'future.thing-done' }))
  await submit(aurelia, aurelia, newNote(space, 0, { body: { number: 'one' } }))
  await submit(aurelia, aurelia, governance(space, 'space.member-left', { party: 'borovia.example' }))
  await submit(aurelia, aurelia, governance(space, 'drill.clock-set', { scenario: 0, rate: 1 }))
  const forum = await aurelia.ledger.open(newChannel(['borovia.example'], { kind: 'bulletin' }))
  await submit(aurelia, aurelia, newNote(forum.id))
  const reasons = async (of: string) => (await aurelia.ledger.acts(of)).map((act) => act.withoutEffect)
  assert.deepEqual(await reasons(space), [
    undefined,
    'negative',
    'unknown-type',
    'malformed',
    'not-entitled',
    'not-a-drill',
  ])
  assert.deepEqual(await reasons(forum.id), [undefined, 'wrong-kind'])
})

test('an act the database cannot hold never stops the ones after it', async (t) => {
  const nasty: ActDefinition = {
    ...noteSent,
    async project(tx, act) {
      const author = act.body.weight === 1 ? 'a\0b' : act.statement.author
      await tx
        .insertInto('view.trial_note')
        .values({
          space: act.space.id,
          hash: act.hash,
          author,
          number: act.body.number,
          scenario_at: 0,
          members: 0,
          size: 0,
        })
        .execute()
      return undefined
    },
  }
  const { aurelia } = await startChannel(t, [nasty])
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  const signed = await Promise.all(
    [0, 1, 0].map((weight, number) => sign(aurelia, newNote(space, number, { body: { number, weight } }))),
  )
  await aurelia.ledger.sequence(space, signed)
  const rows = await aurelia.db.selectFrom('view.trial_note').select('number').orderBy('number').execute()
  assert.deepEqual(
    rows.map((row) => row.number),
    [0, 2],
  )
  assert.deepEqual(
    (await aurelia.ledger.acts(space)).map((act) => act.withoutEffect),
    [undefined, undefined, 'not-projected', undefined],
  )
  const before = await viewRows(aurelia.db)
  await aurelia.ledger.rebuildViews()
  assert.deepEqual(await viewRows(aurelia.db), before)
})

test('a space named with characters the database cannot hold is readable all the same', async (t) => {
  const { aurelia } = await startChannel(t)
  const facts = await aurelia.ledger.open(
    newChannel(['borovia.example'], {
      title: { en: 'a\0b' },
      purpose: '\0',
      terms: { 'k\0': 'v\0' },
      drill: { name: 'd\0' },
    }),
  )
  assert.deepEqual(
    [facts.title, facts.purpose, facts.terms, facts.drill],
    [{ en: 'ab' }, '', { k: 'v' }, { name: 'd' }],
  )
  await aurelia.ledger.rebuildViews()
  assert.deepEqual(await aurelia.ledger.find(facts.id), facts)
})

test('a party that leaves is no member from that act on, and may not write', async (t) => {
  const { aurelia, borovia } = await startChannel(t)
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example'], { kind: 'forum', ownRole: 'chair' }))
  await replicate(aurelia, borovia, space)
  await submit(borovia, aurelia, governance(space, 'space.member-left', { party: 'borovia.example' }))
  const facts = await aurelia.ledger.find(space)
  assert.deepEqual(facts?.members, [
    { party: 'aurelia.example', role: 'chair', since: 0 },
    { party: 'borovia.example', role: 'member', since: 0, until: 1 },
  ])
  assert.deepEqual(await aurelia.ledger.list({ member: 'borovia.example' }), [])
  assert.deepEqual(await aurelia.ledger.list({ among: [space] }), [facts])
  assert.deepEqual(await aurelia.ledger.list({ among: [space], kind: 'register' }), [])
  assert.deepEqual(await aurelia.ledger.list({ among: [] }), [])
  const late = await submit(borovia, aurelia, newNote(space))
  assert.equal(late.state === 'refused' && late.rule, 'not-a-member')
})

test('a closed space takes no more effects', async (t) => {
  const { aurelia, borovia } = await startChannel(t)
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  await replicate(aurelia, borovia, space)
  await submit(borovia, aurelia, governance(space, 'space.closed', {}))
  await submit(aurelia, aurelia, newNote(space))
  await submit(aurelia, aurelia, governance(space, 'space.closed', {}))
  await submit(aurelia, aurelia, newNote(space))
  assert.deepEqual(
    (await aurelia.ledger.acts(space)).map((act) => act.withoutEffect),
    [undefined, 'not-entitled', undefined, undefined, 'space-closed'],
  )
})

test('a drill’s clock runs, jumps and stands still as its acts say, alike on every node', async (t) => {
  const { aurelia, borovia, clock } = await startChannel(t)
  const { id: space } = await aurelia.ledger.open(
    newChannel(['borovia.example'], {
      kind: 'exercise',
      ownRole: 'chair',
      drill: { name: 'Copper Lantern' },
    }),
  )
  const start = clock.time
  const dawn = Date.UTC(2027, 10, 3, 5, 0, 0)
  assert.equal(await aurelia.ledger.scenarioNow(space), start)
  await submit(aurelia, aurelia, governance(space, 'drill.clock-set', { scenario: dawn, rate: 60 }))
  clock.time += 10_000
  await submit(aurelia, aurelia, newNote(space))
  assert.equal(await aurelia.ledger.scenarioNow(space), dawn + 600_000)
  assert.equal(await aurelia.ledger.realTimeOf(space, dawn + 660_030), clock.time + 1001)
  await submit(aurelia, aurelia, governance(space, 'drill.clock-set', { scenario: dawn + 3_600_000, rate: 0 }))
  clock.time += 5000
  await replicate(aurelia, borovia, space)
  await submit(borovia, aurelia, newNote(space))
  await submit(borovia, aurelia, governance(space, 'drill.clock-set', { scenario: 0, rate: 1 }))
  assert.equal(await aurelia.ledger.scenarioNow(space), dawn + 3_600_000)
  assert.equal(await aurelia.ledger.realTimeOf(space, dawn + 3_600_001), undefined)
  assert.ok(((await aurelia.ledger.realTimeOf(space, dawn)) as number) <= clock.time)
  await replicate(aurelia, borovia, space)
  const times = async (node: LedgerNode) =>
    (await node.ledger.acts(space)).map((act) => [act.scenarioTime, act.withoutEffect])
  assert.deepEqual(await times(aurelia), [
    [start, undefined],
    [dawn, undefined],
    [dawn + 600_000, undefined],
    [dawn + 3_600_000, undefined],
    [dawn + 3_600_000, undefined],
    [dawn + 3_600_000, 'not-entitled'],
  ])
  assert.deepEqual(await times(borovia), await times(aurelia))
  const rows = await borovia.db.selectFrom('view.trial_note').select('scenario_at').orderBy('scenario_at').execute()
  assert.deepEqual(
    rows.map((row) => row.scenario_at),
    [dawn + 600_000, dawn + 3_600_000],
  )
})

test('content comes marked; erased text and files are gone for everybody, the record stays', async (t) => {
  const { aurelia, borovia, registers } = await startChannel(t)
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  const file = { name: 'list.csv', media: 'text/csv', content: Buffer.from('a;b'), marking: { tlp: 'RED' } as const }
  const sent = await submit(aurelia, aurelia, newNote(space, 1, { attachments: [file] }))
  await replicate(aurelia, borovia, space)
  const read = async (node: LedgerNode) => {
    const marked = (await node.ledger.content([sent.hash])).get(sent.hash)
    const revealed = marked && reveal(marked, member, 'page')
    return revealed?.shown ? revealed.value : undefined
  }
  const content = await read(borovia)
  assert.deepEqual([content?.body, content?.text], [{ number: 1 }, { subject: 'No. 1' }])
  const attached = content?.attachments[0]
  assert.deepEqual([attached?.name, attached?.present, attached?.marking], ['list.csv', true, { tlp: 'RED' }])
  const marked = await borovia.ledger.attachment(sent.hash, attached?.hash as string)
  assert.equal(marked && reveal(marked, { ...member, ceiling: 'AMBER' }, 'page').shown, false)
  const shown = marked && reveal(marked, member, 'page')
  assert.equal(shown?.shown && Buffer.from(shown.value).toString(), 'a;b')

  const statement = (await aurelia.ledger.findAct(sent.hash))?.statement
  const [body, ...erasable] = (statement?.parts ?? []).map((part) => part.hash) as [string, ...string[]]
  const wrong = await submit(
    aurelia,
    aurelia,
    governance(space, 'space.payload-erased', { act: sent.hash, parts: [body] }),
  )
  const foreign = await submit(
    borovia,
    aurelia,
    governance(space, 'space.payload-erased', { act: sent.hash, parts: erasable }),
  )
  assert.deepEqual(await reasonsOf(aurelia, [wrong.hash, foreign.hash]), ['not-erasable', 'not-entitled'])
  await submit(aurelia, aurelia, governance(space, 'space.payload-erased', { act: sent.hash, parts: erasable }))
  await replicate(aurelia, borovia, space)
  for (const node of [aurelia, borovia]) {
    assert.equal((await node.blobs.has(node.db, erasable)).size, 0)
    const left = await read(node)
    assert.deepEqual(
      [left?.body, left?.text, left?.attachments.map((one) => one.present)],
      [{ number: 1 }, undefined, [false]],
    )
    assert.equal(await node.ledger.attachment(sent.hash, attached?.hash as string), undefined)
    assert.deepEqual(await node.ledger.missingParts(space), [])
    assert.ok(await node.ledger.cosign(space))
  }

  // A member that joins the record only now never sees the text and has the same rows.
  const before = await viewRows(borovia.db)
  await borovia.ledger.rebuildViews()
  assert.deepEqual(await viewRows(borovia.db), before)
  assert.deepEqual(await viewRows(borovia.db, registers), await viewRows(aurelia.db, registers))
})

test('somebody who repeats another’s commitment cannot have the other’s text erased', async (t) => {
  const { aurelia, borovia } = await startChannel(t)
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  const sent = await submit(aurelia, aurelia, newNote(space))
  await replicate(aurelia, borovia, space)
  const text = (await aurelia.ledger.findAct(sent.hash))?.statement.parts.find((part) => part.role === 'text')
  const draft = await sign(borovia, newNote(space))
  const copy = signAct(
    { ...draft.statement, parts: draft.statement.parts.map((part) => (part.role === 'text' && text) || part) },
    borovia.identity.keys.act,
  )
  const body = copy.statement.parts.find((part) => part.role === 'body')?.hash as string
  await aurelia.blobs.put(aurelia.db, body, (await borovia.blobs.find(borovia.db, body)) as Uint8Array)
  assert.equal((await aurelia.ledger.sequence(space, [copy]))[0]?.state, 'on-record')
  await submit(
    borovia,
    aurelia,
    governance(space, 'space.payload-erased', { act: copy.hash, parts: [text?.hash as string] }),
  )
  assert.equal((await aurelia.blobs.has(aurelia.db, [text?.hash as string])).size, 1)
  await submit(
    aurelia,
    aurelia,
    governance(space, 'space.payload-erased', { act: sent.hash, parts: [text?.hash as string] }),
  )
  assert.equal((await aurelia.blobs.has(aurelia.db, [text?.hash as string])).size, 0)
})

async function reasonsOf(node: LedgerNode, hashes: string[]): Promise<(string | undefined)[]> {
  return Promise.all(hashes.map(async (hash) => (await node.ledger.findAct(hash))?.withoutEffect))
}

test('listeners hear of acts once they are projected, in order', async (t) => {
  const { aurelia } = await startChannel(t)
  const heard: LoggedAct[] = []
  const stop = aurelia.ledger.onProjected((_, acts) => void heard.push(...acts))
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  const signed = await Promise.all([1, 2, 3].map((number) => sign(aurelia, newNote(space, number))))
  await aurelia.ledger.sequence(space, signed)
  stop()
  await submit(aurelia, aurelia, newNote(space, 4))
  assert.deepEqual(heard, (await aurelia.ledger.acts(space)).slice(0, 4))
})

test('dropped views come back as they were from several hundred acts', async (t) => {
  const { aurelia } = await startChannel(t)
  const { id: space } = await aurelia.ledger.open(newChannel(['borovia.example']))
  for (let batch = 0; batch < 3; batch += 1) {
    const signed = await aurelia.db.transaction().execute(async (tx) => {
      const acts = []
      for (let at = 0; at < 90; at += 1)
        acts.push(await aurelia.ledger.signAct(tx, newNote(space, batch * 90 + at - 5)))
      return acts
    })
    await aurelia.ledger.sequence(space, signed)
  }
  const before = await viewRows(aurelia.db)
  assert.equal(before['view.trial_note']?.length, 265)
  await aurelia.ledger.rebuildViews()
  assert.deepEqual(await viewRows(aurelia.db), before)
})
