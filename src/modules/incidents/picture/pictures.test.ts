import assert from 'node:assert/strict'
import { parse } from 'node-html-parser'
import { test } from 'node:test'
import fc from 'fast-check'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import { migrations as authMigrations } from '../../../core/auth/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { createTranslator } from '../../../text/index.ts'
import { attributions } from '../../attributions/index.ts'
import { publishedIncidents } from '../../published-incidents/index.ts'
import { response } from '../../response/index.ts'
import { incidents, openIncident } from '../index.ts'
import { filterFor, readAsked } from '../read/list-query.ts'
import { listOwn } from '../read/list-own.ts'
import { readPicture } from './asked.ts'
import { type Drawn, sayFor } from './drawn.ts'
import { type PictureName, pictureNames, pictures } from './pictures.ts'

/** Who took a copy is written down beside sessions. */
const auth = { name: 'auth', migrations: authMigrations }
const rooms = [incidents, publishedIncidents, attributions, response, auth]

const day = '2026-11-01T08:00:00Z'
const made = fc.record({
  category: fc.constantFrom('fraud', 'availability'),
  marking: fc.constantFrom<Tlp>('GREEN', 'AMBER', 'RED'),
  isRestricted: fc.boolean(),
  drill: fc.boolean(),
  month: fc.integer({ min: 1, max: 11 }),
  countries: fc.uniqueArray(fc.constantFrom('FR', 'DE', 'KE', 'AQ'), { maxLength: 2 }),
  sectors: fc.uniqueArray(fc.constantFrom('energy', 'health'), { maxLength: 2 }),
  start: fc.constantFrom('', '2025-12-01', '2026-01-24', '2026-01'),
  levels: fc.array(fc.constantFrom('minor', 'severe'), { maxLength: 2 }),
  claims: fc.array(
    fc.record({
      accused: fc.constantFrom('Caldia', 'CALDIA', 'Dorland', 'France', 'فرنسا', 'The “Quiet” group', ''),
      tlp: fc.constantFrom<Tlp>('GREEN', 'RED'),
      day: fc.constantFrom('2026-02-03', '2026-02', '2025-01-01'),
      basis: fc.constantFrom('government', 'industry'),
      isContested: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  decisions: fc.array(fc.constantFrom<string[]>([], ['eu-cbm'], ['eu-cbm', 'eu-awareness']), { maxLength: 2 }),
})
type Made = typeof made extends fc.Arbitrary<infer T> ? T : never

/** Something of everything a picture counts. */
const rich: Made = {
  category: 'fraud',
  marking: 'AMBER',
  ...{ isRestricted: false, drill: false, month: 6, levels: ['severe'], decisions: [['eu-cbm']] },
  countries: ['FR'],
  sectors: ['energy'],
  start: '2026-01-24',
  claims: [
    { accused: 'Caldia', tlp: 'GREEN', day: '2026-02-03', basis: 'government', isContested: true },
    { accused: 'Dorland', tlp: 'RED', day: '2026-02', basis: 'industry', isContested: false },
  ],
}

async function write(services: Services, lead: Viewer, one: Made): Promise<string> {
  const { category, marking, isRestricted, drill } = one
  const incident = await openIncident(services, lead, {
    ...{ id: newId(), title: 'Made up', summary: '', category, marking, isRestricted, drill },
    ...{ ceiling: 'RED', source: { kind: 'form' } },
  } as never)
  const { db } = services
  const at = Date.parse(`2026-${String(one.month).padStart(2, '0')}-15T12:00:00Z`)
  await db.updateTable('home.incidents_incident').set({ opened_at: at }).where('id', '=', incident).execute()
  const stated = [
    ...one.countries.map((code) => ({ kind: 'country' as const, value: { code } })),
    ...one.sectors.map((code) => ({ kind: 'sector' as const, value: { code } })),
    ...(one.start
      ? [
          {
            kind: 'event' as const,
            value: {
              words: 'x',
              when: { precision: one.start.length > 7 ? 'day' : 'month', local: one.start, zone: 'UTC' },
            },
          },
        ]
      : []),
  ]
  for (const { kind, value } of stated)
    await db
      .insertInto('home.incidents_particular')
      .values({
        ...{ id: newId(), incident, kind, value: JSON.stringify(value), known_by: 'us', known_since: '2026-11-01' },
        ...{ consent: 'not-needed', by_person: 'lead', at, compartment: null, embargo: null, corrects: null },
        ended_at: null,
      })
      .execute()
  for (const level of one.levels)
    await db
      .insertInto('home.incidents_severity')
      .values({
        ...{ id: newId(), incident, scheme: 'chancery-1', answers: '{}', why: '', figure: 9, level, result: null },
        ...{ rules_dated: null, rules_print: null, by_person: 'lead', at },
      })
      .execute()
  for (const { tlp, isContested, ...said } of one.claims) {
    const id = newId()
    const content = JSON.stringify({ maker: 'other', name: 'A', kind: 'political', source: 's', ...said })
    await db
      .insertInto('home.attributions_claim')
      .values({ id, claim: id, incident, content, tlp, why: '', by_person: 'lead', at })
      .execute()
    if (isContested)
      await db
        .insertInto('home.attributions_dispute')
        .values({ id: newId(), claim: id, disputed_by: 'B', day: '2026-03-01', words: '', by_person: 'lead', at })
        .execute()
  }
  for (const [number, chosen] of one.decisions.entries())
    await db
      .insertInto('home.response_decision')
      .values({
        ...{ id: newId(), incident, number, decided_on: '2026-06-20', decided_by: 'x', rung: '', considered: '[]' },
        ...{ chosen, why: '', despite: '', dissent: '', review_on: '2027-01-01', by_person: 'lead', at },
      })
      .execute()
  return incident
}

async function drawn(services: Services, viewer: Viewer, picture: PictureName, query: URLSearchParams) {
  const t = createTranslator('en')
  const visit = { services, viewer, t, language: 'en', query, params: {}, input: {}, wantsJson: false } as never
  const asked = readPicture(services, query)
  const filter = await filterFor(services, asked.list)
  const say = sayFor({ t, language: 'en' }, asked.outside === 'yes')
  const made = await pictures[picture]({ visit, asked, filter, say })
  return { hits: made.hits, picture: made }
}

async function listed(services: Services, viewer: Viewer, query: URLSearchParams): Promise<number> {
  const asked = readAsked(query)
  const found = await listOwn(services, viewer, await filterFor(services, asked), { limit: 1 })
  return asked.state ? found.states[asked.state] : Object.values(found.states).reduce((sum, n) => sum + n, 0)
}

/** Every number of a picture that leads to a list, with the address of that list. */
const linked = ({ tables }: Drawn) =>
  tables.flatMap(({ rows }) =>
    rows.flat().flatMap(({ words, href }) => {
      const [n] = /^\d+/.exec(words) ?? []
      return href?.startsWith('/incidents') && n !== undefined ? [{ n: Number(n), href }] : []
    }),
  )

test('every number of a picture is that of the list it leads to, for every reader and filter', async (t) => {
  const { services } = await incidentHouse(t, rooms)
  const lead = personOf('lead')
  const readers = [lead, personOf('other'), personOf('cautious', /./, 'GREEN')]
  let compared = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(made, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...readers),
      fc.constantFrom(
        '',
        'category=fraud',
        'country=FR',
        'drill=no',
        'state=open',
        'accused=Caldia',
        'accused=france',
        'accused=-',
        'from=2026-04-01',
      ),
      fc.constantFrom('', 'of=sector', 'per=year', 'per=week', 'by=start'),
      async (some, viewer, narrowed, own) => {
        for (const one of some) await write(services, lead, one)
        const query = new URLSearchParams(`${narrowed}&${own}`)
        for (const name of pictureNames) {
          const { hits, picture } = await drawn(services, viewer, name, query)
          assert.equal(hits.n, await listed(services, viewer, query), narrowed)
          for (const { n, href } of linked(picture)) {
            const list = new URL(href, 'http://x.test')
            assert.equal(n, await listed(services, viewer, list.searchParams), `${name}: ${href}`)
            compared += 1
          }
        }
      },
    ),
    // The first run has something of everything: it always compares.
    { numRuns: 6, examples: [[[rich, rich], lead, '', '']] },
  )
  assert.ok(compared > 10, `${compared} numbers`)
})

async function aHouse(t: Parameters<typeof incidentHouse>[0]) {
  const house = await incidentHouse(t, rooms)
  house.at(day)
  const lead = personOf('lead')
  return { ...house, lead, one: rich, written: await write(house.services, lead, rich) }
}

test('pictures count only what their reader may see: a narrower attribution, a hidden incident and a compartment stay out', async (t) => {
  const { services, lead, one, written } = await aHouse(t)
  await write(services, lead, { ...one, isRestricted: true, category: 'availability' })
  const everything = async (viewer: Viewer) =>
    JSON.stringify(await Promise.all(pictureNames.map((name) => drawn(services, viewer, name, new URLSearchParams()))))
  const cautious = await everything(personOf('cautious', /./, 'AMBER'))
  assert.match(await everything(lead), /Dorland/)
  assert.doesNotMatch(cautious, /Dorland/)
  const { picture } = await drawn(services, personOf('other'), 'targets', new URLSearchParams())
  const [row] = picture.tables[0]?.rows.filter(([first]) => first?.words === 'Caldia') ?? []
  assert.equal(row?.[1]?.words, '1, contested: 1', 'the hidden incident is counted for its lead alone')
  await services.db
    .insertInto('home.incidents_compartment')
    .values({ id: 'c', incident: written, name: 'c', by_person: 'lead', at: 0 })
    .execute()
  await services.db.updateTable('home.incidents_particular').set({ compartment: 'c' }).execute()
  const labels = async (viewer: Viewer, name: PictureName, asked = '') =>
    (await drawn(services, viewer, name, new URLSearchParams(asked))).hits.labels.at(-1)
  for (const name of ['targets', 'delays'] as const)
    assert.equal(await labels(lead, name), 'RED', 'a narrower attribution marks what it is counted in')
  assert.equal(await labels(lead, 'kinds'), 'AMBER')
  assert.equal(await labels(lead, 'kinds', 'accused=Dorland'), 'RED')
  assert.equal(await labels(personOf('cautious', /./, 'AMBER'), 'targets'), 'AMBER')
  const { picture: closed } = await drawn(services, personOf('other'), 'kinds', new URLSearchParams())
  assert.deepEqual(
    closed.tables[2]?.rows.map(([name]) => name?.words),
    ['Not stated'],
  )
})

test('time to attribution is counted by basis, and what cannot be counted is told with its reason and its incident', async (t) => {
  const { services, lead, written } = await aHouse(t)
  const { picture } = await drawn(services, lead, 'delays', new URLSearchParams())
  const [table, unusable] = picture.tables
  const of = (name: string) => table?.rows.find(([first]) => first?.words === name)?.map(({ words }) => words)
  assert.deepEqual(of('Government of a receiver')?.slice(1), ['10', '10', '10', '1', '1', '0', '0', '0', '0'])
  assert.deepEqual(
    table?.rows[0]?.slice(4).map(({ words }) => words),
    ['1', '2', '0', '0', '1', '0'],
  )
  assert.equal(unusable?.rows.length, 1)
  assert.equal(unusable?.rows[0]?.[0]?.href, `/incidents/${written}/attributions`)
})

test('a picture for others tells no number under five and leads to no single incident', async (t) => {
  const { ask, services, lead } = await aHouse(t)
  for (const name of pictureNames) {
    const page = await ask('GET', `/incidents/picture/${name}?outside=yes`, { viewer: lead })
    assert.match(page.text, /Number of incidents: under 5/)
    assert.doesNotMatch(
      page.text,
      /\b[0-46-9] (incidents?|names?|places?)\b/,
      `${name}: the whole is not told exactly either`,
    )
    const { answer } = await ask('GET', `/incidents/picture/${name}?outside=yes`, { viewer: lead, json: true })
    assert.equal((answer as { data: { incidents: string } }).data.incidents, 'under 5')
    const { picture } = await drawn(services, lead, name, new URLSearchParams('outside=yes'))
    const numbers = picture.tables.flatMap(({ rows }) => rows.flatMap((row) => row.slice(1).map(({ words }) => words)))
    for (const words of numbers) assert.doesNotMatch(words, /^[1-4]$/, name)
    assert.doesNotMatch(JSON.stringify(picture.tables), /\/incidents\/[0-9a-f]{32}/)
  }
})

test('a name typed in several ways is one row of a picture and one list, and every way of writing it is told', async (t) => {
  const { services, lead, one } = await aHouse(t)
  const accusing = (...names: string[]) =>
    write(services, lead, {
      ...one,
      claims: names.map((accused) => ({
        accused,
        tlp: 'GREEN',
        day: '2026-02-03',
        basis: 'media',
        isContested: false,
      })),
    } as unknown as Made)
  await accusing('caldia', '  CALDIA ')
  await accusing('Caldia', 'Quiet  Group')
  await accusing('quiet group', 'Allemagne')
  await accusing('ألمانيا', 'IS')
  await accusing('Iceland')
  const { picture } = await drawn(services, lead, 'targets', new URLSearchParams())
  const [table, spellings] = picture.tables
  const counts = new Map(table?.rows.map(([name, all]) => [name?.words, all]))
  assert.equal(counts.get('Caldia')?.words, '3, contested: 1', 'an incident counts once, however its name was typed')
  assert.equal(counts.get('Allemagne')?.words, '2')
  assert.deepEqual([counts.get('IS')?.words, counts.get('Iceland')?.words], ['1', '1'], 'two letters are not a country')
  for (const [, cell] of counts)
    if (cell?.href)
      assert.equal(
        await listed(services, lead, new URL(cell.href, 'http://x.test').searchParams),
        Number.parseInt(cell.words, 10),
      )
  assert.deepEqual(
    spellings?.rows.map((row) => row.map(({ words }) => words)),
    [
      ['Caldia', 'CALDIA and caldia'],
      ['Allemagne', 'ألمانيا'],
      ['Quiet  Group', 'quiet group'],
    ],
  )
})

test('others are told no quartiles of few attributions, and of many only days that are rounded', async (t) => {
  const { services, lead, one } = await aHouse(t)
  const claims = Array.from({ length: 9 }, (_, at) => ({
    ...{ accused: 'Caldia', tlp: 'GREEN' as const, basis: 'media', isContested: false },
    day: `2026-02-0${at + 1}`,
  }))
  const told = async (basis: string) => {
    const { picture } = await drawn(services, lead, 'delays', new URLSearchParams('outside=yes'))
    return picture.tables[0]?.rows.find(([name]) => name?.words === basis)?.map(({ words }) => words)
  }
  await write(services, lead, { ...one, claims } as unknown as Made)
  assert.deepEqual((await told('Media'))?.slice(1, 5), ['–', '–', '–', '10'])
  const { picture: few } = await drawn(services, lead, 'delays', new URLSearchParams('outside=yes'))
  assert.equal(few.chart, undefined, 'nor are they drawn')
  for (const _ of [1, 2]) await write(services, lead, { ...one, claims } as unknown as Made)
  assert.deepEqual((await told('Media'))?.slice(1, 5), ['10', '10', '15', '25'])
  const { picture: many } = await drawn(services, lead, 'delays', new URLSearchParams('outside=yes'))
  const drawnRows = (many.chart as { props: { rows: { quartiles: number[] }[] } }).props.rows
  assert.deepEqual(
    drawnRows.map(({ quartiles }) => quartiles),
    [
      [10, 10, 15],
      [10, 10, 15],
    ],
  )
})

test('each picture is drawn with its table, in three languages, and its tables leave as CSV', async (t) => {
  const { ask, services, lead } = await aHouse(t)
  for (const name of pictureNames) {
    const tlp = name === 'targets' || name === 'delays' ? 'TLP:RED' : 'TLP:AMBER'
    for (const language of ['en', 'fr', 'ar']) {
      const { html } = await ask('GET', `/incidents/picture/${name}?category=fraud`, { viewer: lead, language })
      assert.match(html, /<svg/, name)
      assert.match(html, /<table/, name)
      assert.match(html, /href="\/incidents\?category=fraud"/, 'the list with the same filter')
      assert.match(html, new RegExp(tlp))
    }
    const { answer } = await ask('GET', `/incidents/picture/${name}/csv`, { viewer: lead })
    assert.match(await (answer as unknown as Response).text(), new RegExp(`^${tlp}\r\n`))
  }
  const regions = await ask('GET', '/incidents/picture/regions', { viewer: lead })
  assert.match(regions.html, /Western Europe/)
  const empty = await ask('GET', '/incidents/picture/times?country=JP', { viewer: lead })
  assert.match(empty.text, /No incident that you may know of meets this/)
  assert.doesNotMatch(empty.html, /<table|<svg class="chart/)
  const many = 'FR DE KE AQ AU BR CA EE GB IN JP KR MA MX NZ PL US'.split(' ')
  for (const countries of [many, []]) await write(services, lead, { ...rich, countries } as unknown as Made)
  const wide = parse((await ask('GET', '/incidents/picture/targets?of=country', { viewer: lead })).html)
  const heads = wide.querySelectorAll('table').map((one) => one.querySelectorAll('thead th').map(({ text }) => text))
  assert.ok(heads.length > 1 && heads.every((head) => head.length <= 9), 'no table is wider than a sheet of paper')
  const { picture: targets } = await drawn(services, lead, 'targets', new URLSearchParams('of=country'))
  const [, ...columns] = targets.tables[0]?.head ?? []
  assert.deepEqual(heads.flatMap(([, ...others]) => others).slice(0, columns.length), columns)
  const { picture: kinds } = await drawn(services, lead, 'kinds', new URLSearchParams())
  assert.match(
    JSON.stringify((kinds.chart as unknown[])[2]),
    /Not stated/,
    'however many countries are drawn before it',
  )
})
