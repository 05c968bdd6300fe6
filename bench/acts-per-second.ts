import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogLedger } from '../src/core/log/index.ts'
import { newId } from '../src/protocol/index.ts'
import { openBenchLedger, signedAct } from './bench-ledger.ts'
import { median, printFigures } from './print-figures.ts'

/**
 * Acts per second of one space, 512 in flight: each signed by its author (before the clock starts), checked,
 * stored with its payload, durable and answered with a receipt. Beside it, in the same run and on the same disk,
 * single appends of hypercore and commits of @atproto/repo, if `npm ci --prefix bench` brought them.
 */

const rounds = Number(process.argv[2] ?? 3)
const acts = Number(process.argv[3] ?? 6_000)
const inFlight = 512

const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const require = createRequire(new URL('./package.json', import.meta.url))

/** Keeps `inFlight` of them under way until all are answered. ms. */
async function handIn(ledger: LogLedger, space: string, handed: { envelope: unknown }[]): Promise<number> {
  const startedAt = performance.now()
  let next = 0
  const lane = async () => {
    for (;;) {
      const one = handed[next++]
      if (!one) return
      const [answer] = await ledger.append(space, [one])
      if (answer?.state !== 'on-record') throw new Error(`an act is ${answer?.state}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return performance.now() - startedAt
}

async function hypercoreAppends(count: number): Promise<number[]> {
  const Hypercore = find('hypercore')
  if (!Hypercore) return []
  const core = new Hypercore(join(folder, `hypercore-${newId()}`))
  await core.ready()
  const block = Buffer.alloc(900, 'a')
  const startedAt = performance.now()
  for (let done = 0; done < count; done += 1) await core.append(block)
  const took = performance.now() - startedAt
  await core.close()
  return [count / (took / 1000)]
}

async function atprotoCommits(count: number): Promise<number[]> {
  const repo = find('@atproto/repo')
  const crypto = find('@atproto/crypto')
  if (!repo || !crypto) return []
  const key = await crypto.Secp256k1Keypair.create()
  let current = await repo.Repo.create(new repo.MemoryBlockstore(), key.did(), key)
  const record = { $type: 'example.chancery.act', text: 'a'.repeat(900) }
  const startedAt = performance.now()
  for (let done = 0; done < count; done += 1) {
    const write = { action: 'create', collection: 'example.chancery.act', rkey: `a${newId()}`, record }
    current = await current.applyWrites(write, key)
  }
  return [count / ((performance.now() - startedAt) / 1000)]
}

function find(name: string) {
  try {
    return require(name)
  } catch {
    return undefined
  }
}

const { ledger, identity, close } = await openBenchLedger(folder, 'mfa.aurelia.example')
try {
  const space = await ledger.open({
    id: newId(),
    kind: 'forum',
    title: { en: 'Measured' },
    purpose: 'To measure many acts',
    office: 'duty-desk',
    members: [],
  })
  const sign = (count: number) => Array.from({ length: count }, () => signedAct(identity, space))
  const rates = { ours: [] as number[], hypercore: [] as number[], atproto: [] as number[] }
  await handIn(ledger, space.id, sign(1_000))
  for (let round = 0; round < rounds; round += 1) {
    const handed = sign(acts)
    await ledger.project(space.id)
    rates.ours.push(acts / ((await handIn(ledger, space.id, handed)) / 1000))
    await ledger.project(space.id)
    rates.hypercore.push(...(await hypercoreAppends(2_000)))
    rates.atproto.push(...(await atprotoCommits(500)))
  }
  const rate = median(rates.ours)
  const peers = [
    { what: 'hypercore, single appends', value: median(rates.hypercore), unit: '/s' },
    { what: '@atproto/repo, commits', value: median(rates.atproto), unit: '/s' },
  ].filter(({ value }) => !Number.isNaN(value))
  const own = { what: `acts on record, ${inFlight} in flight`, value: rate, unit: '/s' }
  printFigures(`Acts per second, medians of ${rounds} rounds`, [own, ...peers])
  const [floors, aims] = [
    { hypercore: 1.8, '@atproto/repo': 10 },
    { hypercore: 3, '@atproto/repo': 18 },
  ]
  for (const { what, value } of peers) {
    const name = what.split(',')[0] as keyof typeof floors
    const ratio = rate / value
    console.log(`times ${name}: ${ratio.toFixed(2)} (floor ${floors[name]}, aim ${aims[name]})`)
    if (ratio < floors[name]) process.exitCode = 1
  }
  if (peers.length === 0) console.log('No peers: run npm ci --prefix bench first.')
} finally {
  await close()
  await rm(folder, { recursive: true, force: true })
}
