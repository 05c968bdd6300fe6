import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChanceryNode, createNode } from '../../../src/app/create-node.ts'
import { allMigrations } from '../../../src/app/migrations.ts'
import { modules } from '../../../src/app/modules.ts'
import { type PartyKey, parties } from '../../../src/cli/demo/parties.ts'
import type { Stage } from '../../../src/cli/demo/stage.ts'
import { loadSettings, systemClock } from '../../../src/core/config/index.ts'
import type { Logger } from '../../../src/core/config/types.ts'
import { loadIdentity } from '../../../src/core/identity/index.ts'
import { prepareJobs } from '../../../src/core/jobs/index.ts'
import type { Database } from '../../../src/core/storage/index.ts'
import { foundFromFile, type PartyFile } from '../../../src/modules/entrance/index.ts'
import { createFakeWire, type FakeWire } from '../../support/fake-wire.ts'
import { testDatabase } from '../../support/postgres.ts'
import { testPace } from '../../support/network.ts'
import { type Desk, signInPeople } from './people-of-the-case.ts'
import { partyKeys } from './what-nodes-hold.ts'

export interface ComposedNode {
  node: ChanceryNode
  database: Database
  /** A new process over the same database and data folder, once the one before was stopped. */
  startAgain(): Promise<ChanceryNode>
}

export interface ComposedCase {
  nodes: Record<PartyKey, ComposedNode>
  wire: FakeWire
  people: Stage['people']
  stage: Stage
  /** What the nodes logged as an error. */
  errors: string[]
}

type Fetch = (request: Request) => Promise<Response>

type Ending = { after(end: () => Promise<void>): void }

/**
 * The four nodes of the case in one process, whole but for sockets: a fake wire between them, people in memory.
 * `between` stands between people and their nodes.
 */
export async function composeCase(t: Ending, options: { between?(answer: Fetch): Fetch } = {}): Promise<ComposedCase> {
  const between = options.between ?? ((answer: Fetch) => answer)
  const wire = createFakeWire()
  const errors: string[] = []
  const made = await Promise.all(
    partyKeys.map(async (key) => [key, await composeNode(t, key, parties[key], { wire, errors })] as const),
  )
  const nodes = Object.fromEntries(made) as Record<PartyKey, ComposedNode & Desk>
  const people = await signInPeople(nodes, (key) => between(nodes[key].node.http.fetch))
  const peerUrls = Object.fromEntries(partyKeys.map((key) => [key, `http://${key}.test`])) as Stage['peerUrls']
  return { nodes, wire, people, errors, stage: { people, peerUrls, tell: () => undefined } }
}

/** One node whole but for sockets, reached as `http://<name>.test`, ended when the test ends. */
export async function composeNode(
  t: Ending,
  name: string,
  party: PartyFile,
  { wire, errors }: Pick<ComposedCase, 'wire' | 'errors'>,
): Promise<ComposedNode & Desk> {
  const dataDir = await mkdtemp(join(tmpdir(), `chancery-${name}-`))
  const url = `http://${name}.test`
  const settings = await loadSettings({ env: {}, flags: { dataDir, publicUrl: url, peerUrl: url }, listens: false })
  const database = await testDatabase(t, allMigrations(modules()), prepareJobs)
  const log = logInto(errors, name)
  const links = await foundFromFile({ db: database.db, settings, clock: systemClock, log }, party, {
    isFounded: false,
    keepSheets: async () => undefined,
  })
  const identity = await loadIdentity(dataDir)
  const run = async () => {
    const node = createNode({
      settings,
      clock: systemClock,
      log,
      database,
      identity,
      modules: modules(),
      wire: wire.from(name),
      pace: testPace,
    })
    wire.attach(name, node.federation.handle)
    await node.start()
    return node
  }
  const composed = {
    node: await run(),
    database,
    publicUrl: url,
    connectUrl: url,
    links,
    async startAgain() {
      composed.node = await run()
      return composed.node
    },
  }
  t.after(async () => {
    wire.detach(name)
    await composed.node.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  return composed
}

function logInto(errors: string[], name: string): Logger {
  return {
    info: () => undefined,
    warn: () => undefined,
    error: (event, facts) => void errors.push(`${name} ${event} ${JSON.stringify(facts)}`),
  }
}
