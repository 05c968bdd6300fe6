import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testDatabase } from '../../../test/support/postgres.ts'
import { personOf } from '../../../test/support/space-pages.ts'
import { writeCsv } from '../../core/csv/index.ts'
import type { Services } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { incidents } from '../incidents/index.ts'
import { beginBatch, keepBatch, publishedBehind, publishedIncidents, readBatch, removeBatch } from './index.ts'
import { loadStatistics } from './keep-figures.ts'
import { countStatistics } from './statistics.ts'
import { takenUpId } from './take-up.tsx'
import { columnsOf, type FileKind } from './vocabulary.ts'

const analyst = personOf('analyst')
const countries = fc.constantFrom("['Caldia']", "['Dorland', 'Caldia']", "['Unknown']", '')

const incident = fc.record({
  start_date: fc.constantFrom('2021-03-04', '2020-01-01', ''),
  receiver_country: countries,
  initiator_country: countries,
  incident_type: fc.constantFrom('Disruption', 'Data theft', ''),
  weighted_cyber_intensity: fc.constantFrom('2.0', '4.0', ''),
  ...{ name: fc.constant('Quiet tide'), sources_attribution: fc.constant('[]'), sources_url: fc.constant('[]') },
})
const attribution = fc.record({
  at: fc.nat(5),
  attribution_ID: fc.constantFrom('7.0', '8.0', ''),
  attribution_date: fc.constantFrom('2021-03-14', '2020-01-01', ''),
  attribution_basis: fc.constantFrom('IT-security community attributes attacker', 'Contested attribution', ''),
  attributed_initiator_country: fc.constantFrom('Caldia', 'Dorland', ''),
})
const set = fc.record({
  name: fc.constantFrom('First set', 'Second set'),
  incidents: fc.array(incident, { minLength: 1, maxLength: 6 }),
  attributions: fc.array(attribution, { maxLength: 8 }),
  isKept: fc.boolean(),
  isRemoved: fc.boolean(),
})
type Given = typeof set extends fc.Arbitrary<infer T> ? T : never

function csvOf(kind: FileKind, rows: readonly Record<string, unknown>[]): string {
  const columns = columnsOf[kind]
  return writeCsv([[...columns], ...rows.map((row) => columns.map((name) => String(row[name] ?? '')))])
}

async function imported(services: Services, given: Given): Promise<string> {
  const rows = given.incidents.map((one, at) => ({ ...one, ID: `${at + 1}` }))
  const said = given.attributions.map((one) => ({ ...one, incident_ID: `${(one.at % rows.length) + 1}` }))
  const id = await beginBatch(services, analyst, {
    ...{ id: newId(), name: given.name, edition: '1', source: 'A publisher', licence: 'CC0' },
    files: [
      { kind: 'incidents', name: 'i.csv', text: csvOf('incidents', rows) },
      { kind: 'attributions', name: 'a.csv', text: csvOf('attributions', said) },
    ],
  })
  await readBatch(services, id)
  return id
}

test('kept figures of published incidents equal those counted afresh, whatever is imported, replaced and removed', async (t) => {
  const { db } = await testDatabase(t, [...(incidents.migrations ?? []), ...(publishedIncidents.migrations ?? [])])
  let now = Date.UTC(2026, 10, 23)
  const services = {
    ...{ db, party: 'aurelia.example', modules: [], clock: { now: () => (now += 1000) } },
    ...{ jobs: { enqueue: async () => undefined }, live: { publish: () => undefined } },
  } as unknown as Services
  let compared = 0
  await fc.assert(
    fc.asyncProperty(fc.array(set, { minLength: 1, maxLength: 3 }), async (sets) => {
      for (const given of sets) {
        const id = await imported(services, given)
        if (given.isKept) await keepBatch(services, analyst, id)
        if (given.isRemoved) await removeBatch(services, analyst, id)
        compared += await compare(services)
      }
    }),
    { numRuns: 12 },
  )
  assert.ok(compared > 0)
})

/** Every batch that stands or waits, and every published incident of it; nothing is kept of one that went. */
async function compare(services: Services): Promise<number> {
  const { db } = services
  const batches = await db.selectFrom('home.published_incidents_batch').select(['id', 'state', 'set_code']).execute()
  const there = batches.filter(({ state }) => state === 'standing' || state === 'read')
  for (const table of ['figures', 'own'] as const) {
    const kept = await db.selectFrom(`home.published_incidents_${table}`).select('batch').distinct().execute()
    assert.deepEqual(new Set(kept.map(({ batch }) => batch)), new Set(there.map(({ id }) => id)), table)
  }
  for (const { id, set_code, state } of there) {
    const fresh = JSON.parse(JSON.stringify(await countStatistics(services, id)))
    assert.deepEqual(await loadStatistics(services, id), fresh)
    if (state !== 'standing') continue
    const rows = await db
      .selectFrom('home.published_incidents_attribution')
      .select('ref')
      .where('batch', '=', id)
      .execute()
    for (const [ref, said] of Map.groupBy(rows, (row) => row.ref)) {
      const behind = await publishedBehind(services, analyst, takenUpId(services, { set: set_code }, ref))
      assert.equal(behind.length, said.length, ref)
    }
  }
  return there.length
}

test('a set read before figures were kept is counted once when it is first asked about, and then kept', async (t) => {
  const { db } = await testDatabase(t, [...(incidents.migrations ?? []), ...(publishedIncidents.migrations ?? [])])
  const services = {
    ...{ db, party: 'aurelia.example', modules: [], clock: { now: () => 0 } },
    ...{ jobs: { enqueue: async () => undefined }, live: { publish: () => undefined } },
  } as unknown as Services
  const [given] = fc.sample(set, { numRuns: 1, seed: 7 }) as [Given]
  const id = await imported(services, given)
  await keepBatch(services, analyst, id)
  const figures = await loadStatistics(services, id)
  for (const table of ['figures', 'own'] as const)
    await db.deleteFrom(`home.published_incidents_${table}`).where('batch', '=', id).execute()
  await publishedBehind(services, analyst, newId())
  assert.equal(await compare(services), 1)
  await db.updateTable('home.published_incidents_figures').set({ method: 'of before', figures: '{}' }).execute()
  assert.deepEqual(await loadStatistics(services, id), figures, 'what was counted in another way is counted anew')
})
