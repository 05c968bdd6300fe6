import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { render } from 'preact-render-to-string'
import { systemClock } from '../src/core/config/index.ts'
import type { Services, Viewer, Visit } from '../src/core/module/types.ts'
import { beginBatch, getBatch, keepBatch, readBatch } from '../src/modules/published-incidents/index.ts'
import { countChoices } from '../src/modules/published-incidents/import-batch.ts'
import { StatisticsPage } from '../src/modules/published-incidents/pages/statistics-page.tsx'
import { publishedBehind } from '../src/modules/published-incidents/published-behind.ts'
import { takenUpId } from '../src/modules/published-incidents/take-up.tsx'
import { createTranslator } from '../src/text/index.ts'
import { type Criteria, listPublished } from '../src/modules/published-incidents/list-published.ts'
import { keepBeside, loadStatistics } from '../src/modules/published-incidents/keep-figures.ts'
import { countStatistics } from '../src/modules/published-incidents/statistics.ts'
import { newId } from '../src/protocol/index.ts'
import { openBenchLedger } from './bench-ledger.ts'
import { type Figure, median, percentile, printFigures } from './print-figures.ts'

/**
 * The three files of EuRepoC 1.1 from their bytes to standing, on PostgreSQL that waits for the disk; and lists with
 * filters over a hundred thousand incidents. The many are copies of the imported ones, each moved by some days and
 * made another by its words, so that filters meet shares like those of real data.
 */

const folder = process.argv[2] ?? new URL('../../shared/data/incidents/', import.meta.url).pathname
const wanted = Number(process.argv[3] ?? 100_000)
const rounds = Number(process.argv[4] ?? 20)
const limits = { importS: 8, listMs: 150, figuresMs: 300, behindMs: 20 }

const kinds = [
  ['incidents', 'Global_Database'],
  ['attributions', 'Attribution_dataset'],
  ['receivers', 'Receiver_dataset'],
] as const
const pathOf = (name: string) => join(folder, `EuRepoC_${name}_1.1.csv`)
if (!kinds.every(([, name]) => existsSync(pathOf(name)))) {
  console.log(`skipped: no EuRepoC 1.1 in ${folder}`)
  process.exit()
}

const own = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const { db, close } = await openBenchLedger(own, 'mfa.aurelia.example')
const services = {
  ...{ db, party: 'mfa.aurelia.example', nameOf: (party: string) => party, modules: [], settings: {} },
  ...{ clock: systemClock, jobs: { enqueue: async () => undefined }, live: { publish: () => undefined } },
} as unknown as Services
const viewer = { person: { id: 'bench' }, may: () => true } as unknown as Viewer
const office = { id: 'cyber-desk', name: { en: 'Cyber desk' } }
const reader = {
  person: { id: 'bench', name: 'bench', language: 'en', zone: 'Europe/Paris' },
  ...{ office, offices: [office], roles: [], ceiling: 'RED', sessionId: 's', may: () => true },
} as unknown as Viewer
const figures: Figure[] = []
try {
  const batch = await importAll()
  await seed(batch)
  await measure(batch)
  process.exitCode = printFigures(`Published incidents: import, and lists over ${wanted}`, figures)
} finally {
  await close()
  await rm(own, { recursive: true, force: true })
}
process.exit()

async function importAll(): Promise<string> {
  const began = performance.now()
  const files = kinds.map(([kind, name]) => ({ kind, name, text: readFileSync(pathOf(name), 'utf8') }))
  const id = await beginBatch(services, viewer, {
    ...{ id: newId(), name: 'EuRepoC', edition: '1.1', source: 'bench', licence: 'bench', files },
  })
  await readBatch(services, id)
  await keepBatch(services, viewer, id)
  figures.push({
    what: 'import of three files',
    value: (performance.now() - began) / 1000,
    unit: 's',
    limit: limits.importS,
  })
  const batch = await getBatch(services, id)
  console.log(batch.files.map(({ kind, rows, read }) => `${read} of ${rows} ${kind}`).join(', '))
  return id
}

/** Copies what was imported under numbers of their own until there are as many as wanted. */
async function seed(batch: string): Promise<void> {
  const copies = Math.ceil(wanted / 1643) - 1
  await sql`
    insert into home.published_incidents_incident
    select batch, ref || '-' || c, name || ' ' || c, (started_on::date - (c * 7) % 3000)::text, ended_on, intensity,
      types, victims, initiators, categories, facets, digest
    from home.published_incidents_incident cross join generate_series(1, ${copies}) c where batch = ${batch}`.execute(
    db,
  )
  await sql`
    insert into home.published_incidents_words
    select batch, ref || '-' || c, (started_on::date - (c * 7) % 3000)::text, words || to_tsvector('simple', 'copy' || c)
    from home.published_incidents_words cross join generate_series(1, ${copies}) c where batch = ${batch}`.execute(db)
  const names = 'attribution, day, kind, basis, actor, company, by_country, initiator, country, category'
  await sql`
    insert into home.published_incidents_attribution (batch, place, ref, ${sql.raw(names)})
    select batch, place + c * 10000, ref || '-' || c, ${sql.raw(names)}
    from home.published_incidents_attribution cross join generate_series(1, ${copies}) c where batch = ${batch}`.execute(
    db,
  )
  await sql`
    insert into home.published_incidents_response
    select batch, place + c * 10000, ref || '-' || c, legal, day, type, subtype, country, actor
    from home.published_incidents_response cross join generate_series(1, ${copies}) c where batch = ${batch}`.execute(
    db,
  )
  await db.transaction().execute(async (tx) => {
    await countChoices(tx, batch)
    await keepBeside(services, tx, batch)
  })
  await sql`vacuum (analyze) home.published_incidents_incident, home.published_incidents_words`.execute(db)
  await sql`analyze home.published_incidents_attribution, home.published_incidents_response`.execute(db)
}

async function measure(batch: string): Promise<void> {
  const asked: [what: string, criteria: Criteria, page?: number][] = [
    ['everything', {}],
    ['everything, page 1,000', {}, 1_000],
    ['one victim', { victim: 'United States' }],
    ['victim, initiator and type', { victim: 'United States', initiator: 'China', type: 'data-theft' }],
    ['commonest type', { type: 'disruption' }],
    ['basis and sector', { basis: 'government', sector: 'Energy' }],
    ['intensity 4 and more', { intensity: 4 }],
    ['one year', { from: '2015-01-01', until: '2015-12-31' }],
    ['a common word', { words: 'government' }],
    ['words of one copy', { words: 'copy7 hackers' }],
    ['a word that is nowhere', { words: 'nowhereatall' }],
    [
      'category, period, intensity and words',
      { category: 'state', from: '2010-01-01', intensity: 2, words: 'ministry' },
    ],
  ]
  for (const [what, criteria, page = 1] of asked) {
    const took: number[] = []
    let count = 0
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now()
      count = (await listPublished(services, batch, criteria, page)).count
      took.push(performance.now() - began)
    }
    figures.push({ what: `${what} (${count}), p50`, value: median(took), unit: 'ms' })
    figures.push({ what: `${what}, p95`, value: percentile(took, 0.95), unit: 'ms', limit: limits.listMs })
  }
  const began = performance.now()
  await countStatistics(services, batch)
  figures.push({ what: 'all figures counted, once per import', value: performance.now() - began, unit: 'ms' })
  await pages(batch)
}

/** What a reader waits for: the whole page of figures, and what was published behind an incident of ours. */
async function pages(batch: string): Promise<void> {
  const of = await getBatch(services, batch)
  const visit = {
    ...{ services, viewer: reader, params: {}, language: 'en', t: createTranslator('en'), values: {}, input: {} },
    ...{ query: new URLSearchParams(), request: new Request('http://x.test/'), wantsJson: false },
  } as unknown as Visit
  const asked: [what: string, limit: number, ask: () => Promise<unknown>][] = [
    [
      'page of figures',
      limits.figuresMs,
      async () => {
        const statistics = await loadStatistics(services, batch)
        return render(StatisticsPage({ visit, batch: of, statistics }))
      },
    ],
    [
      'what was published behind an incident',
      limits.behindMs,
      async () => publishedBehind(services, reader, takenUpId(services, of, '42-7')),
    ],
  ]
  for (const [what, limit, ask] of asked) {
    const took: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const from = performance.now()
      await ask()
      took.push(performance.now() - from)
    }
    figures.push({ what: `${what}, p95`, value: percentile(took, 0.95), unit: 'ms', limit })
  }
}
