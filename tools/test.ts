import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { drawLots, perLot } from './test-lots.ts'
import { chromiumProgram } from '../test/browser/chromium-program.ts'
import { tablesStamp } from '../test/support/tables-stamp.ts'
import { startTestServer } from '../test/support/test-server.ts'

/**
 * `npm test`: every test this machine can run, on one PostgreSQL, with Node's own report.
 * Arguments name files or patterns to run instead of all; `--test-name-pattern=…` picks tests by title.
 * CHANCERY_REQUIRE_ALL=1 makes a skip a failure.
 */

const root = join(import.meta.dirname, '..')
process.chdir(root)

interface Need {
  what: string
  why: string
  concerns(file: string): boolean
  met: boolean
}

const chromium = chromiumProgram()

const needs: Need[] = [
  {
    what: 'the browser tests',
    why: `there is no ${chromium}`,
    concerns: (file) => file.startsWith('test/browser/'),
    met: existsSync(chromium),
  },
  {
    what: "the Go verifier's tests",
    why: 'there is no go in PATH',
    concerns: (file) => file.startsWith('verifier/') || file.endsWith('/go-verifier.test.ts'),
    met: hasProgram('go', 'version'),
  },
]

function hasProgram(name: string, argument: string): boolean {
  try {
    execFileSync(name, [argument], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function findTests(): string[] {
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
  const patterns = wanted.length > 0 ? wanted : ['{src,test,tools,bench,verifier}/**/*.test.{ts,tsx}']
  return globSync(patterns, { exclude: (path) => /(^|\/)(node_modules|fixtures)(\/|$)/.test(path) }).toSorted()
}

/** One line on what cannot run here; undefined when everything can. */
function describeSkips(files: string[]): string | undefined {
  const missing = needs.filter((need) => !need.met && files.some(need.concerns))
  if (missing.length === 0) return undefined
  const parts = missing.map((need) => {
    const count = files.filter(need.concerns).length
    return `${need.what} (${count} ${count === 1 ? 'file' : 'files'}) because ${need.why}`
  })
  return `Skipped: ${parts.join('; ')}. apt-get install chromium golang-go brings both.`
}

// Files that start nodes and browsers take longest: begun last they would run alone at the end.
const heavy = /^test\/(network|browser|simulation)\/|\/(go-verifier|embedded-postgres)\./
const cache = join(root, 'node_modules/.cache/chancery')
const timesFile = join(cache, 'test-times.json')

/** Longest first, by the last run on this machine where there was one. */
function longestFirst(files: string[]): string[] {
  const times: Record<string, number> = existsSync(timesFile) ? JSON.parse(readFileSync(timesFile, 'utf8')) : {}
  const weight = (file: string) => times[file] ?? (heavy.test(file) ? 60_000 : 0)
  return files.toSorted((a, b) => weight(b) - weight(a))
}

async function runNode(files: string[], address: string): Promise<{ code: number; skipped: number }> {
  Object.assign(process.env, {
    CHANCERY_TEST_PG: address,
    CHANCERY_TEST_TABLES: createHash('sha256').update(tablesStamp()).digest('hex'),
    CHANCERY_CHROMIUM: chromium,
    // Compiled modules are shared by the processes of a run, and kept for the next.
    NODE_COMPILE_CACHE: join(cache, 'compiled'),
  })
  const ordered = longestFirst(files)
  const alone = ordered.filter((file) => heavy.test(file) || files.length <= perLot)
  const lots = drawLots(
    ordered.filter((file) => !alone.includes(file)),
    join(cache, 'lots'),
  )
  const names = process.argv.filter((argument) => argument.startsWith('--test-name-pattern='))
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
  const events = run({
    signal: ending.signal,
    files: [...alone, ...lots],
    // Tests that wait for processes and browsers leave a core free.
    concurrency: availableParallelism() + 1,
    timeout: 900_000,
    // Short lives: collecting what they leave took a sixth of their time.
    execArgv: [
      ...['--min-semi-space-size=64', '--max-semi-space-size=128'],
      ...['./tools/tsx-hook.ts', './tools/lighter-tests.ts', './tools/seeded-properties.ts'].flatMap((hook) => [
        '--import',
        hook,
      ]),
    ],
    ...(names.length > 0 && { testNamePatterns: names.map((name) => name.slice(name.indexOf('=') + 1)) }),
  })
  const times: Record<string, number> = {}
  let failed = 0
  let skipped = 0
  events.on('test:fail', () => (failed += 1))
  events.on('test:complete', ({ name, file, nesting, details }) => {
    const path = file && relative(root, file)
    // The runner counts a file as a test around those in it.
    if (path && nesting === 0 && name !== path && files.includes(path))
      times[path] = (times[path] ?? 0) + Math.round(details.duration_ms)
  })
  events.on('test:summary', ({ file, counts }) => {
    if (file === undefined) skipped = counts.skipped
  })
  const report = events.compose(spec)
  report.pipe(process.stdout)
  await new Promise((resolve) => report.once('end', resolve))
  if (names.length === 0) keepTimes(times)
  tellSlowest(times)
  return { code: failed > 0 || Object.keys(times).length === 0 ? 1 : 0, skipped }
}

function keepTimes(times: Record<string, number>): void {
  const before = existsSync(timesFile) ? JSON.parse(readFileSync(timesFile, 'utf8')) : {}
  mkdirSync(cache, { recursive: true })
  writeFileSync(timesFile, JSON.stringify({ ...before, ...times }))
}

function tellSlowest(times: Record<string, number>): void {
  const slowest = Object.entries(times)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 10)
  const whole = Object.values(times).reduce((sum, time) => sum + time, 0)
  console.log(`\nSlowest of ${Object.keys(times).length} files, which took ${seconds(whole)} one after the other:`)
  for (const [file, time] of slowest) console.log(`${seconds(time).padStart(9)}  ${file}`)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

async function main(): Promise<number> {
  const files = findTests()
  const skips = describeSkips(files)
  const runnable = files.filter((file) => needs.every((need) => need.met || !need.concerns(file)))
  if (runnable.length === 0) {
    console.error('No test file matches.')
    return 1
  }
  if (skips && process.env.CHANCERY_REQUIRE_ALL === '1') {
    console.error(`${skips} CHANCERY_REQUIRE_ALL=1 asks for all of them.`)
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'chancery-tests-'))
  const server = await startTestServer(folder)
  try {
    const { code, skipped } = await runNode(runnable, server.address)
    if (skipped === 0 || process.env.CHANCERY_REQUIRE_ALL !== '1') return code
    console.error(`${skipped} skipped inside their files, but CHANCERY_REQUIRE_ALL=1 asks for all tests.`)
    return 1
  } finally {
    await server.remove()
    rmSync(folder, { recursive: true, force: true })
    if (skips) console.log(skips)
  }
}

process.exitCode = await main()
