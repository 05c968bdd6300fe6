import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type TestContext, test } from 'node:test'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import type { BundleRefusal } from '../../exchange/index.ts'
import { incidents } from '../index.ts'
import { newId } from '../../../protocol/index.ts'
import { readUploadInTurns } from '../open/open-incident.ts'

const count = 50_000
const uuid = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
const objectOf = (at: number) =>
  `{"type":"indicator","spec_version":"2.1","id":"indicator--${uuid(at)}","created":"2026-11-17T02:14:00.000Z",` +
  `"modified":"2026-11-17T02:14:00.000Z","name":"Address ${at}","pattern":"[ipv4-addr:value = '192.0.2.${at % 255}']",` +
  `"pattern_type":"stix","valid_from":"2026-11-17T02:14:00Z","x_spaced": 1.0}`
const bundleOf = (objects: string[]) =>
  new TextEncoder().encode(
    `{"type":"bundle","id":"bundle--11111111-1111-4111-8111-111111111111","objects":[${objects.join(',\n')}]}`,
  )
const fileOf = (content: Uint8Array) => ({ name: 'all.json', media: 'application/json', content })
/** Too large to be read while a person waits. */
const smallest = Array.from({ length: 2_500 }, (_, at) =>
  objectOf(at).replace('"x_spaced"', `"x_words":"${'-'.repeat(600)}","x_spaced"`),
)

/** A house whose jobs run when the test says so. */
async function house(t: TestContext) {
  const made = await incidentHouse(t, [incidents])
  const { services } = made
  const jobs = new Map<string, () => Promise<void>>()
  const enqueue = async (_tx: unknown, task: string, payload: never, { key = '' } = {}) =>
    void jobs.set(key, () => (incidents.tasks?.[task] ?? assert.fail(task))(services, payload))
  Object.assign(services, { jobs: { enqueue } })
  Object.assign(services.settings, { maxUploadBytes: 2 ** 25 })
  const run = async () => {
    for (const job of jobs.values()) await job()
  }
  const rowsOf = (incident: string) =>
    services.db
      .selectFrom('home.incidents_object')
      .select(['ordinal', 'text'])
      .where('incident', '=', incident)
      .orderBy('ordinal')
      .execute()
  return { ...made, jobs, run, rowsOf }
}

test('a bundle of 50,000 objects is read by a job while the incident is open, and comes in byte for byte', async (t) => {
  const { services, analyst, ask, jobs, run, rowsOf } = await house(t)
  const objects = Array.from({ length: count }, (_, at) => objectOf(at))
  const content = bundleOf(objects)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const begun = performance.now()
  const input = { id: newId(), title: 'A large bundle', category: 'malicious-code', file: fileOf(content) }
  const { answer } = await ask('POST', '/incidents', { viewer: analyst, input })
  const answeredMs = performance.now() - begun
  const course = `/incidents/${input.id}/bundles/${input.id}`
  assert.equal('redirect' in answer && answer.redirect, course)
  await ask('POST', '/incidents', { viewer: analyst, input })
  assert.equal(jobs.size, 1, 'a second click is the same bundle')
  for (const language of ['en', 'fr', 'ar']) {
    const { html } = await ask('GET', course, { viewer: analyst, language })
    assert.match(html, /<progress[^>]*>.*<noscript>.*<a href(="")?>/s)
  }
  assert.match((await ask('GET', `/incidents/${input.id}`, { viewer: analyst })).text, /The file is being read/)
  assert.deepEqual(await rowsOf(input.id), [], 'nothing is there before all of it is')
  await run()
  delay.disable()
  const rows = await rowsOf(input.id)
  assert.deepEqual(
    rows.map(({ text }) => text),
    objects,
  )
  assert.match((await ask('GET', course, { viewer: analyst })).text, /50,?000 new objects came in/)
  assert.equal(await laidAside(services), 0)
  t.diagnostic(
    `${(content.length / 1e6).toFixed(1)} MB answered after ${answeredMs.toFixed(0)} ms, in after ` +
      `${(performance.now() - begun).toFixed(0)} ms, longest turn ${(delay.max / 1e6).toFixed(0)} ms, ` +
      `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
  )
  const before = rows.length
  await run()
  assert.equal((await rowsOf(input.id)).length, before, 'a job that runs again changes nothing')
  await assert.rejects(readUploadInTurns(services, bundleOf(Array.from({ length: 100_001 }, () => '{}'))), {
    code: 'incidents.too-many-objects',
  })
})

const laidAside = async ({ db }: Awaited<ReturnType<typeof house>>['services']) =>
  (await db.selectFrom('home.incidents_bundle_object').select('place').execute()).length

test('a program that dies while it reads a bundle goes on behind the last portion, and every object is there once', async (t) => {
  const { services, analyst, incident, ask, run, rowsOf } = await house(t)
  const bundle = newId()
  const at = `/incidents/${incident}`
  await ask('POST', `${at}/objects`, { viewer: analyst, input: { id: bundle, file: fileOf(bundleOf(smallest)) } })
  const { live } = services
  Object.assign(services, { live: { ...live, publish: () => assert.fail('killed') } })
  await assert.rejects(run(), /killed/)
  assert.equal(await laidAside(services), 2_000)
  assert.deepEqual(await rowsOf(incident), [])
  Object.assign(services, { live })
  assert.match((await ask('GET', `${at}/bundles/${bundle}`, { viewer: analyst })).text, /2,000 of 2,500 objects/)
  await run()
  assert.deepEqual(
    (await rowsOf(incident)).map(({ text }) => text),
    smallest,
  )
})

test('a fault in a large bundle is located for whoever brought it, told to nobody else, and nothing of it came in', async (t) => {
  const { services, analyst, incident, ask, run, rowsOf } = await house(t)
  const spoilt = bundleOf(smallest.with(2_141, objectOf(2_141).replace('"pattern_type":"stix",', '')))
  const id = newId()
  const at = `/incidents/${incident}/bundles/${id}`
  await ask('POST', `/incidents/${incident}/objects`, { viewer: analyst, input: { id, file: fileOf(spoilt) } })
  await run()
  assert.deepEqual(await rowsOf(incident), [])
  assert.equal(await laidAside(services), 0)
  const mine = await ask('GET', at, { viewer: analyst })
  assert.match(mine.text, /object 2142.*property pattern_type|object 2142.*pattern_type/)
  const theirs = await ask('GET', at, { viewer: personOf('colleague') })
  assert.match(theirs.text, /Refused/)
  assert.doesNotMatch(theirs.text, /2142|pattern_type/)
  await assert.rejects(readUploadInTurns(services, spoilt), (error: BundleRefusal) => {
    assert.deepEqual(
      error.faults.map(({ object, rule, property }) => [object, rule, property]),
      [[2_142, 'missing-property', 'pattern_type']],
    )
    return true
  })
})

test('a bundle that was stopped, or whose incident was closed meanwhile, brings nothing in and says so', async (t) => {
  const { analyst, incident, ask, run, rowsOf } = await house(t)
  const at = `/incidents/${incident}`
  const [stopped, late] = [newId(), newId()]
  for (const id of [stopped, late])
    await ask('POST', `${at}/objects`, { viewer: analyst, input: { id, file: fileOf(bundleOf(smallest)) } })
  for (const _ of [1, 2]) await ask('POST', `${at}/bundles/${stopped}/stop`, { viewer: analyst })
  await ask('POST', `${at}/state`, { viewer: personOf('analyst'), input: { state: 'closed' } })
  await run()
  assert.deepEqual(await rowsOf(incident), [])
  assert.match((await ask('GET', `${at}/bundles/${stopped}`, { viewer: analyst })).text, /Stopped/)
  assert.match((await ask('GET', `${at}/bundles/${late}`, { viewer: analyst })).text, /is closed/)
  await assert.rejects(ask('GET', `${at}/bundles/${newId()}`, { viewer: analyst }), {
    code: 'incidents.bundle-not-found',
  })
})
