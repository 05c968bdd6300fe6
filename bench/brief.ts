import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { launchNode } from '../src/cli/demo/launch-node.ts'
import { parties } from '../src/cli/demo/parties.ts'
import { removeEmbeddedPostgres } from '../src/core/storage/index.ts'
import { newId } from '../src/protocol/index.ts'
import { type Desk, signIn } from '../test/support/launch-pair.ts'
import { type Figure, percentile, printFigures } from './print-figures.ts'

/**
 * The brief of a heavy incident as one page: from request to the whole PDF, on a running node of its own, over HTTP. The
 * record holds so much that the page has to be fitted. The first request, which reads the typefaces, is timed apart.
 */

const rounds = Number(process.argv[2] ?? 30)
const facts = Number(process.argv[3] ?? 300)
const limitMs = 2_000
const said = 'The operator told the competent authority what it had seen at this site, and from when on. '

const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const dataDir = join(folder, 'aurelia')
const program = resolve(import.meta.dirname, '../dist/chancery.js')
const node = await launchNode({
  ...{ key: 'aurelia', party: parties.aurelia, dataDir, port: 7390, program, isFounded: false },
})
try {
  const analyst = await signIn(node, 'analyst')
  const incident = await seed(analyst)
  const figures: Figure[] = []
  const first = await timed(analyst, `/incidents/${incident}/brief/pdf`)
  figures.push({ what: 'the first one of this node', value: first.ms, unit: 'ms', limit: limitMs })
  for (const [what, query] of [
    ['at the marking of the incident', ''],
    ['at RED', '?marking=RED'],
    ['at GREEN, lines alone', '?marking=GREEN'],
  ] as const) {
    const took: number[] = []
    let bytes = 0
    for (let round = 0; round < rounds; round += 1) {
      const one = await timed(analyst, `/incidents/${incident}/brief/pdf${query}`)
      took.push(one.ms)
      bytes = one.bytes
    }
    figures.push({ what: `${what}, p50`, value: percentile(took, 0.5), unit: 'ms', limit: limitMs })
    figures.push({ what: `${what}, p95 (${bytes} B)`, value: percentile(took, 0.95), unit: 'ms', limit: limitMs })
  }
  process.exitCode = printFigures(
    `Brief as one page, ${facts} facts, 60 lines, 300 entries, ${rounds} of each`,
    figures,
  )
} finally {
  await node.stop()
  await removeEmbeddedPostgres(dataDir)
  await rm(folder, { recursive: true, force: true })
}
process.exit()

async function timed(desk: Desk, path: string): Promise<{ ms: number; bytes: number }> {
  const from = performance.now()
  const answer = await desk.ask(path)
  const bytes = (await answer.arrayBuffer()).byteLength
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
  return { ms: performance.now() - from, bytes }
}

async function post(desk: Desk, path: string, input: Record<string, string>): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await desk.ask(path, { method: 'POST', headers, body: JSON.stringify({ id: newId(), ...input }) })
  if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
}

async function seed(desk: Desk): Promise<string> {
  const incident = newId()
  const about = { title: 'Disruption of water works', category: 'availability', drill: 'no', marking: 'AMBER' }
  await post(desk, '/incidents', { ...about, id: incident, ceiling: 'RED' })
  const at = `/incidents/${incident}`
  const sentence = said.repeat(3)
  await post(desk, `${at}/bottom-line`, { first: sentence, second: sentence, third: sentence })
  for (let number = 0; number < facts; number += 1) {
    const kind = ['known', 'unknown', 'contested'][number % 3] ?? 'known'
    await post(desk, `${at}/facts`, { kind, words: `${number}: ${said.repeat(1 + (number % 8))}` })
  }
  for (let number = 0; number < 60; number += 1)
    await post(desk, `${at}/lines`, {
      ...{ kind: number % 2 ? 'holding' : 'if-asked', language: 'en', audience: 'house', zone: 'Etc/UTC' },
      ...{ marking: ['GREEN', 'AMBER', 'RED'][number % 3] ?? 'AMBER', words: `Line ${number}: ${said}` },
    })
  for (let number = 0; number < 300; number += 1) await post(desk, `${at}/log`, { entry: `${number}: ${said}` })
  return incident
}
