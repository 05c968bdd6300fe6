import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '../src/protocol/index.ts'
import { openBenchLedger } from './bench-ledger.ts'
import { median, printFigures } from './print-figures.ts'

/**
 * What spaces cost in which nothing happens: one node as shipped, a process of its own with all its modules, timers
 * and jobs, started over the same data first without any space and then with many; memory and processor of that
 * process, and the processor of its PostgreSQL, from what the kernel counts (Linux). What a new space is given once
 * (its second checkpoint line, its first scrub) is done before.
 */

const spaces = Number(process.argv[2] ?? 1_000)
const rounds = Number(process.argv[3] ?? 3)
const settleSeconds = 15
const seconds = 30

const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const party = 'mfa.aurelia.example'
const dataDir = join(folder, party)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

async function startNode(): Promise<ChildProcess> {
  const flags = ['--data-dir', dataDir, '--port', String(await freePort()), '--quiet']
  const node = spawn(process.execPath, ['dist/chancery.js', 'start', ...flags], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(node, 'message')
  return node
}

/** Processes that work for this one, directly or not. PostgreSQL's are those of the cluster that the data folder names. */
function postgresPids(): number[] {
  const { cluster } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as { cluster: string }
  const postmaster = Number(readFileSync(join(cluster, 'data/postmaster.pid'), 'utf8').split('\n')[0])
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid === postmaster || statOf(pid)?.parent === postmaster)
}

/** Parent and CPU seconds used so far; undefined when the process is gone. Clock ticks are 10 ms on Linux. */
function statOf(pid: number): { parent: number; cpu: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return { parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) / 100 }
  } catch {
    return undefined
  }
}

const cpuOf = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + (statOf(pid)?.cpu ?? 0), 0)

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

interface Idle {
  memory: number
  /** Shares of one core, percent. */
  cpu: number
  postgres: number
}

async function watchIdle(): Promise<Idle> {
  const node = await startNode()
  const pid = node.pid as number
  try {
    await pause(settleSeconds * 1000)
    const servers = postgresPids()
    const before = [cpuOf([pid]), cpuOf(servers)] as const
    await pause(seconds * 1000)
    const share = (now: number, then: number) => ((now - then) / seconds) * 100
    return {
      memory: residentMegabytes(pid),
      cpu: share(cpuOf([pid]), before[0]),
      postgres: share(cpuOf(servers), before[1]),
    }
  } finally {
    node.kill('SIGTERM')
    await once(node, 'exit')
  }
}

async function openSpaces(): Promise<void> {
  const { ledger, stop } = await openBenchLedger(folder, party)
  for (let count = 0; count < spaces; count += 1) {
    await ledger.open({
      id: newId(),
      kind: 'forum',
      title: { en: `Idle ${count}` },
      purpose: 'To lie still',
      office: 'duty-desk',
      members: [],
    })
  }
  await stop()
}

/** Lets a node do what new spaces bring with them, until it has nothing left to do. */
async function settle(): Promise<void> {
  const node = await startNode()
  const used = () => cpuOf([node.pid as number])
  for (let waited = 0; waited < 240; waited += 10) {
    const before = used()
    await pause(10_000)
    if (used() - before < 0.2) break
  }
  node.kill('SIGTERM')
  await once(node, 'exit')
}

async function watchSome(): Promise<Idle> {
  const seen: Idle[] = []
  for (let round = 0; round < rounds; round += 1) seen.push(await watchIdle())
  const middle = (of: keyof Idle) => median(seen.map((one) => one[of]))
  return { memory: middle('memory'), cpu: middle('cpu'), postgres: middle('postgres') }
}

const { stop, close } = await openBenchLedger(folder, party)
try {
  await stop()
  const without = await watchSome()
  await openSpaces()
  await settle()
  const withMany = await watchSome()
  process.exitCode = printFigures(`${spaces} idle spaces on one node, medians of ${rounds} starts`, [
    { what: 'memory without', value: without.memory, unit: 'MB' },
    { what: 'memory with', value: withMany.memory, unit: 'MB' },
    { what: 'more memory', value: withMany.memory - without.memory, unit: 'MB', limit: 50 },
    { what: 'processor without', value: without.cpu, unit: '%' },
    { what: 'processor with', value: withMany.cpu, unit: '%', limit: 1 },
    { what: 'PostgreSQL without', value: without.postgres, unit: '%' },
    { what: 'PostgreSQL with', value: withMany.postgres, unit: '%' },
  ])
} finally {
  await close()
  await rm(folder, { recursive: true, force: true })
}
