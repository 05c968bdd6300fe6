import { execFileSync, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer } from '../test/support/test-server.ts'

/**
 * `npm test`: every test this machine can run, on one PostgreSQL, with Node's own report.
 * Arguments name files or patterns to run instead of all. CHANCERY_REQUIRE_ALL=1 makes a skip a failure.
 */

const root = join(import.meta.dirname, '..')
process.chdir(root)

interface Need {
  what: string
  why: string
  concerns(file: string): boolean
  met: boolean
}

const chromium = process.env.CHANCERY_CHROMIUM ?? '/usr/bin/chromium'

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
  return globSync(patterns, { exclude: (path) => path.includes('/fixtures/') }).toSorted()
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

function runNode(files: string[], address: string): Promise<{ code: number; skipped: number }> {
  const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
  const child = spawn(
    process.execPath,
    ['--import', './tools/tsx-hook.ts', '--test', '--test-concurrency=2', '--test-timeout=600000', ...flags, ...files],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CHANCERY_TEST_PG: address, CHANCERY_CHROMIUM: chromium },
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
  let end = ''
  child.stdout.on('data', (piece: Buffer) => {
    process.stdout.write(piece)
    end = (end + piece.toString('utf8')).slice(-100_000)
  })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code: code ?? 1, skipped: Number(/^ℹ skipped (\d+)$/m.exec(end)?.[1] ?? 0) }))
  })
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
