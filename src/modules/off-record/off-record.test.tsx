import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { everythingHeld, type Held, placesOf } from '../../../test/support/held-bytes.ts'
import { type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import { until, untilSize } from '../../../test/support/notes.ts'
import { modules, personOf, servicesOf } from '../../../test/support/space-pages.ts'
import { parseInput, Refusal } from '../../core/http/index.ts'
import type { Module, Services, Visit } from '../../core/module/types.ts'
import { migrations } from '../../core/off-record/index.ts'
import { keyOfHour, sealWords } from '../../core/off-record/room-key.ts'
import { fromBase64url, newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { roomComposer } from './composers/room-composer.tsx'
import { offRecord } from './index.ts'
import { followRooms, offRecordRoutes } from './routes.tsx'
import { setRecordsRule } from './rule.ts'

const hourMs = 3_600_000
const sealedRooms: Module = { name: 'sealed-rooms', migrations }
const house = [...modules, sealedRooms, offRecord]
const phrase = 'Heron over the seventh lock, quite between us'

/** Services of a node as its pages have them, the room for words without proof among them. */
const pagesOf = (node: NetworkNode): Services => servicesOf(node, house)

async function ask(services: Services, method: 'GET' | 'POST', path: string, input: Record<string, unknown> = {}) {
  const given = path.split('/')
  const route = offRecordRoutes(services).find((one) => {
    const parts = one.path.split('/')
    return (
      one.method === method &&
      parts.length === given.length &&
      parts.every((part, at) => part.startsWith(':') || part === given[at])
    )
  })!
  const named = route.path.split('/').flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), given[at]!]] : []))
  const answer = await route.handle({
    services,
    viewer: personOf('desk-officer'),
    params: Object.fromEntries(named),
    input: route.input ? parseInput(route.input, input) : input,
    values: input,
    query: new URLSearchParams(),
    t: createTranslator('en'),
    language: 'en',
    request: new Request(`http://node.test${path}`, { method }),
    wantsJson: false,
  } as Visit)
  return 'page' in answer ? render(answer.page) : ''
}

async function openRoom(by: NetworkNode, space: string, others: readonly NetworkNode[], keepHours = 1) {
  const id = newId()
  const body = {
    key: await by.offRecord.prepare(id),
    with: others.map(({ party }) => party),
    keepHours,
    until: by.clock.now() + 24 * hourMs,
  }
  const marking = { tlp: 'AMBER' as const }
  const sent = await by.outbox.send({ space, type: 'off-record.room-opened', id, office: 'desk', body, marking })
  await by.ledger.project(space)
  return { room: sent.hash, path: `/spaces/${space}/off-record/${sent.hash}` }
}

const follow = (nodes: readonly NetworkNode[]) => Promise.all(nodes.map((node) => followRooms(pagesOf(node))))

async function untilState(
  node: NetworkNode,
  nodes: readonly NetworkNode[],
  room: string,
  state: string,
): Promise<void> {
  await until(async () => {
    // A key that came too early is handed over again, by the clock.
    for (const one of nodes) one.clock.advance(100)
    await follow(nodes)
    return (await node.offRecord.state(room)) === state
  }, `${node.name} finds the room ${state}`)
}

const say = (words: string) => ({ id: newId(), form: 'remark', by: 'Cyber desk', words })

test('what is said off the record is read by who is in the room, stands in no byte anybody keeps, and is forgotten', async (t) => {
  const { nodes, wire, settled } = await startNetwork(t, ['mosc', 'aurelia', 'borovia'], { modules: house })
  const { mosc, aurelia, borovia } = nodes
  const both = [aurelia, borovia]
  const passed: Held[] = []
  wire.tap((seenBy, bytes) => void passed.push({ where: `passed to ${seenBy}`, bytes: Uint8Array.from(bytes) }))
  const space = await mosc.ledger.open({
    id: newId(),
    kind: 'channel',
    title: { en: 'Hotline' },
    purpose: 'communication',
    office: 'desk',
    members: both.map(({ party }) => ({ party, role: 'member' as const })),
  })
  await Promise.all(both.map((node) => untilSize(node, space.id, 1)))
  const { room, path } = await openRoom(aurelia, space.id, [borovia])
  await untilSize(borovia, space.id, 2)
  await borovia.ledger.project(space.id)
  const before = await ask(pagesOf(borovia), 'GET', path)
  assert.match(before, /it cannot prove it[\s\S]*has written no rule[\s\S]*Agree and join/)
  assert.match(before, /neither signed nor recorded/)
  assert.ok(!before.includes('is signed and recorded'), 'the foot says that words here are recorded')
  for (const _ of ['first', 'second click']) await ask(pagesOf(borovia), 'POST', `${path}/join`)
  await untilSize(aurelia, space.id, 3)
  await untilState(borovia, both, room, 'open')
  await settled()
  const size = (await aurelia.ledger.head(space.id))?.size

  const first = say(phrase)
  for (const _ of ['first', 'second click']) await ask(pagesOf(aurelia), 'POST', `${path}/say`, first)
  const reads = async (node: NetworkNode) => (await ask(pagesOf(node), 'GET', path)).split(phrase).length - 1
  await until(async () => {
    aurelia.clock.advance(100)
    await follow(both)
    return (await reads(borovia)) > 0
  }, 'Borovia reads it')
  assert.deepEqual([await reads(aurelia), await reads(borovia)], [1, 1], 'a second click says nothing twice')
  await settled()
  assert.equal((await mosc.ledger.head(space.id))?.size, size, 'the record does not grow by what is said')
  const held = async () => (await Promise.all(Object.values(nodes).map((node) => everythingHeld(node)))).flat()
  assert.ok(placesOf('Hotline', await held()).length > 0, 'what is on the record is found')
  assert.deepEqual(placesOf(phrase, [...(await held()), ...passed]), [])

  // Borovia writes in Aurelia's name: nothing that Aurelia said can be told from it by anybody else.
  const file = readdirSync(join(borovia.dataDir, 'off-record')).map((name) =>
    readFileSync(join(borovia.dataDir, 'off-record', name), 'utf8'),
  )
  const { own, hour, key } = JSON.parse(file[0]!) as { own?: string; hour: number; key: string }
  assert.equal(own, undefined, 'the half of the pair that brought the key is gone')
  const forged = { ...say('We gladly concede it.'), from: aurelia.party, at: borovia.clock.now() }
  const post = async (to: NetworkNode, message: unknown) => {
    const url = `${to.url}/fed/v1/ephemeral`
    return (await to.handle(new Request(url, { method: 'POST', body: JSON.stringify(message) }))).status
  }
  const now = { hour, key: fromBase64url(key) }
  const words = { v: 1, kind: 'words', room, hour, ...sealWords(now, room, forged) }
  assert.equal(await post(aurelia, words), 202)
  assert.match(await ask(pagesOf(aurelia), 'GET', path), /This node did not send it[\s\S]*We gladly concede it/)
  // Whoever does not hold the key learns nothing, not even that there is such a room.
  const strange = { ...words, box: sealWords({ hour, key: new Uint8Array(32) }, room, forged).box }
  for (const [node, message] of [
    [aurelia, strange],
    [aurelia, { ...words, room: 'x'.repeat(43) }],
    [aurelia, { ...words, hour: hour + 2 }],
    [aurelia, { nonsense: true }],
    [mosc, words],
  ] as const)
    assert.equal(await post(node, message), 404)

  const rows = await borovia.db.selectFrom('home.off_record_words').selectAll().execute()
  for (const node of Object.values(nodes)) node.clock.advance(2 * hourMs + 1_000)
  await follow(both)
  for (const node of both) {
    assert.deepEqual(await node.offRecord.hear(room), [])
    assert.equal((await node.db.selectFrom('home.off_record_words').selectAll().execute()).length, 0)
  }
  const later = JSON.parse(
    readFileSync(join(borovia.dataDir, 'off-record', readdirSync(join(borovia.dataDir, 'off-record'))[0]!), 'utf8'),
  ) as { hour: number; key: string }
  assert.ok(later.hour > rows[0]!.hour)
  const left = { hour: later.hour, key: fromBase64url(later.key) }
  assert.throws(() => keyOfHour(left, rows[0]!.hour, room), RangeError, 'a copy of the row opens no more')

  await ask(pagesOf(borovia), 'POST', `${path}/close`)
  await untilSize(aurelia, space.id, (size ?? 0) + 1)
  await untilState(aurelia, both, room, 'ended')
  await assert.rejects(
    ask(pagesOf(aurelia), 'POST', `${path}/say`, say('One more thing.')),
    (error) => error instanceof Refusal && error.code === 'off-record-not-open',
  )
  for (const node of Object.values(nodes)) node.clock.advance(3 * hourMs)
  await untilState(aurelia, both, room, 'forgotten')
  for (const node of both) assert.deepEqual(readdirSync(join(node.dataDir, 'off-record')), [])
  assert.equal(await post(aurelia, words), 404)
})

test('who is off gets what was said once it is back, who joins late only what is said from then on, and a house can forbid it', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules: house })
  const { aurelia, borovia, calenia } = nodes
  const all = [aurelia, borovia, calenia]
  const space = await aurelia.ledger.open({
    id: newId(),
    kind: 'channel',
    title: { en: 'Contact group' },
    purpose: 'communication',
    office: 'desk',
    members: [borovia, calenia].map(({ party }) => ({ party, role: 'member' as const })),
  })
  await Promise.all([borovia, calenia].map((node) => untilSize(node, space.id, 1)))
  const { room, path } = await openRoom(aurelia, space.id, [borovia, calenia], 6)
  await Promise.all([borovia, calenia].map((node) => untilSize(node, space.id, 2)))
  for (const node of [borovia, calenia]) await node.ledger.project(space.id)
  await ask(pagesOf(borovia), 'POST', `${path}/join`)
  await untilState(borovia, [aurelia, borovia], room, 'open')

  await borovia.kill()
  await ask(pagesOf(aurelia), 'POST', `${path}/say`, say(phrase))
  assert.match(await ask(pagesOf(aurelia), 'GET', path), /Not yet there/)
  for (const node of all) node.clock.advance(2 * hourMs)
  await borovia.restart()
  await until(async () => {
    aurelia.clock.advance(1_000)
    await follow([aurelia, borovia])
    return (await borovia.offRecord.hear(room)).length === 1
  }, 'Borovia has it after its return')

  await setRecordsRule(pagesOf(calenia), {
    id: newId(),
    allowed: false,
    words: 'Nobody speaks without a note for the file.',
    by: personOf('administrator').person,
  })
  const forbids = (error: unknown) => error instanceof Refusal && error.code === 'off-record-forbidden'
  assert.match(await ask(pagesOf(calenia), 'GET', path), /does not allow[\s\S]*without a note for the file/)
  await assert.rejects(ask(pagesOf(calenia), 'POST', `${path}/join`), forbids)
  const typed = { with: [aurelia.party], keepHours: 1 as const, openDays: 1 as const }
  const draft = { id: newId(), marking: { tlp: 'AMBER' as const } }
  const facts = (await calenia.ledger.find(space.id))!
  const compose = () => roomComposer.compose(pagesOf(calenia), personOf('drafter'), facts, typed, draft)
  await assert.rejects(compose(), forbids)
  await setRecordsRule(pagesOf(calenia), {
    id: newId(),
    allowed: true,
    words: 'With a note for the file.',
    by: personOf('administrator').person,
  })
  assert.deepEqual((await compose()).body, (await compose()).body, 'a draft saved again keeps its key')

  await ask(pagesOf(calenia), 'POST', `${path}/join`)
  await untilState(calenia, all, room, 'open')
  assert.deepEqual(await calenia.offRecord.hear(room), [])
  const joined = () => borovia.db.selectFrom('home.off_record_party').select('party').where('room', '=', room).execute()
  await until(async () => {
    await follow(all)
    return (await joined()).length === 3
  }, 'Borovia knows that Calenia is in it')
  await ask(pagesOf(borovia), 'POST', `${path}/say`, say('Welcome to both.'))
  for (const node of [aurelia, calenia])
    await until(async () => {
      // A line that was lost is tried again, by the clock.
      borovia.clock.advance(100)
      await follow(all)
      return (await node.offRecord.hear(room)).some(({ words }) => words === 'Welcome to both.')
    }, `${node.name} hears it`)
  assert.equal((await calenia.offRecord.hear(room)).length, 1)
  const offered = await offRecord.needs!(pagesOf(calenia), personOf('somebody'))
  assert.deepEqual(
    offered.map(({ verb, headline }) => [verb, headline]),
    [['off-record.action.listen', '']],
    'Today says that there is something, and not what',
  )
})
