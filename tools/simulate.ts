import { execFile, execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Planted, planted } from '../test/simulation/planted.ts'
import type { Outcome } from '../test/simulation/schedule.ts'

/**
 * `npm run simulate -- --schedules 20000 --seed 1 --workers 2`: many schedules of honest and dishonest
 * networks in virtual time; failing seeds are printed with the command that plays them again. `--log FILE` keeps each
 * chunk of `--chunk` schedules as one line and, begun again, plays only what the file does not have.
 * `--processes N` plays N schedules on three nodes of the shipped program instead, each with a PostgreSQL, over HTTP.
 * `--planted` plays the planted bugs instead, each until it is found or for `--minutes` (10); `--bug NAME` only this one.
 */
const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    only: { type: 'string' },
    chunk: { type: 'string', default: '100' },
    log: { type: 'string' },
    planted: { type: 'boolean', default: false },
    processes: { type: 'string' },
    bug: { type: 'string' },
  },
})

const root = join(import.meta.dirname, '..')
let failed = false
if (values.planted) for (const bug of chosen()) failed = !(await findPlanted(bug)) || failed
else if (values.processes) failed = !(await playProcesses(Number(values.processes)))
else failed = !(await playAll())
// A verifier may still wait for the next file.
process.exit(failed ? 1 : 0)

function chosen(): readonly Planted[] {
  return planted.filter(({ name }) => values.bug === undefined || name === values.bug)
}

async function findPlanted(bug: Planted): Promise<boolean> {
  const startedAt = Date.now()
  const { by, why } = bug.test ? await findByTest(bug) : await findBySchedules(bug)
  const rows = `row${bug.rows.length > 1 ? 's' : ''} ${bug.rows.join(', ')}`
  const seconds = Math.round((Date.now() - startedAt) / 1_000)
  console.log(`${by ? 'found ' : 'MISSED'} ${bug.name} (${rows})${by ? ` by ${by}` : `: ${why}`}, ${seconds} s`)
  return by !== undefined
}

interface Finding {
  /** What found the bug. */
  by?: string
  /** Why nothing did. */
  why?: string
}

async function findBySchedules({ name }: Planted): Promise<Finding> {
  const minutes = values.minutes ?? '10'
  const limits = ['--seed', values.seed, '--schedules', '60', '--minutes', minutes, '--until-broken']
  try {
    const found = await runWorker(['--plant', name, ...limits], (Number(minutes) + 2) * 60_000)
    const [first] = found.failures
    if (!first) return { why: `none of ${found.played} schedules of at most 60 in ${minutes} minutes was broken` }
    return { by: `seed ${first.seed}, schedule ${found.played}: ${first.broken.split('\n')[0]}` }
  } catch (error) {
    // The other bugs are still looked for.
    return { why: error instanceof Error ? error.message : String(error) }
  }
}

/** A test finds the bug if it passes as the module is, which \`npm test\` says, and fails by the bug. */
function findByTest({ name, test }: Planted): Promise<Finding> {
  const { file, title } = test!
  const hooks = ['tools/tsx-hook.ts', 'test/simulation/plant-hook.ts'].flatMap((one) => ['--import', join(root, one)])
  const only = `--test-name-pattern=^${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
  return new Promise((resolve) => {
    const settings = {
      cwd: root,
      env: { ...process.env, CHANCERY_PLANT: name },
      maxBuffer: 64 * 1024 * 1024,
      timeout: Number(values.minutes ?? 10) * 60_000,
    }
    execFile(process.execPath, [...hooks, '--test-reporter=tap', only, file], settings, (_, stdout) => {
      const hasFailed = stdout.split('\n').some((line) => /^ *not ok \d+ - /.test(line) && line.includes(title))
      resolve(hasFailed ? { by: `"${title}"` } : { why: `"${title}" passes` })
    })
  })
}

async function playAll(): Promise<boolean> {
  const startedAt = Date.now()
  const isLate = () => values.minutes !== undefined && Date.now() - startedAt > Number(values.minutes) * 60_000
  const waiting = chunks()
  const results: Chunk[] = keptChunks()
  const before = results.length
  const doOne = async () => {
    for (let next = waiting.shift(); next && !isLate(); next = waiting.shift()) {
      const only = values.only ? ['--only', values.only] : []
      const limits = ['--seed', String(next.seed), '--schedules', String(next.schedules)]
      const result = { ...next, ...(await runWorker([...limits, ...only]).catch((error) => unplayed(next, error))) }
      results.push(result)
      if (values.log && result.played > 0) appendFileSync(values.log, `${JSON.stringify(result)}\n`)
      for (const failure of result.failures) tell(failure)
    }
  }
  await Promise.all(Array.from({ length: Number(values.workers) }, doOne))
  const sum = (of: (one: Result) => number) => results.reduce((total, one) => total + of(one), 0)
  const seconds = (Date.now() - startedAt) / 1000
  const failures = results.flatMap((one) => one.failures)
  const played = sum((one) => one.played)
  console.log(
    `${played} schedules${before > 0 ? ` (${before} chunks of them before)` : ''} in ${seconds.toFixed(0)} s: ` +
      `${sum((one) => one.dishonest)} with a dishonest host, ${sum((one) => one.messages)} messages, ` +
      `${sum((one) => one.crashes)} crashes; ` +
      `slowest detection after ${Math.max(0, ...results.map((one) => one.slowestMs)) / 1000} s of virtual time`,
  )
  console.log(
    failures.length === 0 ? 'nothing undetected, nobody falsely accused, nothing lost' : `${failures.length} failed`,
  )
  return failures.length === 0 && played > 0
}

/** One line of the log is one schedule; what it has is not played again. */
async function playProcesses(schedules: number): Promise<boolean> {
  execFileSync(process.execPath, [join(root, 'tools/build.ts')], { stdio: 'inherit' })
  const { playOnProcesses } = await import('../test/simulation/processes/play-processes.ts')
  const startedAt = Date.now()
  const kept = new Set(keptChunks().map(({ seed }) => seed))
  const first = Number(values.seed)
  const all: Outcome[] = []
  await playOnProcesses({
    seeds: Array.from({ length: schedules }, (_, n) => first + n).filter((seed) => !kept.has(seed)),
    ...(values.minutes ? { withinMs: Number(values.minutes) * 60_000 } : {}),
    ...(values.only ? { only: values.only } : {}),
    told(outcome) {
      all.push(outcome)
      if (values.log) appendFileSync(values.log, `${JSON.stringify(outcome)}\n`)
      const { seed, adversary, broken } = outcome
      if (broken) console.log(`FAILED seed ${seed}${adversary ? ` (${adversary})` : ''}: ${broken}`)
    },
  })
  const sum = (of: (one: Outcome) => number) => all.reduce((total, one) => total + of(one), 0)
  const minutes = (Date.now() - startedAt) / 60_000
  const failures = all.filter(({ broken }) => broken)
  console.log(
    `${all.length} schedules on processes in ${minutes.toFixed(1)} min, ${(all.length / minutes).toFixed(1)} a minute: ` +
      `${all.filter(({ adversary }) => adversary).length} with a dishonest host, ` +
      `${sum((one) => one.messages)} messages, ${sum((one) => one.crashes)} kills; ${failures.length} failed`,
  )
  return failures.length === 0 && all.length > 0
}

interface Planned {
  seed: number
  schedules: number
}

type Chunk = Planned & Result

/** A worker that ended without a result: its chunk failed, and the next run on this log plays it again. */
function unplayed({ seed, schedules }: Planned, error: unknown): Result {
  const broken = error instanceof Error ? error.message : String(error)
  const failures = [{ seed: seed + schedules - 1, from: seed, broken }]
  return { played: 0, dishonest: 0, messages: 0, crashes: 0, slowestMs: 0, failures }
}

/** Nodes are founded anew for each chunk, so that a chunk plays the same wherever it is played. */
function chunks(): Planned[] {
  const [first, all, each] = [Number(values.seed), Number(values.schedules), Number(values.chunk)]
  const kept = new Set(keptChunks().map(({ seed }) => seed))
  return Array.from({ length: Math.ceil(all / each) }, (_, n) => ({
    seed: first + n * each,
    schedules: Math.min(each, all - n * each),
  })).filter(({ seed }) => !kept.has(seed))
}

function keptChunks(): Chunk[] {
  if (!values.log || !existsSync(values.log)) return []
  const lines = readFileSync(values.log, 'utf8').split('\n')
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Chunk)
}

function tell({ seed, from, adversary, broken }: Result['failures'][number]): void {
  console.log(`FAILED seed ${seed}${adversary ? ` (${adversary})` : ''}: ${broken}`)
  console.log(`  npm run simulate -- --seed ${from} --schedules ${seed - from + 1}`)
}

interface Result {
  played: number
  dishonest: number
  messages: number
  crashes: number
  slowestMs: number
  failures: { seed: number; from: number; adversary?: string; broken: string }[]
}

/** @param withinMs - After so long the worker is ended, and its promise rejects. */
function runWorker(options: string[], withinMs = 0): Promise<Result> {
  const worker = join(import.meta.dirname, '../test/simulation/worker.ts')
  const hook = join(import.meta.dirname, 'tsx-hook.ts')
  return new Promise((resolve, reject) => {
    const settings = { maxBuffer: 64 * 1024 * 1024, timeout: withinMs, killSignal: 'SIGKILL' as const }
    execFile(process.execPath, ['--import', hook, worker, ...options], settings, (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? ''
      if (last.startsWith('{')) resolve(JSON.parse(last) as Result)
      else if (error?.killed)
        reject(new Error(`one schedule alone needed too long: ended after ${withinMs / 60_000} minutes`))
      else reject(new Error(`a worker ended without result (${error?.signal ?? error?.code}): ${stderr.slice(-2_000)}`))
    })
  })
}
