import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  createFederation,
  type Federation,
  migrations as federationMigrations,
} from '../../src/core/federation/index.ts'
import { foundIdentity, type Identity, loadIdentity } from '../../src/core/identity/index.ts'
import { createLedger, type LogLedger, migrations as logMigrations } from '../../src/core/log/index.ts'
import { blobMigrations, createBlobs } from '../../src/core/storage/index.ts'
import { noteActs } from '../support/notes.ts'
import { takeOverMachine } from './given-machine.ts'
import { type CrashPoint, databasesAreBusy, openSimDatabase, type SimDatabase } from './sim-database.ts'
import { newSimDisk, type SimDisk } from './sim-disk.ts'
import { takeOverTime } from './virtual-time.ts'
import { createVirtualWire, type VirtualWire } from './virtual-wire.ts'

/** One process of a party: the shipped ledger and federation, with clock, disk, network and chance given. */
export interface Process {
  identity: Identity
  database: SimDatabase
  ledger: LogLedger
  federation: Federation
}

export interface SimNode {
  name: string
  party: string
  dataDir: string
  url: string
  disk: SimDisk
  now: Process
  alive: boolean
  /** Ends the process at a statement to come; unsynced state outside the database is what it was then. */
  crashAt(point: CrashPoint): void
  crash(): void
  restart(): Promise<void>
}

/** Nodes that know each other, kept over many schedules. */
export interface House {
  time: ReturnType<typeof takeOverTime>
  wire: VirtualWire
  nodes: SimNode[]
  /** Runs everything due within this much virtual time; false when it ran out before `done`. */
  run(ms: number, done?: () => Promise<boolean>): Promise<boolean>
  /** Waits until nothing is under way at this instant. */
  quiet(): Promise<void>
  /** A second, empty database and folder of one party: what a dishonest or restored node continues from. */
  shadow(of: SimNode): Promise<SimNode>
  /** Ends what a dishonest party ran beside its node: the next schedule knows nothing of it. */
  endShadows(): void
  end(): Promise<void>
}

export const pace = {
  retryFirstMs: 200,
  retryLongestMs: 2_000,
  pollMs: 20_000,
  refusedMs: 500,
  cosignatureMs: 50,
  gossipMs: 500,
  sweepMs: 20_000,
}

/** Before time is taken over. */
const realTime = promisify(setTimeout)

const startOfTime = Date.UTC(2026, 10, 22, 9)
const silent = { info() {}, warn() {}, error() {} }
const loud = {
  info: (event: string, facts?: unknown) => console.error('  info', event, facts),
  warn: (event: string, facts?: unknown) => console.error('  warn', event, facts),
  error: (event: string, facts?: unknown) => console.error('  error', event, facts),
}

const migrations = [...blobMigrations, ...logMigrations, ...federationMigrations]

/** @param seed - What every key and every chance of the house follows from. */
export async function openHouse(names: readonly string[], folder: string, seed: number): Promise<House> {
  const log = process.env.CHANCERY_SIM_LOG ? loud : silent
  const disks = new Map<string, SimDisk>()
  // Disks are made in real time; from then on time is ours.
  for (const name of [...names, `${names[0]}-shadow`]) disks.set(name, await newSimDisk(migrations))
  const time = takeOverTime(startOfTime)
  time.seed(seed)
  const machine = takeOverMachine()
  const wire = createVirtualWire(time)
  const nodes: SimNode[] = []
  const shadows = new Map<string, SimNode>()

  async function start(node: SimNode, database: SimDatabase): Promise<void> {
    const identity = await loadIdentity(node.dataDir)
    const blobs = createBlobs()
    const clock = { now: () => time.now() }
    const ledger: LogLedger = createLedger({
      db: database.db,
      blobs,
      clock,
      log,
      identity,
      dataDir: node.dataDir,
      acts: noteActs,
      views: [],
      snapshotOf: (party) => federation.snapshotOf(party),
      knownParty: (party, reader) => federation.knownParty(party, reader),
      askMembers: (space) => federation.askMembers(space),
    })
    const federation: Federation = createFederation({
      database,
      blobs,
      clock,
      log,
      identity,
      ledger,
      settings: { peerUrl: node.url, publicUrl: node.url, submitWaitMs: 2_000, maxUploadBytes: 1_000_000 },
      wire: {
        send: (request) => (database.isDead() ? Promise.reject(new Error('gone')) : wire.from(node.name).send(request)),
        close: async () => undefined,
      },
      pace,
    })
    node.now = { identity, database, ledger, federation }
    node.alive = true
    wire.attach(node.name, federation.handle)
    await ledger.start()
    await federation.start()
  }

  async function makeNode(name: string, party: string, dataDir: string, url: string): Promise<SimNode> {
    const node = { name, party, dataDir, url, alive: false, disk: disks.get(name) } as SimNode
    let guard = new Map<string, number>()
    const gone = () => {
      node.alive = false
      wire.detach(name)
      // What a process writes after its end never happened.
      guard = sizesOf(join(dataDir, 'guard'))
      const { federation, ledger } = node.now
      void federation.stop().catch(() => undefined)
      void ledger.close().catch(() => undefined)
    }
    Object.assign(node, {
      crashAt: (point: CrashPoint) => node.now.database.crashAt(point, gone),
      crash() {
        if (!node.alive) return
        node.now.database.die()
        gone()
      },
      async restart() {
        if (node.alive) return node.now.database.disarm()
        await quiet()
        await node.now.database.end()
        cutBack(join(dataDir, 'guard'), guard)
        await during(start(node, openSimDatabase(node.disk)))
      },
    })
    return node
  }

  async function quiet(): Promise<void> {
    for (let calm = 0; calm < 2; ) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve)
      })
      calm = databasesAreBusy() || isBusy() ? 0 : calm + 1
    }
  }

  /** Lets time go on while something waits for others. */
  async function during(work: Promise<void>): Promise<void> {
    let until = time.now() + 60_000
    let isDone = false
    const done = () => {
      isDone = true
    }
    work.then(done, done)
    await quiet()
    // What is loaded for the first time counts as nothing under way: on a busy machine it outlasts virtual minutes.
    for (let waits = 0; !isDone && waits < 3_000; await quiet()) {
      if (time.step(until)) continue
      until += 1_000
      waits += 1
      await realTime(20)
    }
    if (!isDone) throw new Error('nodes do not come to rest: something waits for what never comes')
    await work
  }

  async function run(ms: number, done?: () => Promise<boolean>): Promise<boolean> {
    const until = time.now() + ms
    let steps = 0
    await quiet()
    while (time.step(until)) {
      await quiet()
      steps += 1
      if (done && steps % 24 === 0 && (await done())) return true
    }
    time.skipTo(until)
    return done ? done() : true
  }

  for (const name of names) {
    const party = `${name}.example`
    const dataDir = join(folder, name)
    mkdirSync(dataDir, { recursive: true })
    await foundIdentity({ dataDir, party, names: { en: name }, clock: { now: () => time.now() } })
    const node = await makeNode(name, party, dataDir, `http://${name}.test`)
    await during(start(node, openSimDatabase(node.disk)))
    nodes.push(node)
  }
  await meet(nodes, during)
  return {
    time,
    wire,
    nodes,
    run,
    quiet,
    async shadow(of) {
      const known = shadows.get(of.name)
      if (known) return known
      const name = `${of.name}-shadow`
      const dataDir = join(folder, name)
      mkdirSync(join(dataDir, 'keys'), { recursive: true })
      const node = await makeNode(name, of.party, dataDir, of.url)
      await copyFolder(join(of.dataDir, 'keys'), join(dataDir, 'keys'))
      shadows.set(of.name, node)
      await during(start(node, openSimDatabase(node.disk)))
      return node
    },
    endShadows() {
      for (const node of shadows.values()) node.crash()
    },
    async end() {
      for (const node of [...nodes, ...shadows.values()]) {
        node.crash()
        await quiet()
        await node.now.database.end()
      }
      await quiet()
      machine.restore()
      time.restore()
      for (const disk of disks.values()) await disk.close()
    },
  }
}

async function meet(nodes: readonly SimNode[], during: (work: Promise<void>) => Promise<void>): Promise<void> {
  for (const node of nodes) {
    for (const other of nodes) if (node !== other) await during(introduce(node, other))
  }
}

async function introduce({ now }: SimNode, other: SimNode): Promise<void> {
  const { peers } = now.federation
  await peers.introduce(other.url)
  const fingerprint = await other.now.federation.peers.ownFingerprint()
  await peers.pin(other.party, { person: 'p1', how: 'voice', fingerprint })
}

/** Work of this process that is neither a statement nor a timer: files and signatures under way. */
function isBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => /Req|REQUEST|Job/.test(name))
}

function sizesOf(folder: string): Map<string, number> {
  try {
    return new Map(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]))
  } catch {
    return new Map()
  }
}

function cutBack(folder: string, sizes: ReadonlyMap<string, number>): void {
  for (const [name, size] of sizesOf(folder)) {
    const then = sizes.get(name)
    if (then === undefined) rmSync(join(folder, name))
    else if (then < size) truncateSync(join(folder, name), then)
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  const { writeFileSync } = await import('node:fs')
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) writeFileSync(join(to, name), readFileSync(join(from, name)), { mode: 0o600 })
}
