import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { launchNode, type LaunchedNode } from '../../../src/cli/demo/launch-node.ts'
import { parties, type RoleKey } from '../../../src/cli/demo/parties.ts'
import { until } from '../../../src/cli/demo/person.ts'
import { findFreePort } from '../../../src/core/config/index.ts'
import { type Identity, loadIdentity } from '../../../src/core/identity/index.ts'
import { createLedger, type LogLedger } from '../../../src/core/log/index.ts'
import { createBlobs, type Database, openDatabase, removeEmbeddedPostgres } from '../../../src/core/storage/index.ts'
import { firstPort } from '../../support/first-port.ts'
import { type Desk, pin, signIn } from '../../support/launch-pair.ts'
import { createDoors, type Doors } from './doors.ts'

/** A node as a process of its own, and what somebody at its machine can read and change meanwhile. */
export interface LaunchedMember {
  name: string
  party: string
  desk: Desk
  alive: boolean
  now: { identity: Identity; database: Pick<Database, 'db'>; ledger: LogLedger }
  kill(): Promise<void>
  restart(): Promise<void>
}

export interface LaunchedHouse {
  time: { now(): number }
  wire: Doors
  nodes: LaunchedMember[]
  /** Lets real time go on; false when it ran out before `done`. */
  run(ms: number, done?: () => Promise<boolean>): Promise<boolean>
  /** A channel of all that this node orders, once everybody has it. */
  openSpace(host: LaunchedMember): Promise<string>
  end(): Promise<void>
}

const program = resolve(import.meta.dirname, '../../../dist/chancery.js')
const staff = {
  aurelia: ['aureliaAdministrator', 'releaser'],
  borovia: ['boroviaAdministrator', 'deskOfficer'],
  calenia: ['caleniaAdministrator', 'delegate'],
} as const satisfies Record<string, readonly [RoleKey, RoleKey]>
type Name = keyof typeof staff
const names = Object.keys(staff) as Name[]
const silent = { info() {}, warn() {}, error() {} }

/** Three nodes of the shipped program with a PostgreSQL each, which reach each other through doors. */
export async function launchHouse(): Promise<LaunchedHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-processes-'))
  const wire = createDoors()
  const endings: (() => Promise<void>)[] = [() => wire.close()]
  const end = async () => {
    for (const ending of endings.toReversed()) await ending().catch(() => undefined)
    for (const name of names) await removeEmbeddedPostgres(join(folder, name))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const nodes: LaunchedMember[] = []
    const launched: { node: LaunchedNode; direct: LaunchedNode }[] = []
    let port = firstPort()
    for (const name of names) {
      port = await findFreePort(port + 1, '127.0.0.1')
      const one = await launch(name, { port, peerUrl: await wire.open(name), dataDir: join(folder, name) })
      endings.push(() => one.node.stop())
      launched.push(one)
      const member = await enter(name, one.direct, join(folder, name))
      endings.push(member.close)
      wire.inhabit(name, { port, kid: member.now.identity.keys.node.kid })
      nodes.push(member)
    }
    for (const [at, name] of names.entries()) {
      for (const [place, other] of names.entries()) {
        if (at === place) continue
        const theirs = await signIn(launched[place]!.direct, staff[other][0])
        await pin(await signIn(launched[at]!.direct, staff[name][0]), launched[place]!.node, theirs)
      }
    }
    return { time: { now: () => Date.now() }, wire, nodes, run, openSpace: (host) => openSpace(host, nodes), end }
  } catch (error) {
    await end()
    throw error
  }
}

async function launch(name: Name, { port, peerUrl, dataDir }: { port: number; peerUrl: string; dataDir: string }) {
  const node = await launchNode({ key: name, party: parties[name], dataDir, port, peerUrl, program })
  // People of the house do not go through its door.
  return { node, direct: { ...node, peerUrl: `http://127.0.0.1:${port}` } }
}

async function enter(
  name: Name,
  node: LaunchedNode,
  dataDir: string,
): Promise<LaunchedMember & { close(): Promise<void> }> {
  const identity = await loadIdentity(dataDir)
  const database = await openDatabase({ dataDir, poolSize: 2 })
  const { db } = database
  const ledger = createLedger({
    db,
    blobs: createBlobs(),
    clock: { now: () => Date.now() },
    log: silent,
    identity,
    dataDir,
    instance: 'beside',
    acts: [],
    views: [],
    snapshotOf: async () => undefined,
    knownParty: async () => undefined,
  })
  const member = {
    name,
    party: parties[name].party,
    desk: await signIn(node, staff[name][1]),
    alive: true,
    now: {
      identity,
      database,
      // Views are the node's own: it hears that the log grew beside it.
      ledger: { ...ledger, project: (space: string) => database.notify('chancery_growth', `beside ${space}`) },
    },
    async kill() {
      member.alive = false
      await node.kill()
    },
    async restart() {
      if (member.alive) return
      await node.restart()
      member.alive = true
    },
    async close() {
      await ledger.close()
      await database.close()
    },
  }
  return member
}

async function run(ms: number, done?: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    if (await done?.()) return true
    await pause(Math.min(done ? 50 : ms, Math.max(1, end - performance.now())))
  }
  return done ? done() : true
}

async function openSpace(host: LaunchedMember, nodes: readonly LaunchedMember[]): Promise<string> {
  const others = nodes.filter((node) => node !== host)
  await host.desk.open('/spaces/open')
  const page = await host.desk.send('/spaces/open', {
    kind: 'channel',
    'title-en': 'Played',
    purpose: 'To try what a host can do.',
    members: others.map(({ party }) => party),
  })
  const space = /\/spaces\/([0-9a-f]{32})/.exec(page.path)?.[1]
  if (!space) throw new Error(`no space was opened: ${page.title}`)
  for (const { name, now } of others)
    await until(`${name} to have the space`, async () => (await now.ledger.head(space)) !== undefined)
  return space
}
