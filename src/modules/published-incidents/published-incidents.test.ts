import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { testDatabase } from '../../../test/support/postgres.ts'
import { ask, personOf, redirectOf } from '../../../test/support/space-pages.ts'
import { readCsv, writeCsv } from '../../core/csv/index.ts'
import type { Refusal } from '../../core/http/index.ts'
import type { Services } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { incidents } from '../incidents/index.ts'
import {
  beginBatch,
  getBatch,
  keepBatch,
  listProblems,
  previewOf,
  publishedIncidents,
  readBatch,
  removeBatch,
  whatOthersDid,
} from './index.ts'
import { type Criteria, listPublished } from './list-published.ts'
import { type GivenFile, readSet } from './read-set.ts'
import { loadStatistics } from './keep-figures.ts'
import { columnsOf, type FileKind } from './vocabulary.ts'

const now = Date.UTC(2026, 10, 23)
const today = '2026-11-23'
const analyst = personOf('analyst')
const reader = personOf('reader', 'AMBER', /:read$/)
const rooms = [incidents, publishedIncidents]

async function houseOf(t: TestContext): Promise<Services> {
  const { db } = await testDatabase(t, [...(incidents.migrations ?? []), ...(publishedIncidents.migrations ?? [])])
  return {
    db,
    party: 'aurelia.example',
    clock: { now: () => now },
    modules: rooms,
    settings: { maxUploadBytes: 100_000_000 },
    nameOf: (party: string) => party,
    people: { list: async () => [{ id: 'analyst', name: 'Ana Lyst' }] },
    jobs: { enqueue: async () => undefined },
    live: { publish: () => undefined },
  } as unknown as Services
}

type Cells = Record<string, string>
const usual: Record<FileKind, Cells> = {
  incidents: {
    name: 'Quiet tide',
    description: 'Made up for a test.',
    start_date: '2021-03-04',
    end_date: '2021-03-09',
    incident_type: 'Disruption',
    receiver_country: "['Borovia']",
    receiver_category: "[['Critical infrastructure']]",
    receiver_category_subcode: "[['Energy']]",
    initiator_country: "['Unknown']",
    initiator_category: "['Unknown - not attributed']",
    number_of_attributions: '0',
    number_of_political_responses: '0',
    number_of_legal_responses: '0',
    has_disruption: 'True',
    weighted_cyber_intensity: '2.0',
    sources_attribution: '[]',
    sources_url: "['https://news.example/tide', 'ftp://old.example/tide']",
  },
  attributions: {
    attribution_date: '2021-03-14',
    attribution_type: 'Technical report (e.g., by IT-companies, Citizen Lab, EFF)',
    attribution_basis: 'IT-security community attributes attacker',
    attributed_initiator_country: 'Caldia',
    attributed_initiator_category: 'State',
  },
  receivers: {
    receiver_country: 'Borovia',
    receiver_region: 'EUROPE; EU',
    receiver_category: 'Critical infrastructure',
  },
}

function csvOf(kind: FileKind, rows: readonly Cells[]): string {
  const columns = columnsOf[kind]
  return writeCsv([[...columns], ...rows.map((row) => columns.map((name) => row[name] ?? usual[kind][name] ?? ''))])
}
const given = (kind: FileKind, rows: readonly Cells[]): GivenFile => ({
  kind,
  name: `${kind}.csv`,
  text: csvOf(kind, rows),
})

async function imported(services: Services, files: readonly GivenFile[], name = 'Invented set'): Promise<string> {
  const id = await beginBatch(services, analyst, {
    ...{ id: newId(), name, edition: '1', source: 'A publisher', licence: 'CC0', files },
  })
  await readBatch(services, id)
  return id
}

const small = [
  given('incidents', [
    {
      ID: '1',
      initiator_country: "['Caldia']",
      initiator_category: "['State']",
      number_of_political_responses: '2',
      political_response_date: '2021-04-01; NaT',
      political_response_type: 'State Actors: Stabilizing measures; EU: Stabilizing measures',
      political_response_type_subcode: 'Diplomatic protest notes; Declaration of HR',
      political_response_country: 'Borovia; EU (region)',
      political_response_actor: 'Foreign Ministry; HR/VP',
    },
    {
      ID: '2',
      name: 'Night wind',
      description: 'It’s said\nin two lines, and “quoted”',
      weighted_cyber_intensity: '4.0',
    },
    { ID: '3', name: 'Third', start_date: '', end_date: '' },
  ]),
  given('attributions', [
    { incident_ID: '1', attribution_ID: '7.0' },
    { incident_ID: '1', attribution_ID: '7.0', attributed_initiator_country: 'Dorland' },
    {
      incident_ID: '1',
      attribution_ID: '8.0',
      attribution_basis: 'Contested attribution',
      attribution_date: '2020-01-01',
    },
    { incident_ID: '3', attribution_ID: '9.0' },
  ]),
  given('receivers', [{ ID: '1' }, { ID: '2', receiver_category: 'Science' }]),
]

test('a row that cannot be read is told by file, line, column, value and what was expected, and is kept; the others come in', async () => {
  const wrong: [
    cells: Cells,
    line: number,
    column: string,
    value: string,
    reason: string,
    expected: string,
    unread: boolean,
  ][] = [
    [{ incident_type: 'Magic' }, 2, 'incident_type', 'Magic', 'unknown-value', 'types', false],
    [{ start_date: '2021-02-30' }, 3, 'start_date', '2021-02-30', 'impossible-date', 'date', false],
    [{ start_date: '2031-02-03' }, 4, 'start_date', '2031-02-03', 'impossible-date', 'date', false],
    [{ start_date: 'last spring' }, 5, 'start_date', 'last spring', 'not-a-date', 'date', false],
    [{ end_date: '2020-01-01' }, 6, 'end_date', '2021-03-04 – 2020-01-01', 'order', 'order', false],
    [{ weighted_cyber_intensity: '99' }, 7, 'weighted_cyber_intensity', '99', 'not-a-number', 'intensity', false],
    [{ receiver_country: "['Borovia" }, 8, 'receiver_country', "['Borovia", 'not-a-list', 'list', false],
    // Cells that moved by one: nothing of such a row is believed.
    [{ start_date: 'Disruption', end_date: '2021-03-04' }, 9, 'start_date', 'Disruption', 'shifted', 'date', true],
    [{ ID: '' }, 10, 'ID', '', 'no-id', 'id', true],
    [{ ID: '100' }, 11, 'ID', '100', 'twice', 'id', true],
  ]
  const file = given(
    'incidents',
    wrong.map(([cells], at) => ({ ID: String(100 + at), ...cells })),
  )
  const cells = file.text.split('\r\n')
  // One cell lost, then a row like the first, then a quotation mark that is never closed.
  const lost = `200,${(cells[1] as string).split(',').slice(2).join(',')}`
  const text = [...cells.slice(0, -1), lost, cells[1]?.replace(/^100,/, '202,'), '201,"never closed'].join('\r\n')
  const set = await readSet([{ ...file, text }], today)
  const told = set.problems.map((one) => [one.line, one.column, one.value, one.reason, one.expected, one.unread])
  for (const [, ...expected] of wrong)
    assert.ok(
      told.some((one) => one.join('|') === expected.join('|')),
      expected.join(' '),
    )
  assert.ok(told.some(([line, , value, reason]) => line === 12 && value === '80' && reason === 'cells'))
  assert.ok(told.some(([line, column, , reason]) => line === 14 && column === 'name' && reason === 'quote-open'))
  const [count] = set.files
  const unread = set.problems.filter((one) => one.unread)
  assert.deepEqual([count?.rows, count?.read, unread.length], [13, 8, 5], 'rows read and rows told of are all rows')
  assert.ok(unread.every((one) => one.text !== undefined && one.text.length > 0))
  assert.equal(set.incidents.find((one) => one.ref === '100')?.types.length, 0, 'the value counts as not said')
  assert.equal(set.incidents.find((one) => one.ref === '100')?.cells.incident_type, 'Magic', 'and stays as published')
  const others = await readSet(
    [
      ...small.slice(0, 1),
      given('attributions', [
        { incident_ID: '77', attribution_ID: '1' },
        // The date was lost and everything behind it moved up.
        { incident_ID: '1', attribution_date: 'Domestic legal action', attribution_type: 'Attacker confirms' },
      ]),
      given('receivers', [
        { ID: '1', receiver_category: 'Energy', receiver_name: 'State institutions / political system' },
      ]),
    ],
    today,
  )
  assert.deepEqual(
    others.problems.map(({ file: of, line, column, reason }) => [of, line, column, reason]),
    [
      ['attributions', 2, 'incident_ID', 'no-incident'],
      ['attributions', 3, 'attribution_date', 'shifted'],
      ['receivers', 2, 'receiver_name', 'shifted'],
    ],
  )
})

test('a set comes in the same with any separator, line ending, byte order mark and case of its words', async () => {
  const rows: Cells[] = [
    { ID: '1', name: 'Quiet; tide, or "wind"', incident_type: 'Disruption' },
    { ID: '2', start_date: '2020-02-29', end_date: '2020-03-01' },
  ]
  const plain = given('incidents', rows)
  const { problems, ...whole } = await readSet([plain], today)
  assert.deepEqual([whole.incidents.length, problems], [2, []])
  const cellsOf = (text: string) => readCsv(text).rows.map(({ cells }) => cells)
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  const written = (separator: string, end: string) =>
    cellsOf(plain.text)
      .map((cells) => cells.map(quoted).join(separator) + end)
      .join('')
  for (const text of [
    `\uFEFF${written(',', '\n')}`,
    written(';', '\r\n'),
    `\uFEFF${written(';', '\n')}`,
    written('\t', '\r\n'),
  ])
    assert.deepEqual({ ...(await readSet([{ ...plain, text }], today)) }, { ...whole, problems: [] })
  const shouted = await readSet([{ ...plain, text: plain.text.replace('Disruption', 'DISRUPTION') }], today)
  assert.deepEqual(shouted.incidents[0]?.types, whole.incidents[0]?.types)
  assert.equal(shouted.incidents[0]?.cells.incident_type, 'DISRUPTION', 'as published')
})

test('a header that nobody knows takes nothing in and names what is missing; a further column is kept and remarked', async (t) => {
  const services = await houseOf(t)
  const file = given('incidents', [{ ID: '1' }])
  const id = await imported(services, [{ ...file, text: file.text.replace('start_date', 'begun') }])
  const batch = await getBatch(services, id)
  assert.deepEqual([batch.state, batch.files[0]?.rows, batch.files[0]?.read], ['failed', 1, 0])
  const [problem] = await listProblems(services, id)
  assert.deepEqual(
    [problem?.reason, problem?.column, problem?.value, problem?.line],
    ['header', 'start_date', 'begun', 1],
  )
  await assert.rejects(
    keepBatch(services, analyst, id),
    (error: Refusal) => error.code === 'published-incidents.not-to-keep',
  )
  const further = await readSet(
    [{ ...file, text: file.text.replace('\r\n', ',shade\r\n').replace(/\r\n$/, ',blue\r\n') }],
    today,
  )
  assert.deepEqual(
    further.problems.map(({ reason, column }) => [reason, column]),
    [['column-unknown', 'shade']],
  )
  assert.equal(further.incidents[0]?.cells.shade, 'blue')
  const twice = await readSet([{ ...file, text: file.text.replaceAll('\r\n', ',x\r\n').replace(',x', ',name') }], today)
  assert.deepEqual(
    [twice.known, twice.problems.map(({ reason, column, line }) => [reason, column, line])],
    [false, [['column-twice', 'name', 1]]],
    'of two columns of one name neither is dropped in silence',
  )
})

test('an import that was broken off goes on where it stopped: every row once', async (t) => {
  const services = await houseOf(t)
  const many = Array.from({ length: 1_200 }, (_, at) => ({ ID: String(at + 1) }))
  const id = await beginBatch(services, analyst, {
    ...{ id: newId(), name: 'Many', edition: '1', source: 'A publisher', licence: 'CC0' },
    files: [given('incidents', many), given('receivers', many)],
  })
  let portions = 0
  const dying = {
    ...services,
    live: {
      publish() {
        portions += 1
        if (portions === 2) throw new Error('killed')
      },
    },
  } as unknown as Services
  await assert.rejects(readBatch(dying, id), /killed/)
  assert.deepEqual([(await getBatch(services, id)).rowsDone, (await getBatch(services, id)).state], [1_000, 'reading'])
  await readBatch(services, id)
  await readBatch(services, id)
  const batch = await getBatch(services, id)
  assert.deepEqual([batch.state, batch.rowsDone, batch.rowsAll], ['read', 2_400, 2_400])
  assert.equal((await listPublished(services, id, {})).count, 1_200)
  assert.equal((await services.db.selectFrom('home.published_incidents_receiver').selectAll().execute()).length, 1_200)
  assert.equal((await services.db.selectFrom('home.published_incidents_file').selectAll().execute()).length, 0)
})

test('a later import of a set shows what is new, changed and gone before it stands; a batch is removed whole', async (t) => {
  const services = await houseOf(t)
  const first = await imported(services, small)
  assert.equal((await whatOthersDid(services, analyst)).imported, false, 'nothing stands before a person said so')
  assert.deepEqual(pick(await previewOf(services, first)), [3, 0, 0, 0])
  for (const _ of ['once', 'twice']) await keepBatch(services, analyst, first)
  const one = small[0] as GivenFile
  const changed = { ...one, text: one.text.replace('Night wind', 'Night storm').replace(/\r\n3,/, '\r\n4,') }
  const receivers = given('receivers', [
    { ID: '1', receiver_category: 'Media' },
    { ID: '2', receiver_category: 'Science' },
  ])
  const second = await imported(services, [changed, given('attributions', []), receivers], 'invented  SET')
  const preview = await previewOf(services, second)
  assert.deepEqual(pick(preview), [1, 2, 0, 1])
  assert.deepEqual(preview.examples.gone, [{ ref: '3', name: 'Third' }])
  await keepBatch(services, analyst, second)
  assert.deepEqual(
    [(await getBatch(services, first)).state, (await getBatch(services, second)).state],
    ['replaced', 'standing'],
  )
  assert.equal(await rowsLeft(services, first), 0)
  await imported(services, small, 'Another set')
  for (const _ of ['once', 'twice']) await removeBatch(services, analyst, second)
  assert.equal(await rowsLeft(services, second), 0)
  const removed = await getBatch(services, second)
  assert.deepEqual([removed.state, removed.endedBy, removed.files[0]?.rows], ['removed', 'analyst', 3])
  assert.equal((await whatOthersDid(services, analyst)).imported, false)
})

const pick = ({ fresh, changed, same, gone }: { fresh: number; changed: number; same: number; gone: number }) => [
  fresh,
  changed,
  same,
  gone,
]

async function rowsLeft({ db }: Services, batch: string): Promise<number> {
  const tables = ['incident', 'text', 'words', 'attribution', 'receiver', 'response', 'problem'] as const
  const counts = await Promise.all(
    tables.map((table) =>
      db.selectFrom(`home.published_incidents_${table}`).select('batch').where('batch', '=', batch).execute(),
    ),
  )
  return counts.flat().length
}

test('published incidents are narrowed, read with their sources and taken up into the form that opens one of our own', async (t) => {
  const services = await houseOf(t)
  const id = await imported(services, small)
  await keepBatch(services, analyst, id)
  const found = async (criteria: Criteria) =>
    (await listPublished(services, id, criteria)).incidents.map(({ ref }) => ref)
  assert.deepEqual(await found({}), ['1', '2', '3'], 'newest first, those without a day last')
  assert.deepEqual(await found({ initiator: 'Caldia', victim: 'Borovia', type: 'disruption' }), ['1'])
  assert.deepEqual(await found({ basis: 'contested' }), ['1'])
  assert.deepEqual(await found({ sector: 'Energy', intensity: 3 }), ['2'])
  assert.deepEqual(await found({ words: 'night WINDS' }), ['2'])
  assert.deepEqual(await found({ from: '2021-03-05' }), [])
  const list = await ask('GET', '/published-incidents?words=tide&victim=Borovia', { services, viewer: reader })
  assert.match(list.html, /Quiet tide/)
  assert.match(list.html, /value="tide"/)
  const narrowedByNobody = await ask('GET', '/published-incidents?intensity=high&page=-3', { services, viewer: reader })
  assert.match(narrowedByNobody.html, /3 published incidents/)
  const page = '/published-incidents/invented-set/1'
  for (const [language, words] of [
    ['en', [/Caldia[\s\S]*Contested/, /Diplomatic protest notes/, /What is published is not what happened/]],
    ['fr', [/Contestée/, /mesures de stabilisation/, /Ce qui est publié/]],
    ['ar', [/متنازع عليه/, /تدابير لتحقيق الاستقرار/, /ما نُشر ليس ما حدث/]],
  ] as const) {
    const { html } = await ask('GET', page, { services, viewer: reader, language })
    for (const word of words) assert.match(html, word)
    assert.match(html, /href="https:\/\/news\.example\/tide"/)
    assert.doesNotMatch(html, /href="ftp/)
    const figures = await ask('GET', '/published-incidents/statistics', { services, viewer: reader, language })
    assert.match(figures.html, /<svg[\s\S]*<svg[\s\S]*<svg[\s\S]*<svg/)
    assert.match(figures.html, words[2])
    const imports = await ask('GET', `/published-incidents/imports/${id}`, { services, viewer: analyst, language })
    assert.match(imports.html, /Ana Lyst/)
  }
  const form = await ask('GET', `${page}/take-up`, { services, viewer: analyst })
  assert.match(form.html, /action="\/incidents"/)
  assert.match(form.html, /value="Quiet tide"/)
  assert.match(form.html, /Published in Invented set, edition 1, no\. 1 \(CC0\)/)
  const own = /name="id" value="([0-9a-f]{32})"/.exec(form.html)?.[1]
  const input = { id: own, codeName: 'Still Water', title: 'Quiet tide', category: 'availability', marking: 'AMBER' }
  await ask('POST', '/incidents', { services, viewer: analyst, input })
  assert.match((await ask('GET', page, { services, viewer: analyst })).html, /Taken up as Still Water/)
  const again = await ask('GET', `${page}/take-up`, { services, viewer: personOf('colleague') })
  assert.equal(redirectOf(again.answer), `/incidents/${own}`)
  const outsider = await ask('GET', `${page}/take-up`, { services, viewer: personOf('outsider', 'GREEN') })
  assert.doesNotMatch(outsider.html, new RegExp(String(own)), 'who may not see it learns nothing of it')
})

test('what others did is counted for those asked about, with n, by whom, and without what the set does not say', async (t) => {
  const services = await houseOf(t)
  assert.deepEqual(await whatOthersDid(services, analyst, {}), { imported: false })
  await keepBatch(services, analyst, await imported(services, small))
  assert.deepEqual(await whatOthersDid(services, personOf('nobody', 'AMBER', /^$/)), { imported: false })
  const did = await whatOthersDid(services, reader, {
    initiatorCategory: 'state',
    type: 'disruption',
    basis: 'industry',
  })
  assert.ok(did.imported)
  assert.deepEqual([did.incidents, did.answered, did.unusable], [1, { any: 1, political: 1, legal: 0 }, 0])
  assert.deepEqual(did.responses, [
    {
      legal: false,
      type: 'eu-stabilising',
      subtype: 'Declaration of HR',
      n: 1,
      by: [{ country: 'EU (region)', actor: 'HR/VP', n: 1 }],
    },
    {
      legal: false,
      type: 'state-stabilising',
      subtype: 'Diplomatic protest notes',
      n: 1,
      by: [{ country: 'Borovia', actor: 'Foreign Ministry', n: 1 }],
    },
  ])
  const strong = await whatOthersDid(services, reader, { intensity: 3 })
  assert.deepEqual(strong.imported && [strong.incidents, strong.answered.any, strong.responses], [1, 0, []])
})

const folder = new URL('../../../../shared/data/incidents/', import.meta.url)
const skip = existsSync(folder) ? false : 'no ../shared/data/incidents (EuRepoC 1.1, three files)'

test('EuRepoC 1.1 comes in whole, and its figures are those that counting row by row gives', { skip }, async (t) => {
  const services = await houseOf(t)
  const files = (['Global_Database', 'Attribution_dataset', 'Receiver_dataset'] as const).map(
    (name, at): GivenFile => ({
      kind: (['incidents', 'attributions', 'receivers'] as const)[at] as FileKind,
      name,
      text: readFileSync(new URL(`EuRepoC_${name}_1.1.csv`, folder), 'utf8'),
    }),
  )
  const id = await imported(services, files, 'EuRepoC')
  await keepBatch(services, analyst, id)
  const batch = await getBatch(services, id)
  assert.deepEqual(
    batch.files.map(({ rows, read }) => [rows, read]),
    [
      [1643, 1643],
      [2643, 2643],
      [6333, 6333],
    ],
  )
  const unknown = (await listProblems(services, id)).filter(({ reason }) => reason === 'unknown-value')
  assert.deepEqual(
    unknown.map(({ line, column, value }) => [line, column, value]),
    [
      [1003, 'political_response_type', 'N'],
      [1003, 'political_response_type', 'N'],
    ],
  )
  const set = await readSet(files, today)
  const { delays, attributions, incidents: shares, pairs, years, responses } = await loadStatistics(services, id)
  assert.deepEqual(
    [shares.all, shares.unknown],
    [1643, set.incidents.filter((one) => one.initiators.length === 0).length],
  )
  const starts = new Map(set.incidents.map((one) => [one.ref, one.start]))
  for (const [group, basis] of [
    ['attacker', 'attacker'],
    ['industry', 'industry'],
    ['third-party', 'third-party'],
  ]) {
    const firstDays = new Map<string, string | null>()
    for (const one of set.attributions.filter((row) => row.basis === basis)) {
      const key = `${one.ref} ${one.attribution}`
      const before = firstDays.get(key)
      if (!before || (one.day !== null && one.day < before)) firstDays.set(key, one.day)
    }
    const days = [...firstDays].flatMap(([key, day]) => {
      const start = starts.get(key.split(' ')[0] ?? '')
      return day && start ? [(Date.parse(day) - Date.parse(start)) / 86_400_000] : []
    })
    const usable = days.filter((one) => one >= 0).toSorted((a, b) => a - b)
    const middle =
      ((usable[Math.floor((usable.length - 1) / 2)] ?? 0) + (usable[Math.ceil((usable.length - 1) / 2)] ?? 0)) / 2
    const delay = delays.find((one) => one.group === group)
    assert.deepEqual(
      [delay?.usable, delay?.quartiles?.[1], delay?.before],
      [usable.length, middle, days.length - usable.length],
    )
  }
  const political = delays.find((one) => one.group === 'political')
  assert.equal(
    political?.all,
    (political?.usable ?? 0) + (political?.noDay ?? 0) + (political?.noStart ?? 0) + (political?.before ?? 0),
  )
  const countries = Map.groupBy(
    set.attributions.filter((one) => one.country),
    ({ ref }) => ref,
  )
  const several = [...countries.values()].filter((rows) => new Set(rows.map(({ country }) => country)).size > 1)
  assert.deepEqual([attributions.incidentsNamed, attributions.incidentsSeveral], [countries.size, several.length])
  assert.equal(
    pairs.find((one) => one.initiator === 'Russia' && one.victim === 'Ukraine')?.n,
    set.incidents.filter((one) => one.initiators.includes('Russia') && one.victims.includes('Ukraine')).length,
  )
  assert.equal(
    years.reduce((sum, { n }) => sum + n, 0),
    set.incidents.flatMap((one) => (one.start ? one.types : [])).length,
  )
  assert.deepEqual([responses.political, responses.legal], [45, 23])
})
