import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import type { Viewer } from '../../../core/auth/types.ts'
import type { Services } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { stateParticular } from '../facts/state-particular.ts'
import { incidents, openIncident, readUpload } from '../index.ts'
import { mergeIncident } from '../merge/merge-incidents.ts'
import { openCompartment } from '../need-to-know/readers.ts'
import { listAlike } from './list-alike.ts'

const bundleWith = (...addresses: string[]) =>
  new TextEncoder().encode(
    JSON.stringify({
      type: 'bundle',
      id: 'bundle--11111111-1111-4111-8111-111111111111',
      objects: addresses.map((value, at) => ({
        type: 'ipv4-addr',
        id: `ipv4-addr--00000000-0000-4000-8000-00000000000${at}`,
        value,
      })),
    }),
  )

function another(services: Services, viewer: Viewer, title: string, more: object = {}) {
  return openIncident(services, viewer, {
    id: newId(),
    title,
    summary: '',
    category: 'fraud',
    drill: false,
    ceiling: 'RED',
    marking: 'AMBER',
    source: { kind: 'form' },
    ...more,
  })
}

const victim = (services: Services, viewer: Viewer, incident: string, words: string, compartment?: string) =>
  stateParticular(services, viewer, incident, {
    id: newId(),
    kind: 'victim',
    value: { words },
    knownBy: 'CERT',
    knownSince: '2026-11-10',
    consent: 'not-needed',
    ...(compartment !== undefined && { compartment }),
  } as never)

test('an incident that may be the same is suggested with every reason, until a person says it is not', async (t) => {
  const { services, incident: a, analyst, ask } = await incidentHouse(t, [incidents])
  const bundle = (...values: string[]) => ({ bundle: readUpload(services, bundleWith(...values)) })
  const b = await another(
    services,
    analyst,
    'Disruption at the water works of Oster',
    bundle('192.0.2.44', '192.0.2.9'),
  )
  const c = await another(services, analyst, 'Mail scam', bundle('192.0.2.44'))
  await another(services, analyst, 'Nothing in common')
  await another(services, analyst, 'Disruption of a water works', { drill: true })
  await victim(services, analyst, a, 'Oster Water')
  await victim(services, analyst, b, 'OSTER WATER')
  const found = await listAlike(services, analyst, b)
  assert.deepEqual(
    found.map(({ id, reasons }) => [id, reasons.map(({ kind }) => kind)]),
    [
      [a, ['victims', 'words', 'time']],
      [c, ['objects', 'category', 'time']],
    ],
  )
  for (const language of ['en', 'fr', 'ar']) {
    const { text } = await ask('GET', `/incidents/${b}/alike`, { viewer: analyst, language })
    assert.match(text, /192\.0\.2\.44/)
    assert.match(text, /Oster Water/i)
  }
  for (const word of ['same', 'not-same']) {
    await ask('POST', `/incidents/${b}/alike`, { viewer: analyst, input: { id: newId(), other: a, word } })
  }
  assert.deepEqual(
    (await listAlike(services, analyst, a)).map(({ id }) => id),
    [],
  )
  assert.deepEqual(
    (await listAlike(services, analyst, a, { all: true })).map(({ word }) => word),
    ['not-same'],
  )
  await mergeIncident(services, analyst, c, { id: newId(), into: b, why: 'One case' })
  assert.deepEqual(await listAlike(services, analyst, b), [])
})

test('a suggestion tells nobody of an incident, a compartment or an object that they may not read', async (t) => {
  const { services, incident: a, analyst } = await incidentHouse(t, [incidents])
  const other = personOf('other', /^incidents/, 'AMBER')
  await victim(services, analyst, a, 'Oster Water')
  const hidden = await another(services, analyst, 'Disruption of a water works', { isRestricted: true })
  await victim(services, analyst, hidden, 'Oster Water')
  const closed = await another(services, analyst, 'Something else')
  const compartment = newId()
  await openCompartment(services, analyst, closed, { id: compartment, name: 'Set' })
  await victim(services, analyst, closed, 'Oster Water', compartment)
  assert.deepEqual(await listAlike(services, other, a), [])
  assert.deepEqual(
    new Set((await listAlike(services, analyst, a)).map(({ id }) => id)),
    new Set([hidden, closed]),
    'their lead is told',
  )
  const opened = await another(services, other, 'Disruption of a water works')
  assert.deepEqual(
    (await listAlike(services, other, opened)).map(({ id }) => id),
    [a],
  )
})

const placed = (services: Services, viewer: Viewer, incident: string, kind: 'sector' | 'country', code: string) =>
  stateParticular(services, viewer, incident, {
    id: newId(),
    kind,
    value: { code },
    knownBy: 'CERT',
    knownSince: '2026-11-10',
    consent: 'not-needed',
  } as never)

test('incidents in the same sector and country within two weeks are suggested, one of the two alone suggests nothing', async (t) => {
  const { services, incident: a, analyst, at, ask } = await incidentHouse(t, [incidents])
  const b = await another(services, analyst, 'Mail scam')
  const sectorOnly = await another(services, analyst, 'Something else')
  for (const incident of [a, b]) {
    await placed(services, analyst, incident, 'sector', 'energy')
    await placed(services, analyst, incident, 'country', 'FR')
  }
  await placed(services, analyst, sectorOnly, 'sector', 'energy')
  await placed(services, analyst, sectorOnly, 'country', 'DE')
  at('2026-12-10T08:00:00Z')
  const late = await another(services, analyst, 'Months later')
  await placed(services, analyst, late, 'sector', 'energy')
  await placed(services, analyst, late, 'country', 'FR')
  const [found, ...more] = await listAlike(services, analyst, a)
  assert.deepEqual(more, [])
  assert.deepEqual(
    [found?.id, found?.reasons],
    [b, [{ kind: 'sectors', codes: ['energy'] }, { kind: 'countries', codes: ['FR'] }, { kind: 'time' }]],
  )
  for (const [language, country] of [
    ['en', /France/],
    ['fr', /France/],
    ['ar', /فرنسا/],
  ] as const)
    assert.match((await ask('GET', `/incidents/${a}/alike`, { viewer: analyst, language })).text, country)
})

test('words that hundreds of incidents have in their titles suggest nothing', async (t) => {
  const { services, incident: a, analyst } = await incidentHouse(t, [incidents])
  const same = await another(services, analyst, 'Disruption of a water works')
  assert.deepEqual(
    (await listAlike(services, analyst, a)).map(({ id }) => id),
    [same],
  )
  await sql`insert into home.incidents_incident (id, year, number, code_name, title, summary, category, drill, ceiling,
      marking, state, source, opened_by, office, opened_at, touched_at, lead, restricted)
    select md5(n::text), 2026, 1000 + n, 'Name ' || n, 'Disruption of a water works', '', 'fraud', false, 'RED', 'AMBER', 'open',
      '{"kind":"form"}', 'analyst', 'cyber-desk', 0, 0, 'analyst', false from generate_series(1, 600) n`.execute(
    services.db,
  )
  await sql`insert into home.incidents_words select i.id, w.words from home.incidents_incident i, home.incidents_words w
    where w.incident = ${same} and i.number > 1000`.execute(services.db)
  assert.deepEqual(await listAlike(services, analyst, a), [])
})
