import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { render } from 'preact-render-to-string'
import { openNodeDatabase } from '../src/app/start-node.ts'
import { createAttachments } from '../src/core/attachments/index.ts'
import { loadSettings, systemClock } from '../src/core/config/index.ts'
import type { Services, Viewer, Visit } from '../src/core/module/types.ts'
import { removeEmbeddedPostgres } from '../src/core/storage/index.ts'
import { incidents, openIncident } from '../src/modules/incidents/index.ts'
import {
  consistencies,
  credibilities,
  type GradedEvidence,
  reliabilities,
} from '../src/modules/incidents/weigh/marks.ts'
import { rank } from '../src/modules/incidents/weigh/ranking.ts'
import { recordAssessment } from '../src/modules/incidents/weigh/record-assessment.ts'
import { sensitivityOf } from '../src/modules/incidents/weigh/sensitivity.ts'
import { newId } from '../src/protocol/index.ts'
import { createTranslator } from '../src/text/index.ts'
import { type Figure, median, percentile, printFigures } from './print-figures.ts'

/**
 * The matrix of an incident recalculated: 20 hypotheses × 300 items, all judged. The figures alone, and the whole page
 * as its route answers it on PostgreSQL that waits for the disk, read, ranked and rendered.
 */

const hypothesisCount = Number(process.argv[2] ?? 20)
const itemCount = Number(process.argv[3] ?? 300)
const rounds = Number(process.argv[4] ?? 40)
const limitMs = 50

const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const dataDir = join(folder, 'aurelia')
const settings = await loadSettings({
  env: {},
  flags: { dataDir, publicUrl: 'http://127.0.0.1:9', peerUrl: 'http://127.0.0.1:9' },
  listens: false,
})
const database = await openNodeDatabase(settings)
const services = {
  attachments: createAttachments({
    db: database.db,
    clock: systemClock,
    jobs: { enqueue: async () => undefined },
  } as never),
  ...{ db: database.db, clock: systemClock, party: 'aurelia.example', partyName: { en: 'Aurelia' }, settings },
  ...{ modules: [incidents], nameOf: (party: string) => party },
  people: { find: async (id: string) => ({ id, name: id, roles: [], offices: [] }), list: async () => [] },
  live: { publish() {}, subscribe: () => () => undefined },
  ledger: { find: async () => undefined, list: async () => [] },
} as unknown as Services
const office = { id: 'desk', name: { en: 'Desk' } }
const viewer = {
  person: { id: 'analyst', name: 'analyst', language: 'en', zone: 'Etc/UTC' },
  ...{ office, offices: [office], roles: [], ceiling: 'RED', sessionId: 's', may: () => true },
} as unknown as Viewer

try {
  const { id, hypotheses, evidence, assessment } = await seed()
  const figures: Figure[] = [
    ...timesOf('ranking', await timed(() => rank(hypotheses, evidence))),
    ...timesOf('what the order hangs on', await timed(() => sensitivityOf(hypotheses, evidence))),
    ...timesOf('page of the matrix', await timed(() => answer(id, '/incidents/:incident/weighing', 'weighing'))),
    ...timesOf(
      'page of an assessment and what it rested on',
      await timed(() => answer(id, '/incidents/:incident/assessments/:assessment', `assessments/${assessment}`)),
    ),
    ...timesOf(
      'page of what the order hangs on',
      await timed(() => answer(id, '/incidents/:incident/weighing/sensitivity', 'weighing/sensitivity')),
    ),
  ]
  process.exitCode = printFigures(`${hypothesisCount} hypotheses × ${itemCount} items`, figures)
} finally {
  await database.close()
  await removeEmbeddedPostgres(dataDir)
  await rm(folder, { recursive: true, force: true })
}
process.exit()

function timesOf(what: string, times: readonly number[]): Figure[] {
  return [
    { what: `${what}, p50`, value: median(times), unit: 'ms', limit: limitMs },
    { what: `${what}, p95`, value: percentile(times, 0.95), unit: 'ms', limit: limitMs },
  ]
}

async function timed(work: () => unknown): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds + 5; round++) {
    const from = performance.now()
    await work()
    if (round >= 5) times.push(performance.now() - from)
  }
  return times
}

async function answer(incident: string, pattern: string, path: string): Promise<string> {
  const route = incidents.routes?.(services).find((one) => one.method === 'GET' && one.path === pattern)
  const url = new URL(`/incidents/${incident}/${path}`, 'http://bench.test')
  const visit = {
    ...{
      services,
      viewer,
      params: { incident, assessment: path.split('/')[1] ?? '' },
      language: 'en',
      t: createTranslator('en'),
      values: {},
    },
    ...{ query: url.searchParams, input: {}, request: new Request(url), wantsJson: false },
  } as unknown as Visit
  const given = await route?.handle(visit)
  if (!given || !('page' in given)) throw new Error(`no page at ${pattern}`)
  return render(given.page)
}

async function seed() {
  const id = await openIncident(services, viewer, {
    ...{ id: newId(), title: 'Bench', summary: '', category: 'availability', drill: false },
    ...{ ceiling: 'RED', marking: 'AMBER', source: { kind: 'form' } },
  })
  const by = { by_person: 'analyst', at: systemClock.now() }
  const hypotheses = Array.from({ length: hypothesisCount }, () => newId())
  const evidence = Array.from(
    { length: itemCount },
    (_, i): GradedEvidence => ({
      id: newId(),
      reliability: reliabilities[(i * 7) % reliabilities.length] ?? 'A',
      credibility: credibilities[(i * 5 + 1) % credibilities.length] ?? '1',
      marks: Object.fromEntries(
        hypotheses.map((one, h) => [
          one,
          consistencies[(i * 31 + h * 17 + ((i * h) % 11)) % consistencies.length] ?? 'na',
        ]),
      ),
    }),
  )
  await database.db
    .insertInto('home.incidents_hypothesis')
    .values(hypotheses.map((one, at) => ({ id: one, incident: id, number: at + 1, words: `Conduct ${at + 1}`, ...by })))
    .execute()
  await database.db
    .insertInto('home.incidents_evidence')
    .values(
      evidence.map(({ marks: _, ...one }, at) => ({
        ...{ ...one, ...by, incident: id, number: at + 1, words: `What was seen in log ${at + 1}`, source: 'logs' },
        ...{ stix_id: null, tlp: 'AMBER' as const, withdrawn_at: null, compartment: null },
      })),
    )
    .execute()
  for (const item of evidence)
    await database.db
      .insertInto('home.incidents_mark')
      .values(
        Object.entries(item.marks).map(([hypothesis, consistency]) => ({
          ...{ evidence: item.id, hypothesis, consistency, ...by },
        })),
      )
      .execute()
  const assessment = newId()
  await recordAssessment(services, viewer, id, {
    ...{ id: assessment, hypothesis: hypotheses[0] ?? '', probability: 'icd-203:likely' },
    ...{ confidence: 'low', why: 'Bench', reasons: { sources: '-', independence: '-', assumptions: '-', gaps: '-' } },
  })
  // One item in ten is marked otherwise since.
  await database.db
    .updateTable('home.incidents_mark')
    .set({ consistency: '0', at: systemClock.now() })
    .where(
      'evidence',
      'in',
      evidence.filter((_, at) => at % 10 === 0).map((one) => one.id),
    )
    .execute()
  return { id, hypotheses, evidence, assessment }
}
