import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'
import { readCategories } from '../vocabularies/read-categories.ts'
import ownScheme from './reference/chancery-1.json' with { type: 'json' }
import shipped from './reference/mapping.json' with { type: 'json' }
import { counterpart, readMapping } from './read-mapping.ts'

const judged = { source: 'Our liaison in their ministry', unconfirmed: true }
const words = (name: string) => ({ en: name, fr: `${name} fr`, ar: `${name} ar` })
const borovian = {
  id: 'borovian',
  names: words('Borovian scale'),
  levels: ['calm', 'watch', 'crisis'].map((id) => ({ id, names: words(id) })),
  ...judged,
}
const withBorovia = {
  ...shipped,
  scales: [borovian],
  maps: [
    ...shipped.maps,
    {
      between: ['chancery-1', 'borovian'],
      ...judged,
      rows: [
        { level: 'negligible', band: [] },
        { level: 'minor', band: ['calm'] },
        { level: 'serious', band: ['calm', 'watch'] },
        { level: 'severe', band: ['watch', 'crisis'] },
        { level: 'critical', band: ['crisis'] },
      ],
    },
  ],
  parties: [{ party: 'borovia.example', scale: 'borovian', ...judged }],
}

function rulesWith(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-mapping-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  for (const folder of ['severity', 'incidents']) mkdirSync(join(dataDir, 'rules', folder), { recursive: true })
  return {
    services: { settings: { dataDir } },
    write: (name: string, content: unknown) => writeFileSync(join(dataDir, 'rules', name), JSON.stringify(content)),
  }
}

test('levels are mapped both ways as bands, never through a third scale, and no counterpart is told from no mapping', (t) => {
  const { services, write } = rulesWith(t)
  for (const { between, rows } of readMapping(services).maps)
    for (const { level, band } of rows)
      for (const other of band)
        assert.ok(
          counterpart(readMapping(services), { scale: between[1], level: other }, between[0])?.band.includes(level),
        )
  write('severity/mapping.json', withBorovia)
  const mapping = readMapping(services)
  const of = (scale: string, level: string, to: string) => counterpart(mapping, { scale, level }, to)?.band
  assert.deepEqual(of('chancery-1', 'severe', 'borovian'), ['watch', 'crisis'])
  assert.deepEqual(of('borovian', 'watch', 'chancery-1'), ['serious', 'severe'])
  assert.deepEqual(of('chancery-1', 'negligible', 'borovian'), [], 'no counterpart')
  assert.equal(of('nciss', 'high', 'borovian'), undefined, 'mapped only through our own scheme, so not mapped')
  const faulty = (band: string[]) => {
    const [first, ...rest] = shipped.maps
    const rows = first?.rows.map((row, at) => (at === 3 ? { ...row, band } : row))
    write('severity/mapping.json', { ...shipped, maps: [{ ...first, rows }, ...rest] })
    return () => readMapping(services)
  }
  assert.throws(faulty(['high', 'emergency']), /mapping\.json, at maps\[0\]\.rows\[3\]\.band: .*side by side/)
  assert.throws(faulty(['crisis']), /nciss has no such level/)
})

test('the page says what a party would call this and what others told, as theirs and mapped, without changing ours', async (t) => {
  const { services, incident, analyst, ask } = await incidentHouse(t, [incidents])
  const rules = rulesWith(t)
  services.settings.dataDir = rules.services.settings.dataDir
  rules.write('severity/mapping.json', withBorovia)
  const page = `/incidents/${incident}/severity`
  const read = async (language = 'en') => (await ask('GET', page, { viewer: analyst, language })).text
  assert.match(await read(), /uses Borovian scale; nobody has mapped it/)
  await ask('POST', `${page}/chancery-1`, {
    viewer: analyst,
    input: { id: newId(), why: 'Calls', service: '3', reach: '2', data: '1', recovery: '2' },
  })
  assert.match(
    await read(),
    /would call this: watch to crisis \(Borovian scale\), from severe \(Own scheme of Chancery\)/,
  )
  const tell = (input: Record<string, string>) =>
    ask('POST', `/incidents/${incident}/severity-told`, {
      viewer: analyst,
      input: { id: newId(), teller: 'Borovia', source: 'Note 14/2026', toldOn: '2026-11-09', ...input },
    })
  assert.match((await tell({ said: 'borovian:dire' })).text, /There is no such level in that scale/)
  assert.match((await tell({ said: 'borovian:calm', toldOn: '2026-11-11' })).text, /Note 14\/2026|future/)
  await tell({ said: 'borovian:calm' })
  const object = {
    type: 'incident',
    labels: ['nis:impact-severity="red"', 'nis:impact-severity="purple"', 'other'],
    created_by_ref: 'identity--borovian-cert',
  }
  const row = { incident, ordinal: 1, version: 'v', type: 'incident', name: 'Water works', marked_by: 'object' }
  for (const [id, tlp] of [
    ['a', 'AMBER'],
    ['b', 'RED'],
  ] as const)
    await services.db
      .insertInto('home.incidents_object')
      .values({
        ...row,
        stix_id: `incident--${id}`,
        name: `Water works ${id}`,
        tlp,
        mentions: [],
        ends: [],
        text: JSON.stringify(object),
      })
      .execute()
  const told = await read()
  assert.match(
    told,
    /Borovia : calm \(Borovian scale\) · 9 Nov.*Note 14\/2026.*In Own scheme of Chancery this could be: minor to serious/,
  )
  assert.match(
    told,
    /identity--borovian-cert : Red: very large impact.*Water works a.*this could be: severe to critical/,
  )
  assert.doesNotMatch(told, /purple/)
  assert.match(told, /severe 8 of 12/, 'ours stands as it was')
  const amber = personOf('colleague', /./, 'AMBER')
  const seen = (await ask('GET', page, { viewer: amber })).text
  assert.ok(
    seen.includes('Water works a') && !seen.includes('Water works b'),
    'an object above the reader tells nothing',
  )
  for (const language of ['fr', 'ar']) assert.doesNotMatch(await read(language), /severity\.[a-z]|undefined/)
})

test('the map of categories is a dated file of the house, shown from our side and from theirs', async (t) => {
  const { services, incident, analyst, ask } = await incidentHouse(t, [incidents])
  const rules = rulesWith(t)
  services.settings.dataDir = rules.services.settings.dataDir
  const page = async (language = 'en') =>
    (await ask('GET', '/incidents/vocabularies', { viewer: analyst, language })).text
  assert.match(await page(), /Fraud fraud Crime/)
  assert.match(await page(), /Vulnerable system vulnerable no counterpart/)
  assert.match(
    await page(),
    /From Weighted mean after NCISS \(CISA\) to Own scheme of Chancery.*Low \(green\) minor to serious/,
  )
  for (const language of ['fr', 'ar']) assert.doesNotMatch(await page(language), /severity\.[a-z]|undefined/)
  const { content } = readCategories(services)
  const sabotage = { id: 'sabotage', names: words('Sabotage'), beside: { rsit: ['availability'] } }
  rules.write('incidents/categories.json', { ...content, categories: [...content.categories, sabotage] })
  const at = `/incidents/${incident}/particulars`
  await ask('POST', at, {
    viewer: analyst,
    input: { id: newId(), kind: 'category', code: 'sabotage', knownBy: 'CERT' },
  })
  assert.match((await ask('GET', at, { viewer: analyst })).text, /Sabotage .*RSIT \(class\): availability/)
  rules.write('incidents/categories.json', { ...content, categories: [{ ...sabotage, beside: { rsit: ['weather'] } }] })
  assert.throws(() => readCategories(services), /categories\[0\]\.beside\.rsit\[0\]: rsit has no weather/)
})

test('a house that changes the levels of a shipped scheme is told which of the shipped mapping is silent, and where', async (t) => {
  const { services, write } = rulesWith(t)
  assert.deepEqual(readMapping(services).silent, [])
  const levels = ownScheme.levels.map((one, at) => (at === 0 ? { ...one, id: 'slight' } : one))
  write('severity/chancery-1.json', { ...ownScheme, levels })
  const { silent, maps } = readMapping(services)
  const concerned = shipped.maps.filter(({ between }) => between.includes('chancery-1'))
  assert.deepEqual(
    silent.map(({ between }) => between),
    concerned.map(({ between }) => between),
  )
  assert.match(`${silent[0]?.place} ${silent[0]?.what}`, /maps\[\d+\]\.rows.*(slight|negligible|no such level)/)
  assert.equal(maps.length, shipped.maps.length - concerned.length)
  const { services: house, ask, analyst, incident } = await incidentHouse(t, [incidents])
  Object.assign(house.settings, { dataDir: services.settings.dataDir })
  for (const page of ['/incidents/vocabularies', `/incidents/${incident}/severity`])
    for (const language of ['en', 'fr', 'ar'])
      assert.match((await ask('GET', page, { viewer: analyst, language })).html, /severity\/mapping\.json maps\[\d+\]/)
})
