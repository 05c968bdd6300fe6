import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { modules } from '../src/app/modules.ts'
import type { Services, Viewer } from '../src/core/module/types.ts'
import { listFiles } from '../src/modules/channels/register/filing.ts'
import { findRows, listParties, openMarkings, type RegisterFilter } from '../src/modules/channels/register/find-rows.ts'
import { openBenchLedger } from './bench-ledger.ts'
import { percentile, printFigures } from './print-figures.ts'

/**
 * The register over 100,000 documents: the queries that its pages ask, with what their reader may not read left out.
 * Documents are notes made up within the database: forms, parties, states, file codes and markings by their share.
 */

const documents = Number(process.argv[2] ?? 100_000)
const rounds = Number(process.argv[3] ?? 30)
const limitMs = 150
const us = 'mfa.aurelia.example'
const start = Date.UTC(2024, 0, 1)
const apart = 600_000
const perPage = 101

const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const { db, close } = await openBenchLedger(folder, us)
const services = { db, modules: modules(), party: us } as unknown as Services
const viewer = { ceiling: 'AMBER', may: () => true } as unknown as Viewer
try {
  const loading = performance.now()
  await load()
  console.log(`${documents} documents loaded in ${((performance.now() - loading) / 1000).toFixed(0)} s`)
  await measure()
} finally {
  await close()
  await rm(folder, { recursive: true, force: true })
}

async function load(): Promise<void> {
  await sql`select setseed(0.4)`.execute(db)
  for (const tlp of ['GREEN', 'AMBER', 'RED'])
    await sql`insert into home.register_marking values (${tlp}, ${JSON.stringify({ tlp })}::jsonb)`.execute(db)
  await sql`
    create unlogged table public.made as
    select md5((i % 400)::text) as space, rpad(md5(i::text), 43, 'x') as act, i / 400 as idx,
      (array['letter', 'note-verbale', 'first-person-note', 'aide-memoire'])[1 + i % 4] as form,
      case when i % 2 = 0 then ${us}::text else other end as author,
      case when i % 2 = 0 then other else ${us}::text end as addressee,
      i || '/2026' as number, ${start} + i::bigint * ${apart} as at, random() as s, random() as m, random() as f
    from generate_series(0, ${documents - 1}::int) i
    cross join lateral (select 'party' || floor(exp((i::bigint * 48271 % 10007) / 10007.0 * ln(150)))::int || '.example' as other) o
  `.execute(db)
  await sql`
    insert into view.channels_note (space, hash, idx, author, form, number, purpose, addressee, sent_at,
      acknowledged_by, acknowledged_at, answered_by, answered_at, ended, ended_at)
    select space, act, idx, author, form, number, 'inform', addressee, at, case when s < 0.9 then 'a' end,
      case when s < 0.9 then at + 1 end, case when s < 0.6 then 'b' end, case when s < 0.6 then at + 2 end,
      case when s > 0.999 then 'returned' end, case when s > 0.999 then at + 3 end from public.made`.execute(db)
  await sql`
    insert into home.register_document (act, space, idx, kind, author, addressees, number, your_ref, at, marking)
    select act, space, idx, form, author, array[addressee], number, null, at,
      case when m < 0.05 then 'GREEN' when m < 0.97 then 'AMBER' else 'RED' end from public.made`.execute(db)
  await sql`
    insert into home.register_party
    select distinct p.party, d.marking from home.register_document d
    cross join lateral unnest(d.author || d.addressees) as p(party) where p.party <> ${us}`.execute(db)
  await sql`
    insert into home.register_filing (act, code, filed_by, filed_by_name, filed_at)
    select act, case when f < 0.6 then '11' when f < 0.601 then '13' else '19' end, 'p', 'p', at
    from public.made where f < 0.95`.execute(db)
  await sql`
    insert into home.register_incoming (act, year, number, received_at)
    select act, 2026, row_number() over (order by at), at from public.made where author <> ${us}`.execute(db)
  await sql`
    insert into home.register_no_answer select act, 'p', 'p', at from public.made
    where author = ${us} and s > 0.95`.execute(db)
  await sql`vacuum (analyze)`.execute(db)
}

async function measure(): Promise<void> {
  const day = (at: number) => new Date(start + at * apart).toISOString().slice(0, 10)
  const questions: [string, (round: number) => Omit<RegisterFilter, 'limit'>][] = [
    ['the newest', () => ({})],
    ['the tenth page', () => ({ offset: 900 })],
    ['the hundredth page', () => ({ offset: 9_900 })],
    ['incoming', () => ({ direction: 'in' })],
    ['one party with much', () => ({ party: 'party1.example' })],
    ['one party with little', (at) => ({ party: `party${100 + at}.example` })],
    ['a party without any', () => ({ party: 'nowhere.example' })],
    ['a form', () => ({ kind: 'aide-memoire' })],
    ['a form without any', () => ({ kind: 'minutes' })],
    ['the file with most', () => ({ code: '11' })],
    ['a file with little', () => ({ code: '13' })],
    ['a month', (at) => ({ from: day(at * 2_000), to: day(at * 2_000 + 4_320) })],
    ['a number', (at) => ({ number: `${(at * 48_271) % documents}/2026` })],
    ['answered', () => ({ state: 'answered' })],
    ['sent', () => ({ state: 'sent' })],
    ['returned: one in a thousand', () => ({ state: 'returned' })],
    ['withdrawn: none', () => ({ state: 'withdrawn' })],
    ['no answer', () => ({ state: 'no-answer' })],
    [
      'one party in one file in one year',
      () => ({ party: 'party2.example', code: '11', from: '2025-01-01', to: '2025-12-31' }),
    ],
  ]
  const figures = []
  for (const [reader, ceiling] of [
    ['', 'AMBER'],
    [', for a reader of one in twenty', 'GREEN'],
  ] as const) {
    const open = await openMarkings(db, { party: us, ceiling } as never, 'page')
    const asked: [string, (round: number) => Promise<unknown[]>][] = [
      ...questions.map(
        ([what, filter]) =>
          [what, (round: number) => findRows(services, viewer, open, { ...filter(round), limit: perPage })] as [
            string,
            (round: number) => Promise<unknown[]>,
          ],
      ),
      ['parties to choose from', () => listParties(services, viewer, open)],
      ['documents under each code', () => listFiles(services, viewer, open)],
    ]
    for (const [what, ask] of asked) {
      const took: number[] = []
      let found = 0
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now()
        found += (await ask(round)).length
        took.push(performance.now() - began)
      }
      const named = `${what}${reader} (${(found / rounds).toFixed(0)} rows)`
      figures.push({ what: `${named}, p50`, value: percentile(took, 0.5), unit: 'ms' })
      figures.push({ what: `${named}, p95`, value: percentile(took, 0.95), unit: 'ms', limit: limitMs })
    }
  }
  process.exitCode = printFigures(`The register over ${documents} documents, ${rounds} of each`, figures)
}
process.exit()
