import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import { migrations as attachmentMigrations } from '../../../core/attachments/index.ts'
import { blobMigrations } from '../../../core/storage/index.ts'
import type { Module } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents, openIncident, readUpload } from '../index.ts'
import { corners, edges, faultAt, places } from './places.ts'

const files: Module = { name: 'files', migrations: [...blobMigrations, ...attachmentMigrations] }

const languages = ['en', 'fr', 'ar']
const colleague = personOf('colleague', /^incidents/)
const stix = (type: string, n: number) => `${type}--00000000-0000-4000-8000-00000000000${n}`
const address = stix('ipv4-addr', 1)
const tool = stix('malware', 2)
const actor = stix('intrusion-set', 3)
const uses = stix('relationship', 4)
const times = { created: '2026-11-01T00:00:00.000Z', modified: '2026-11-01T00:00:00.000Z' }
const objects = [
  { type: 'ipv4-addr', id: address, value: '192.0.2.44' },
  { type: 'malware', id: tool, ...times, spec_version: '2.1', name: 'Rust Wiper', is_family: true },
  { type: 'intrusion-set', id: actor, ...times, spec_version: '2.1', name: 'Grey Heron' },
  {
    ...{ type: 'relationship', id: uses, ...times, spec_version: '2.1', relationship_type: 'uses' },
    ...{ source_ref: actor, target_ref: tool },
  },
]
const bundleOf = (all: readonly object[]) =>
  new TextEncoder().encode(
    JSON.stringify({ type: 'bundle', id: 'bundle--11111111-1111-4111-8111-111111111111', objects: all }),
  )

/** A house with an incident of four objects, a hypothesis and a graded item; `place` puts something in its diamond. */
async function desk(t: TestContext) {
  const house = await incidentHouse(t, [files, incidents])
  const { services, analyst, ask } = house
  const open = (title: string, more: object = {}, all: readonly object[] = objects) =>
    openIncident(services, analyst, {
      ...{ id: newId(), title, summary: '', category: 'availability', drill: false, ceiling: 'RED', marking: 'AMBER' },
      ...{ source: { kind: 'form' }, bundle: readUpload(services, bundleOf(all)) },
      ...more,
    } as Parameters<typeof openIncident>[2])
  const incident = await open('Wiped disks')
  const at = `/incidents/${incident}`
  const post = async (path: string, input: Record<string, unknown>, viewer = analyst) => {
    const id = newId()
    await ask('POST', `${at}/${path}`, { viewer, json: true, input: { id, ...input } })
    return String(input.id ?? id)
  }
  const hypothesis = await post('hypotheses', { statement: 'Those who own the servers act from there' })
  const grade = { source: 'logs', reliability: 'B', credibility: '2', 'mark-1': '+' }
  const evidence = await post('evidence', { words: 'The same key signs both', ...grade })
  const diamond = `weighing/diamond/${hypothesis}`
  const place = (item: string, where: string, more: object = {}, viewer = analyst) =>
    post(`${diamond}/placings`, { item, place: where, confidence: 'moderate', why: 'As the logs say', ...more }, viewer)
  const page = (path = diamond, viewer = analyst, language = 'en') =>
    ask('GET', path === '' ? at : `${at}/${path}`, { viewer, language })
  return { ...house, incident, at, open, post, place, page, hypothesis, evidence, diamond }
}

test('no address, country or tool ever stands at the adversary’s corner, and nothing there without graded evidence', async (t) => {
  for (const type of [
    'ipv4-addr',
    'ipv6-addr',
    'domain-name',
    'autonomous-system',
    'email-addr',
    'location',
    'malware',
  ])
    assert.equal(faultAt('adversary', { kind: 'object', type }), 'never-adversary', type)
  const { place, post, page, evidence, services } = await desk(t)
  const country = await post('particulars', { kind: 'country', code: 'FR', knownBy: 'CERT' })
  const fact = await post('facts', { kind: 'known', words: 'A group says it was them' })
  const refused = async (item: string, where: string, code: string, more = {}) =>
    assert.rejects(place(item, where, more), { code: `incidents.diamond-${code}` }, `${item} ${where}`)
  await refused(`object:${address}`, 'adversary', 'never-adversary', { restsOn: evidence })
  await refused(`particular:${country}`, 'adversary', 'never-adversary', { restsOn: evidence })
  await refused(`object:${actor}`, 'adversary', 'adversary-evidence')
  await refused(`fact:${fact}`, 'adversary-victim', 'adversary-evidence')
  await refused(`object:${uses}`, 'capability', 'not-there')
  await refused(`object:${tool}`, 'capability-victim', 'not-there')
  await refused(`object:${stix('malware', 9)}`, 'capability', 'item-not-found')
  const shown = (await page()).text
  assert.match(shown, /No address, no country and no object proposes an adversary/)
  assert.match(
    shown,
    /Adversary A judgement of whoever placed it; no attribution\. Not known: nothing that you may read/,
  )
  assert.match(shown, /Adversary not known – –/, 'an actor of a bundle stands nowhere until a person places it')
  await place(`object:${actor}`, 'adversary', { restsOn: evidence, confidence: 'low', why: 'The key' })
  await refused(`object:${actor}`, 'adversary', 'stands-there', { restsOn: evidence })
  const { text } = await page()
  assert.match(text, /Grey Heron .*Confidence: low\. The key Rests on: 1\. The same key signs both B2/)
  const told = await services.db
    .selectFrom('home.incidents_entry')
    .select('words')
    .where('kind', '=', 'diamond-placed')
    .execute()
  assert.deepEqual(told, [{ words: null }], 'the log says where something was placed, not what')
})

test('what stands at corners and edges is drawn, moved, contested and taken away, and its course is kept', async (t) => {
  const { place, post, page, ask, at, analyst, evidence, diamond, hypothesis } = await desk(t)
  const victim = await post('particulars', { kind: 'victim', words: 'Oster Water', knownBy: 'CERT' })
  const empty = await page()
  assert.equal(empty.html.match(/class="room"/g)?.length, 4)
  assert.equal(empty.html.match(/<line class="ruled"/g)?.length, 6)
  const id = newId()
  for (const _ of [1, 2]) await place(`particular:${victim}`, 'infrastructure', { id, why: 'A slip' })
  await place(`object:${tool}`, 'capability')
  await place(`object:${uses}`, 'adversary-capability', { restsOn: evidence })
  const steps = `${diamond}/placings/${id}/steps`
  await assert.rejects(post(steps, { kind: 'contested', why: 'x' }), { code: 'incidents.diamond-own' })
  await assert.rejects(post(steps, { kind: 'moved', into: 'adversary', why: 'x' }), {
    code: 'incidents.diamond-never-adversary',
  })
  const moved = newId()
  for (const _ of [1, 2]) await post(steps, { id: moved, kind: 'moved', into: 'victim', why: 'It was hit' })
  await post(`particulars/${victim}/contest`, { by: 'The firm', why: 'Only a supplier was hit' })
  await post(steps, { kind: 'contested', why: 'No trace on their disks' }, colleague)
  const { text, html } = await page()
  assert.match(
    text,
    /Victim .*Oster Water.*Contested\. The firm: Only a supplier was hit Contested: No trace on their disks/,
  )
  assert.match(text, /Moved and taken away .*Placed first at: Infrastructure A slip .*Moved to: Victim\. It was hit/)
  assert.equal(html.match(/class="room"/g)?.length, 2)
  assert.equal(html.match(/<line class="cut"/g)?.length, 1)
  assert.match(html, /class="amount contested"/)
  const overview = (await page('weighing/diamond')).html
  assert.match(overview, new RegExp(`${at}/weighing/diamond/${hypothesis}`))
  for (const path of ['weighing', `hypotheses/${hypothesis}`, ''])
    assert.match((await page(path)).html, /\/weighing\/diamond/, path)
  for (const language of languages)
    for (const path of ['weighing/diamond', diamond, `${diamond}?placing=${id}`, `${diamond}?say=features`])
      assert.doesNotMatch(
        (await page(path, analyst, language)).html,
        /(?<!\/)(incidents|weighing|diamond|particulars)\.[a-z]/,
      )
  const middle = (drawn: string, corner: string) =>
    Number(drawn.match(new RegExp(`<text x="([\\d.]+)"[^>]*class="corner">${corner}<`))?.[1])
  const mirrored = (await page(diamond, analyst, 'ar')).html
  assert.equal(middle(html, 'Capability') + middle(mirrored, 'القدرة'), 680)
  assert.ok(middle(html, 'Capability') > 340)
  const wrong = await ask('POST', `${at}/${diamond}/placings`, {
    viewer: analyst,
    input: { id: newId(), item: `object:${address}`, place: 'adversary', confidence: 'low', why: 'Kept words' },
  })
  assert.match(wrong.html, /Kept words/)
  assert.match(wrong.text, /An address, a country, a tool or a particular is never an adversary/)
  await post(steps, { kind: 'taken-away', why: 'It was the supplier' })
  await assert.rejects(post(steps, { kind: 'moved', into: 'capability', why: 'x' }), {
    code: 'incidents.diamond-placing-not-found',
  })
  const after = (await page()).text
  assert.match(after, /Taken away\. It was the supplier/)
  assert.match(after, /Victim Not known: nothing that you may read was placed here/)
})

test('the diamond of an event keeps what was said of it when the event is put right or a split takes it away', async (t) => {
  const { post, page, ask, at, analyst, evidence } = await desk(t)
  const event = await post('particulars', {
    ...{ kind: 'event', words: 'Disks were wiped', precision: 'day', when: '2026-11-08', zone: 'Europe/Paris' },
    knownBy: 'CERT',
  })
  const diamond = `weighing/diamond/${event}`
  const placed = { item: `evidence:${evidence}`, confidence: 'high', why: 'Seen in its log' }
  await post(`${diamond}/placings`, { ...placed, place: 'infrastructure' })
  await assert.rejects(post(`${diamond}/features`, { phase: 'no-such-phase' }), {
    code: 'incidents.diamond-no-such-feature',
  })
  await assert.rejects(post(`${diamond}/features`, {}), { code: 'incidents.diamond-no-features' })
  await post(`${diamond}/features`, { phase: 'delivery', result: 'failure' })
  await post(`${diamond}/features`, { phase: 'actions-on-objectives', method: 'Wiping', result: 'availability' })
  const { text } = await page(diamond)
  assert.match(text, /Phase Actions on objectives Direction not known Result It succeeded: availability was harmed/)
  assert.match(text, /As it was said before Phase: Delivery/)
  assert.match(
    text,
    /Not confirmed against the primary text/,
    'lists of phases are flagged as long as nobody confirmed them',
  )
  const again = await post('particulars', {
    ...{ kind: 'event', words: 'Forty disks were wiped', precision: 'day', when: '2026-11-08', zone: 'Europe/Paris' },
    ...{ knownBy: 'CERT', corrects: event },
  })
  for (const id of [event, again])
    assert.match((await page(`weighing/diamond/${id}`)).text, /Forty disks were wiped .*Seen in its log/)
  const alone = await post('particulars', {
    ...{ kind: 'event', words: 'A scan', precision: 'day', when: '2026-11-02', zone: 'Europe/Paris', knownBy: 'CERT' },
  })
  await post(`weighing/diamond/${alone}/placings`, { ...placed, place: 'infrastructure', why: 'From that host' })
  const split = newId()
  await ask('POST', `${at}/split`, {
    viewer: analyst,
    json: true,
    input: { id: split, title: 'Scans', splitWhy: 'Another matter', particulars: [alone] },
  })
  const gone = (await page(`weighing/diamond/${alone}`)).text
  assert.match(gone, /A split took this event to another incident.*From that host/)
  const off = { title: 'Disks', splitWhy: 'A third matter', particulars: [again], evidence: [evidence] }
  await ask('POST', `${at}/split`, { viewer: analyst, json: true, input: { id: newId(), ...off } })
  const both = (await page(`weighing/diamond/${event}`)).text
  assert.match(
    both,
    /Forty disks were wiped.*Seen in its log/,
    'the event with its earlier wording, and the item it rests on',
  )
})

test('incidents that share an item exactly are told to whoever may read both, and no name of an actor is compared', async (t) => {
  const { services, place, post, page, open, analyst, evidence, ask } = await desk(t)
  const victim = await post('particulars', { kind: 'victim', words: 'Oster Water', knownBy: 'CERT' })
  await place(`object:${address}`, 'infrastructure')
  await place(`object:${tool}`, 'capability')
  await place(`object:${actor}`, 'adversary', { restsOn: evidence })
  await place(`particular:${victim}`, 'victim')
  assert.match((await page()).text, /No other incident you may read shares what stands at the corners/)
  const other = stix('ipv4-addr', 7)
  await open('Same value', {}, [{ type: 'ipv4-addr', id: other, value: '192.0.2.44' }])
  await open('Same identifier', {}, objects.slice(2, 3))
  await open('Namesake', {}, [{ ...objects[2], id: stix('intrusion-set', 8) }])
  await open('Exercise', { drill: true })
  const hidden = await open('For few')
  await ask('POST', `/incidents/${hidden}/readers/restrict`, { viewer: analyst, json: true, input: {} })
  const words = await open(
    'Same victim',
    {},
    objects.slice(1, 2).map((one) => ({ ...one, id: stix('malware', 8), name: 'x' })),
  )
  const compartment = newId()
  const there = (path: string, input: object) =>
    ask('POST', `/incidents/${words}/${path}`, { viewer: analyst, json: true, input: { id: newId(), ...input } })
  await there('readers/compartments', { id: compartment, name: 'Victims' })
  await there('particulars', { kind: 'victim', words: 'OSTER WATER', knownBy: 'CERT', compartment })
  const pivots = async (viewer: typeof analyst) => {
    const { answer } = await ask('GET', `${await pathOf()}`, { viewer, json: true })
    assert.ok('data' in answer)
    const { pivots: found } = answer.data as unknown as {
      pivots: { item: { type: string }; incidents: { title: string; by: string }[] }[]
    }
    return found
      .flatMap(({ item, incidents: all }) => all.map(({ title, by }) => `${item.type} ${title} ${by}`))
      .toSorted()
  }
  const pathOf = async () => {
    const row = await services.db
      .selectFrom('home.incidents_diamond_placing')
      .select(['incident', 'about'])
      .executeTakeFirstOrThrow()
    return `/incidents/${row.incident}/weighing/diamond/${row.about}`
  }
  const open3 = ['intrusion-set Same identifier identifier', 'ipv4-addr Same value value']
  assert.deepEqual(await pivots(colleague), open3)
  const few = ['intrusion-set', 'ipv4-addr', 'malware'].map((type) => `${type} For few identifier`)
  assert.deepEqual(await pivots(analyst), [...open3, ...few, 'victim Same victim words'].toSorted())
})

test('every corner and edge takes what belongs there', () => {
  for (const place of places) {
    assert.equal(faultAt(place, { kind: 'evidence', type: 'evidence' }), undefined)
    assert.equal(faultAt(place, { kind: 'fact', type: 'known' }), undefined)
  }
  for (const edge of edges) assert.equal(faultAt(edge, { kind: 'object', type: 'relationship' }), undefined)
  for (const corner of corners) assert.equal(faultAt(corner, { kind: 'object', type: 'sighting' }) === undefined, false)
  assert.equal(faultAt('victim', { kind: 'particular', type: 'event' }), 'not-there')
})
