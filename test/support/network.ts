import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Logger } from '../../src/core/config/types.ts'
import {
  createFederation,
  createHttpWire,
  type Federation,
  migrations as federationMigrations,
  type Pace,
} from '../../src/core/federation/index.ts'
import { foundIdentity, type Identity, loadIdentity } from '../../src/core/identity/index.ts'
import { createKeys, type Keys, type KeysOptions } from '../../src/core/keys/index.ts'
import { createLedger, type LogLedger, migrations as logMigrations } from '../../src/core/log/index.ts'
import { createMeetingRooms } from '../../src/core/meeting-rooms/index.ts'
import type { MeetingRooms } from '../../src/core/meeting-rooms/types.ts'
import { createOffRecord } from '../../src/core/off-record/index.ts'
import type { OffRecord } from '../../src/core/off-record/types.ts'
import type { ActDefinition, Module } from '../../src/core/module/types.ts'
import { blobMigrations, createBlobs, type Database } from '../../src/core/storage/index.ts'
import type { Blobs, Db } from '../../src/core/storage/types.ts'
import { createFakeWire, type FakeWire } from './fake-wire.ts'
import {
  createWitnessing,
  migrations as witnessingMigrations,
  type Witnessing,
  type WitnessPace,
  views as witnessViews,
} from '../../src/core/witnessing/index.ts'
import type { Settings } from '../../src/core/config/types.ts'
import { smallDatabase } from './postgres.ts'

/** A clock that stands still until a test moves it; each node has its own. */
export interface FakeClock {
  now(): number
  advance(ms: number): void
  set(ms: number): void
}

export interface NetworkNode {
  name: string
  /** `<name>.example`. */
  party: string
  url: string
  dataDir: string
  identity: Identity
  clock: FakeClock
  db: Db
  database: Database
  blobs: Blobs
  log: Logger & { events: { level: string; event: string; facts?: Record<string, unknown> }[] }
  ledger: LogLedger
  federation: Federation
  witnessing: Witnessing
  /** Its tables are there only where a test gives its migrations. */
  offRecord: OffRecord
  meetingRooms: MeetingRooms
  outbox: Federation['outbox']
  tenders: Federation['tenders']
  peers: Federation['peers']
  keys: Keys
  handle: Federation['handle']
  /** Switches the node off as a crash would: nothing is finished, nothing is handed over. */
  kill(): Promise<void>
  /** A new process over the same database and data folder. */
  restart(): Promise<void>
}

export interface Network<Name extends string = string> {
  nodes: Record<Name, NetworkNode>
  wire: FakeWire
  /** Resolves once every node has sent, fetched and cosigned what it had to. */
  settled(): Promise<void>
}

export interface NetworkOptions {
  /** Modules whose acts and views take part. */
  modules?: readonly Module[]
  acts?: readonly ActDefinition[]
  pace?: Partial<Pace>
  /** How long members wait before they bring another's keys. Default: a few ms. */
  bringing?: KeysOptions['pace']
  witnessPace?: Partial<WitnessPace>
  /** What the operators of nodes decided about witnesses. */
  settings?: (name: string) => Pick<Settings, 'witnesses' | 'witnessFor'>
  /** Default: everybody introduced to and pinned by everybody. `with-first`: each with the first node alone. */
  accredited?: boolean | 'with-first'
  /** Connections of each node to its database. */
  poolSize?: number
  /** How long who sends waits; where a host is off, all of it. Default: long, for a busy machine. */
  submitWaitMs?: number
  /** Real HTTP on loopback instead of the fake wire, which then carries nothing. */
  overHttp?: boolean
}

interface Ending {
  after(fn: () => Promise<void>): void
}

/** Waiting times of tests: short, so that a retry is not what a test waits for. */
export const testPace: Pace = {
  retryFirstMs: 5,
  retryLongestMs: 100,
  pollMs: 2_000,
  refusedMs: 20,
  cosignatureMs: 2,
  gossipMs: 100,
  sweepMs: 1_000,
  // Tests of tenders set it lower; in all others a host that is off is just off.
  tenderAfterMs: 600_000,
}

/** As {@link testPace}, for witnesses. */
export const testWitnessPace: WitnessPace = {
  submitMs: 1,
  answerMs: 1_000,
  retryFirstMs: 10,
  retryLongestMs: 100,
  mlDsaMs: 60_000,
}

export const startOfTime = Date.UTC(2026, 10, 22, 9, 0, 0)

/**
 * Nodes in one process, each with its own database, keys and clock, joined by a fake wire.
 *
 * They are introduced and pinned with each other unless `accredited` is false.
 */
export async function startNetwork<Name extends string>(
  t: Ending,
  names: readonly Name[],
  options: NetworkOptions = {},
): Promise<Network<Name>> {
  const wire = createFakeWire()
  const list = await Promise.all(names.map((name) => startNode(t, name, wire, options)))
  const nodes = Object.fromEntries(list.map((node) => [node.name, node])) as Record<Name, NetworkNode>
  if (options.accredited === 'with-first') await Promise.all(list.slice(1).map((node) => accredit([list[0]!, node])))
  else if (options.accredited !== false) await accredit(list)
  return {
    nodes,
    wire,
    async settled() {
      const end = performance.now() + catchUpMs
      for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 50)) {
        for (let round = 0; round < 3; round += 1)
          for (const node of list) {
            await node.federation.idle()
            await node.witnessing.idle()
          }
        if ((await agree(list, wire)) || performance.now() > end) return
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    },
  }
}

// Long for a busy machine. A member that is kept from its host by what a test does never agrees: then this is all.
const catchUpMs = 10_000

/** Whether every member here that its host reaches holds as much of each space as that one does. */
async function agree(nodes: readonly NetworkNode[], wire: FakeWire): Promise<boolean> {
  for (const host of nodes) {
    for (const { space, size, hosted, kind } of await host.ledger.heads()) {
      if (!hosted || kind === 'register') continue
      const members = await host.ledger.members(space)
      for (const node of nodes) {
        const isServed = members.some(({ party, until }) => party === node.party && until === undefined)
        if (node === host || !isServed || !wire.joins(host.name, node.name)) continue
        const held = await node.ledger.head(space)
        if (!held?.frozen && (held?.size ?? 0) < size) return false
      }
    }
  }
  return true
}

/** Each introduces and pins every other, comparing fingerprints as two people would. */
export async function accredit(nodes: readonly NetworkNode[]): Promise<void> {
  for (const node of nodes) {
    for (const other of nodes) {
      if (other === node) continue
      await node.peers.introduce(other.url)
      const fingerprint = await other.peers.ownFingerprint()
      await node.peers.pin(other.party, { person: 'p1', how: 'voice', fingerprint })
    }
  }
}

async function startNode(t: Ending, name: string, wire: FakeWire, options: NetworkOptions): Promise<NetworkNode> {
  const modules = options.modules ?? []
  const database = await smallDatabase(t, options.poolSize ?? 6, [
    ...blobMigrations,
    ...logMigrations,
    ...federationMigrations,
    ...witnessingMigrations,
    ...modules.flatMap((module) => module.migrations ?? []),
  ])
  const dataDir = mkdtempSync(join(tmpdir(), `chancery-${name}-`))
  const clock = createFakeClock(startOfTime)
  const party = `${name}.example`
  await foundIdentity({ dataDir, party, names: { en: capital(name) }, clock })
  const node = {
    name,
    party,
    url: `http://${name}.test`,
    dataDir,
    clock,
    database,
    db: database.db,
    blobs: createBlobs(),
    log: createLog(),
  } as unknown as NetworkNode
  if (options.overHttp) node.url = await listen(t, (request) => node.handle(request))
  t.after(async () => {
    await node.kill()
    rmSync(dataDir, { recursive: true, force: true })
  })
  Object.assign(node, {
    async kill() {
      wire.detach(name)
      await node.keys.stop()
      await node.offRecord.stop()
      await node.meetingRooms.stop()
      await node.witnessing.stop()
      await node.federation.stop()
      await node.ledger.close()
    },
    restart: () => run(node, wire, options),
  })
  await run(node, wire, options)
  return node
}

async function run(node: NetworkNode, wire: FakeWire, options: NetworkOptions): Promise<void> {
  const { name, dataDir, clock, database, db, blobs, log } = node
  const modules = options.modules ?? []
  const identity = await loadIdentity(dataDir)
  const ledger: LogLedger = createLedger({
    db,
    blobs,
    clock,
    log,
    identity,
    dataDir,
    acts: [...(options.acts ?? []), ...modules.flatMap((module) => module.acts ?? [])],
    views: [...witnessViews, ...modules.flatMap((module) => module.views ?? [])],
    snapshotOf: (party) => federation.snapshotOf(party),
    knownParty: (party, reader) => federation.knownParty(party, reader),
    askMembers: (space) => federation.askMembers(space),
    outsiders: (space) => witnessing.outsiders(space),
  })
  const witnessing: Witnessing = createWitnessing({
    db,
    ledger,
    clock,
    log,
    identity,
    settings: { dataDir, ...options.settings?.(name) },
    wire: options.overHttp ? undefined : wire.from(name),
    pace: { ...testWitnessPace, ...options.witnessPace },
    federation: {
      pull: (space, party) => federation.pull(space, party),
      handIn: (space, party, cosigned) => federation.handIn(space, party, cosigned),
      descriptionOf: (party) => federation.descriptionOf(party),
    },
  })
  const wireOfNode = options.overHttp ? createHttpWire() : wire.from(name)
  const offRecord = createOffRecord({
    db,
    dataDir: node.dataDir,
    clock,
    log,
    party: node.party,
    wire: wireOfNode,
    addressOf: async (party) => (await federation.peers.find(party))?.url,
    changed: () => undefined,
    firstRetryMs: 5,
  })
  const meetingRooms = createMeetingRooms({
    clock,
    party: node.party,
    isMember: async (space, party) =>
      (await ledger.find(space))?.members.some((one) => one.party === party && one.until === undefined) ?? false,
    async factsOf(place) {
      for (const module of modules) {
        const facts = await module.roomOf?.({ db, clock }, place)
        if (facts) return facts
      }
    },
    ask: (party, request) => federation.ask(party, request),
    changed: () => undefined,
    channel: database,
  })
  const federation: Federation = createFederation({
    database,
    blobs,
    clock,
    log,
    identity,
    ledger,
    settings: {
      peerUrl: node.url,
      publicUrl: node.url,
      submitWaitMs: options.submitWaitMs ?? 60_000,
      maxUploadBytes: 100 * 1024 * 1024,
    },
    wire: wireOfNode,
    pace: { ...testPace, ...options.pace },
    further: [...witnessing.routes, ...offRecord.routes, ...meetingRooms.routes],
    selfDescription: witnessing.selfDescription,
  })
  wire.attach(name, federation.handle)
  await ledger.start()
  await witnessing.start()
  await federation.start()
  const { outbox } = federation
  const pace = { hostMs: 20, memberMs: 60, rotationMs: 60_000, ...options.bringing }
  const keys = createKeys({ db, blobs, clock, log, identity, ledger, outbox, pace })
  await keys.start()
  Object.assign(node, {
    identity,
    ledger,
    federation,
    outbox,
    witnessing,
    offRecord,
    meetingRooms,
    tenders: federation.tenders,
    keys,
    peers: federation.peers,
    handle: federation.handle,
  })
}

/** A server on loopback for the length of a test; resolves to its address. */
export async function listen(t: Ending, handle: (request: Request) => Promise<Response>): Promise<string> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const listening = serve({ fetch: handle, port: 0, hostname: '127.0.0.1' }, () => resolve(listening))
  })
  t.after(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    await new Promise((resolve) => {
      server.close(resolve)
    })
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export function createFakeClock(start: number): FakeClock {
  let now = start
  return {
    now: () => now,
    advance(ms) {
      now += ms
    },
    set(ms) {
      now = ms
    },
  }
}

function createLog(): NetworkNode['log'] {
  const events: NetworkNode['log']['events'] = []
  const at = (level: string) => (event: string, facts?: Record<string, unknown>) => {
    events.push({ level, event, facts })
    if (process.env.CHANCERY_TEST_LOG) console.error(level, event, facts)
  }
  return { info: at('info'), warn: at('warn'), error: at('error'), events }
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
