import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { test } from 'node:test'
import { incidentHouse } from '../../../../test/support/incident-house.ts'
import type { BundleRefusal } from '../../exchange/index.ts'
import { incidents } from '../index.ts'
import { newId } from '../../../protocol/index.ts'
import { readUploadInTurns } from './open-incident.ts'

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

test('a bundle of 50,000 objects comes in whole, byte for byte, and one fault in it is located and stores nothing', async (t) => {
  const { services, analyst, ask } = await incidentHouse(t, [incidents])
  Object.assign(services.settings, { maxUploadBytes: 2 ** 25 })
  const objects = Array.from({ length: count }, (_, at) => objectOf(at))
  const content = bundleOf(objects)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const begun = performance.now()
  const read = await readUploadInTurns(services, content)
  const readMs = performance.now() - begun
  delay.disable()
  assert.equal(read.objects.length, count)
  const file = { name: 'all.json', media: 'application/json', content }
  const input = { id: newId(), title: 'A large bundle', category: 'malicious-code', file }
  await ask('POST', '/incidents', { viewer: analyst, input, json: true })
  const rows = await services.db
    .selectFrom('home.incidents_object')
    .select(['ordinal', 'text'])
    .where('incident', '=', input.id)
    .orderBy('ordinal')
    .execute()
  assert.deepEqual(
    rows.map(({ text }) => text),
    objects,
  )
  t.diagnostic(
    `${(content.length / 1e6).toFixed(1)} MB read in ${readMs.toFixed(0)} ms, longest turn ${(delay.max / 1e6).toFixed(0)} ms, ` +
      `stored after ${(performance.now() - begun).toFixed(0)} ms, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
  )
  const spoilt = bundleOf(objects.with(31_415, objectOf(31_415).replace('"pattern_type":"stix",', '')))
  await assert.rejects(readUploadInTurns(services, spoilt), (error: BundleRefusal) => {
    assert.deepEqual(
      error.faults.map(({ object, rule, property }) => [object, rule, property]),
      [[31_416, 'missing-property', 'pattern_type']],
    )
    return true
  })
  await assert.rejects(readUploadInTurns(services, bundleOf(Array.from({ length: 100_001 }, () => '{}'))), {
    code: 'incidents.too-many-objects',
  })
})
