import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSettings, systemClock } from '../src/core/config/index.ts'
import { openNodeDatabase } from '../src/app/start-node.ts'
import { foundIdentity, loadIdentity } from '../src/core/identity/index.ts'
import { createLedger, type LogLedger } from '../src/core/log/index.ts'
import { createBlobs, removeEmbeddedPostgres } from '../src/core/storage/index.ts'
import { canonicalBytes, newBlob, newId, signAct, type Statement } from '../src/protocol/index.ts'
import { printFigures } from './print-figures.ts'

/**
 * Acts per second of one space, 512 in flight: each signed by its author (before the clock starts), checked,
 * stored with its payload, durable and answered with a receipt. Beside it, in the same run and on the same disk,
 * single appends of hypercore and commits of @atproto/repo, if `npm ci --prefix bench` brought them.
 */

const rounds = Number(process.argv[2] ?? 3)
const acts = Number(process.argv[3] ?? 6_000)
const inFlight = 512

const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const silent = { info: () => undefined, warn: () => undefined, error: console.error }
const require = createRequire(new URL('./package.json', import.meta.url))

async function openLedger() {
  const dataDir = join(folder, 'node')
  const url = 'http://127.0.0.1:9'
  const settings = await loadSettings({ env: {}, flags: { dataDir, publicUrl: url, peerUrl: url }, listens: false })
  const database = await openNodeDatabase(settings)
  await foundIdentity({ dataDir, party: 'mfa.aurelia.example', names: { en: 'Aurelia' }, clock: systemClock })
  const identity = await loadIdentity(dataDir)
  const ledger = createLedger({
    db: database.db,
    blobs: createBlobs(),
    clock: systemClock,
    log: silent,
    identity,
    dataDir,
    acts: [],
    views: [],
    snapshotOf: async () => undefined,
    knownParty: async () => undefined,
  })
  await ledger.start()
  const { id: space, size, root } = await ledger.open({
    id: newId(),
    kind: 'forum',
    title: { en: 'Measured' },
    purpose: 'To measure many acts',
    office: 'duty-desk',
    members: [],
  })
  const seen = { size, root }
  return {
    ledger,
    sign: () => {
      const { commitment, blob, size: length } = newBlob(canonicalBytes({ subject: 'Measured', item: newId() }))
      const statement: Statement = {
        v: 1,
        space,
        type: 'forums.item-opened',
        id: newId(),
        author: identity.party,
        office: 'duty-desk',
        seen,
        at: Date.now(),
        marking: { tlp: 'AMBER' },
        parts: [{ role: 'body', hash: commitment, size: length, media: 'application/json' }],
      }
      return { envelope: signAct(statement, identity.keys.act).envelope, blobs: new Map([[commitment, blob]]) }
    },
    space,
    async close() {
      await ledger.close()
      await database.close()
      await removeEmbeddedPostgres(dataDir)
    },
  }
}

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

async function hypercoreAppends(count: number): Promise<number | undefined> {
  const Hypercore = find('hypercore')
  if (!Hypercore) return undefined
  const core = new Hypercore(join(folder, `hypercore-${newId()}`))
  await core.ready()
  const block = Buffer.alloc(900, 'a')
  const startedAt = performance.now()
  for (let done = 0; done < count; done += 1) await core.append(block)
  const took = performance.now() - startedAt
  await core.close()
  return count / (took / 1000)
}

async function atprotoCommits(count: number): Promise<number | undefined> {
  const repo = find('@atproto/repo')
  const crypto = find('@atproto/crypto')
  if (!repo || !crypto) return undefined
  const key = await crypto.Secp256k1Keypair.create()
  let current = await repo.Repo.create(new repo.MemoryBlockstore(), key.did(), key)
  const record = { $type: 'example.chancery.act', text: 'a'.repeat(900) }
  const startedAt = performance.now()
  for (let done = 0; done < count; done += 1) {
    const write = { action: 'create', collection: 'example.chancery.act', rkey: `a${newId()}`, record }
    current = await current.applyWrites(write, key)
  }
  return count / ((performance.now() - startedAt) / 1000)
}

function find(name: string) {
  try {
    return require(name)
  } catch {
    return undefined
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const node = await openLedger()
try {
  const ours: number[] = []
  const hyper: number[] = []
  const at: number[] = []
  await handIn(node.ledger, node.space, Array.from({ length: 1_000 }, node.sign))
  for (let round = 0; round < rounds; round += 1) {
    const handed = Array.from({ length: acts }, node.sign)
    await node.ledger.project(node.space)
    ours.push(acts / ((await handIn(node.ledger, node.space, handed)) / 1000))
    const peers = [await hypercoreAppends(2_000), await atprotoCommits(500)]
    if (peers[0] !== undefined) hyper.push(peers[0])
    if (peers[1] !== undefined) at.push(peers[1])
  }
  const rate = median(ours)
  const figures = [{ what: `acts on record, ${inFlight} in flight`, value: rate, unit: '/s' }]
  if (hyper.length > 0) figures.push({ what: 'hypercore, single appends', value: median(hyper), unit: '/s' })
  if (at.length > 0) figures.push({ what: '@atproto/repo, commits', value: median(at), unit: '/s' })
  printFigures(`Acts per second, medians of ${rounds} rounds`, figures)
  if (hyper.length > 0) console.log(`times hypercore: ${(rate / median(hyper)).toFixed(2)} (floor 1.8, aim 3)`)
  if (at.length > 0) console.log(`times @atproto/repo: ${(rate / median(at)).toFixed(1)} (floor 10, aim 18)`)
  if (hyper.length + at.length === 0) console.log('No peers: run npm ci --prefix bench first.')
} finally {
  await node.close()
  await rm(folder, { recursive: true, force: true })
}
