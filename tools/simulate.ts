import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { planted } from '../test/simulation/planted.ts'
import { startTestServer } from '../test/support/test-server.ts'

/**
 * `npm run simulate -- --schedules 20000 --seed 1 --workers 2`: many schedules of honest and dishonest
 * networks in virtual time; failing seeds are printed and can be played again with `--seed N --schedules 1`.
 * `--planted` plays the planted bugs instead, each until it is found.
 */
const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    only: { type: 'string' },
    planted: { type: 'boolean', default: false },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'chancery-simulate-'))
const server = await startTestServer(folder)
let failed = false
try {
  if (values.planted) for (const { name, row } of planted) failed = !(await findPlanted(name, row)) || failed
  else failed = !(await playAll())
} finally {
  await server.remove()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0

async function findPlanted(name: string, row: string): Promise<boolean> {
  const found = await runWorker(['--plant', name, '--seed', values.seed, '--schedules', '60', '--until-broken'])
  const [first] = found.failures
  console.log(
    `${first ? 'found ' : 'MISSED'} ${name} (${row})${first ? ` by seed ${first.seed}, schedule ${found.played}: ${first.broken.split('\n')[0]}` : ` in ${found.played} schedules`}`,
  )
  return first !== undefined
}

async function playAll(): Promise<boolean> {
  const workers = Number(values.workers)
  const each = Math.ceil(Number(values.schedules) / workers)
  const startedAt = Date.now()
  const results = await Promise.all(
    Array.from({ length: workers }, (_, n) => {
      const limits = values.minutes ? ['--minutes', values.minutes] : []
      const only = values.only ? ['--only', values.only] : []
      return runWorker([
        '--seed',
        String(Number(values.seed) + n * each),
        '--schedules',
        String(each),
        ...limits,
        ...only,
      ])
    }),
  )
  const sum = (of: (one: Result) => number) => results.reduce((total, one) => total + of(one), 0)
  const seconds = (Date.now() - startedAt) / 1000
  const failures = results.flatMap((one) => one.failures)
  const played = sum((one) => one.played)
  console.log(
    `${played} schedules in ${seconds.toFixed(0)} s (${(played / seconds).toFixed(1)}/s): ${sum((one) => one.dishonest)} with a dishonest host, ` +
      `${sum((one) => one.messages)} messages, ${sum((one) => one.crashes)} crashes; ` +
      `slowest detection after ${Math.max(0, ...results.map((one) => one.slowestMs)) / 1000} s of virtual time`,
  )
  for (const { seed, adversary, broken } of failures) {
    console.log(`FAILED seed ${seed}${adversary ? ` (${adversary})` : ''}: ${broken}`)
    console.log(`  npm run simulate -- --seed ${seed} --schedules 1`)
  }
  console.log(
    failures.length === 0 ? 'nothing undetected, nobody falsely accused, nothing lost' : `${failures.length} failed`,
  )
  return failures.length === 0 && played > 0
}

interface Result {
  played: number
  dishonest: number
  messages: number
  crashes: number
  slowestMs: number
  failures: { seed: number; adversary?: string; broken: string }[]
}

function runWorker(options: string[]): Promise<Result> {
  const worker = join(import.meta.dirname, '../test/simulation/worker.ts')
  const hook = join(import.meta.dirname, 'tsx-hook.ts')
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CHANCERY_TEST_PG: server.address }
    const settings = { env, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, ['--import', hook, worker, ...options], settings, (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? ''
      if (last.startsWith('{')) resolve(JSON.parse(last) as Result)
      else reject(new Error(`a worker ended without result: ${stderr.slice(-2_000)}`, { cause: error }))
    })
  })
}
