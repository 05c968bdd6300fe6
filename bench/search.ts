import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { askFor, findActs, type SearchCriteria } from '../src/core/search/index.ts'
import { markingKey } from '../src/core/search/facets.ts'
import type { Marking } from '../src/protocol/types.ts'
import { openBenchLedger } from './bench-ledger.ts'
import { percentile, printFigures } from './print-figures.ts'

/**
 * A search over a million messages: the query that a page asks, with what its reader may not read left out by the
 * query itself. Messages are made up set by set within the database: 20 to 60 words each, some words in nearly all
 * messages and most in few (Zipf), with author, addressee, kind, space, marking and a reference.
 */

const messages = Number(process.argv[2] ?? 1_000_000)
const rounds = Number(process.argv[3] ?? 20)
const limitMs = 300
const vocabulary = 50_000
const start = Date.UTC(2025, 0, 1)
const minute = 60_000

/** Words of real languages by their rank, as they stand in the index. */
const planted = new Map(
  [
    [1, 'the'],
    [3, 'cyber'],
    [30, 'démarche'],
    [60, 'السفارة'],
    [400, 'préservation'],
    [9_000, 'quarantine'],
    [9_001, 'الهجمات'],
  ].map(([rank, typed]) => [rank, Object.values([...wordsIn(String(typed))])[0]] as const),
)

function wordsIn(typed: string): ReadonlySet<string> {
  const asked = askFor(typed)
  if (typeof asked === 'string') throw new Error(asked)
  return asked.words
}

const markings: [share: number, marking: Marking][] = [
  [0.05, { tlp: 'CLEAR' }],
  [0.3, { tlp: 'GREEN' }],
  [0.9, { tlp: 'AMBER' }],
  [0.94, { tlp: 'AMBER+STRICT' }],
  [0.95, { tlp: 'AMBER', class: 'SECRET' }],
  [1, { tlp: 'RED' }],
]

const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const { db, close } = await openBenchLedger(folder, 'mfa.aurelia.example')
try {
  for (const [, marking] of markings) {
    const row = [markingKey(marking), JSON.stringify(marking)] as const
    await sql`insert into view.search_marking values ('bench', ${row[0]}, ${row[1]}::jsonb)`.execute(db)
  }
  await sql`drop index view.search_act_words`.execute(db)
  const loading = performance.now()
  await load()
  await sql`create index search_act_words on view.search_act using gin (words) with (fastupdate = off)`.execute(db)
  await sql`vacuum (analyze) view.search_act`.execute(db)
  console.log(`${messages} messages loaded in ${((performance.now() - loading) / 1000).toFixed(0)} s`)
  await measure()
} finally {
  await close()
  await rm(folder, { recursive: true, force: true })
}

async function load(): Promise<void> {
  const word = sql.raw(
    `case rank ${[...planted].map(([rank, is]) => `when ${rank} then '${is}'`).join(' ')} else 'w' || to_hex(rank) end`,
  )
  const marking = sql.raw(
    `case ${markings.map(([share, is]) => `when m < ${share} then '${markingKey(is)}'`).join(' ')} else '${markingKey({ tlp: 'RED' })}' end`,
  )
  const portion = 100_000
  for (let from = 0; from < messages; from += portion) {
    await sql`
      insert into view.search_act (space, idx, act, at, marking, words, waiting, stale)
      select space, i / 200, act, ${start} + i * ${minute / 2}::bigint, marking,
        (said || ' ''a:party' || author || '.example'' ''t:party' || addressee || '.example'' ''f:channels.kind-'
          || i % 12 || ''' ''s:' || space || ''' ''m:' || marking || ''' ''r:' || i || '/2026''')::tsvector, false, false
      from generate_series(${from}::int, ${Math.min(messages, from + portion) - 1}::int) i
        cross join lateral (select md5((i % 200)::text) as space, rpad(md5(i::text), 43, 'x') as act,
          floor(exp(random() * ln(30)))::int as author, floor(exp(random() * ln(30)))::int as addressee,
          random() as m) one
        cross join lateral (select ${marking} as marking) two
        cross join lateral (
          select string_agg('''' || ${word} || ''':' || k, ' ') as said
          from (select k, floor(exp(random() * ln(${vocabulary}::float8)))::int as rank
            from generate_series(1, 20 + i % 41) k) words) three`.execute(db)
  }
}

async function measure(): Promise<void> {
  const reader = { party: 'aurelia.example', ceiling: 'AMBER' } as const
  const outsider = { party: 'aurelia.example', ceiling: 'CLEAR' } as const
  const words = (typed: string): Pick<SearchCriteria, 'words'> => {
    const asked = askFor(typed)
    if (typeof asked === 'string') throw new Error(asked)
    return { words: asked.query }
  }
  const month = (round: number) => ({
    from: start + (round % 10) * 30 * 24 * 60 * minute,
    until: start + ((round % 10) + 1) * 30 * 24 * 60 * minute,
  })
  const party = (round: number) => `party${1 + (round % 29)}.example`
  const questions: [string, (round: number) => Omit<SearchCriteria, 'limit'>, (typeof reader | typeof outsider)?][] = [
    ['the commonest word', () => words('the')],
    ['the commonest word, the hundredth page', (at) => ({ ...words('the'), after: placeAt(messages - 2_500 - at) })],
    ['the commonest word, best first', () => ({ ...words('the'), order: 'best' })],
    ['the commonest word, for a reader of one document in twenty', () => words('the'), outsider],
    [
      'the two commonest, in one month, by one party',
      (at) => ({ ...words('the cyber'), ...month(at), party: party(at) }),
    ],
    ['a rare word', () => words('quarantine')],
    ['a rare word beside the commonest', () => words('the quarantine')],
    ['a word typed with accents', () => words('Démarche')],
    ['a rarer one with accents', () => words('PRESERVATION')],
    ['an Arabic word in another form', () => words('سفارة')],
    ['a rare Arabic word', () => words('والهجمات')],
    ['a phrase', () => words('"the cyber"')],
    ['a beginning', () => words('quarant*')],
    ['no such word', () => words('the nowhereatall')],
    ['a reference', (at) => ({ reference: `${(at * 48_271) % messages}/2026` })],
    ['what one party said in one month', (at) => ({ ...month(at), party: party(at), direction: 'by' })],
    ['everything in one space', (at) => ({ space: spaceAt(at) })],
  ]
  const spaces = await db.selectFrom('view.search_act').select('space').distinct().limit(rounds).execute()
  const spaceAt = (at: number) => spaces[at % spaces.length]?.space ?? ''
  const placeAt = (i: number) => ({ at: start + i * (minute / 2), space: 'f'.repeat(32), index: Math.floor(i / 200) })
  const figures = []
  for (const [what, criteria, by = reader] of questions) {
    const took: number[] = []
    let found = 0
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now()
      const { acts } = await findActs(db, { ...criteria(round), limit: 25 }, by)
      took.push(performance.now() - began)
      found += acts.length
    }
    const many = (found / rounds).toFixed(0)
    figures.push({ what: `${what} (${many} shown), p50`, value: percentile(took, 0.5), unit: 'ms' })
    figures.push({ what: `${what}, p95`, value: percentile(took, 0.95), unit: 'ms', limit: limitMs })
  }
  process.exitCode = printFigures(`Search over ${messages} messages, ${rounds} of each`, figures)
}
process.exit()
