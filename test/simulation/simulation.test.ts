import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { adversaries } from '../adversaries/index.ts'
import { blobMigrations } from '../../src/core/storage/index.ts'
import { withoutGo } from '../conformance/dossiers/go-verifier.ts'
import { requirePlace } from './plant.ts'
import { notSimulated, planted } from './planted.ts'
import { diskPool, newSimDisk } from './sim-disk.ts'

const root = join(import.meta.dirname, '../..')

interface Result {
  played: number
  dishonest: number
  messages: number
  proven?: { adversary: string; acceptedBy: string[] }[]
  failures: { seed: number; from: number; adversary?: string; broken: string }[]
}

interface Twice {
  first: Result
  second: Result
}

/** Time and chance are taken over for a whole process: each simulation has its own. */
function simulate<T = Result>(...options: string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const args = ['--import', join(root, 'tools/tsx-hook.ts'), join(root, 'test/simulation/worker.ts'), ...options]
    execFile(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? ''
      if (last.startsWith('{')) resolve(JSON.parse(last) as T)
      else reject(new Error(stderr.slice(-2_000), { cause: error }))
    })
  })
}

/** What a failing run prints, and how to play it again. */
function shown({ failures }: Result): string[] {
  return failures.map(
    ({ seed, from, adversary, broken }) =>
      `npm run simulate -- --seed ${from} --schedules ${seed - from + 1}: ${adversary ?? ''} ${broken}`,
  )
}

test('every misbehaviour in virtual time: an honest member proves it to both verifiers, nobody is falsely accused, nothing is lost', async () => {
  const honest = 4
  const result = await simulate('--each', '--seed', '1', '--schedules', `${adversaries.length + honest}`)
  assert.deepEqual(shown(result), [])
  assert.equal(result.played, adversaries.length + honest)
  const wanted = ['chancery verify', ...(withoutGo() ? [] : ['the Go verifier'])]
  const provable = adversaries.filter(({ evidence }) => evidence !== 'nothing')
  assert.deepEqual(
    result.proven,
    provable.map(({ name }) => ({ adversary: name, acceptedBy: wanted })),
  )
})

test('every planted bug has its place in the shipped modules, and every adversary plays a row of the fault table', () => {
  for (const bug of planted) requirePlace(bug)
  const names = new Set(adversaries.map(({ name }) => name))
  for (const { only } of planted) if (only !== undefined) assert.ok(names.has(only), only)
  const rows = new Set(adversaries.flatMap(({ rows }) => rows))
  for (const row of [1, 2, 3, 4, 5, 6, 7, 8, 9, 18, 20, 22]) assert.ok(rows.has(row), `row ${row}`)
})

test('every row of the fault table has a planted bug that schedules find, or a reason why a test does', () => {
  for (let row = 1; row <= 26; row += 1) {
    const bugs = planted.filter(({ rows }) => rows.includes(row))
    assert.ok(bugs.length > 0, `row ${row} has no planted bug`)
    const isSimulated = bugs.some(({ test }) => test === undefined)
    assert.equal(isSimulated, notSimulated[row] === undefined, `row ${row}`)
  }
  for (const { test: finder } of planted) {
    if (!finder) continue
    const { file, title } = finder
    assert.ok(readFileSync(join(root, file), 'utf8').includes(`test('${title}'`), `no "${title}" in ${file}`)
  }
})

test('the README lists every planted bug with what finds it', () => {
  const page = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const lines = planted.map(({ name, rows, only, test: finder }) => {
    const schedules = only === undefined ? 'schedules, everybody honest' : `schedules, "${only}"`
    return `| ${rows.join(', ')} | ${name} | ${finder ? `test "${finder.title}"` : schedules} |`
  })
  const reasons = Object.entries(notSimulated).map(([row, why]) => `| ${row} | ${why} |`)
  assert.deepEqual(
    page.split('\n').filter((line) => /^\| \d/.test(line)),
    [...lines, ...reasons],
  )
})

test('the same seeds play alike: the same adversaries, the same crashes, detection at the same moment', async () => {
  const { first, second } = await simulate<Twice>('--seed', '11', '--schedules', '2', '--twice')
  assert.deepEqual(first, second, 'to the last message')
})

test('a simulated disk sets itself no alarm by the real clock', async (t) => {
  const alarms = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = alarms()
  const disk = await newSimDisk(blobMigrations)
  const pool = diskPool(disk)
  t.after(async () => {
    await pool.end()
    await disk.close()
  })
  await pool.query('create table noted as select * from generate_series(1, 100)')
  assert.equal(alarms(), before)
})

test('a bug planted in what replicas check is found by the simulation', async () => {
  const result = await simulate('--plant', 'leaf time may go back', '--schedules', '5', '--until-broken')
  assert.match(result.failures[0]?.broken ?? '', /^undetected/)
})
