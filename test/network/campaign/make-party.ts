import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChanceryNode, createNode } from '../../../src/app/create-node.ts'
import { modules } from '../../../src/app/modules.ts'
import { createFormPerson } from '../../../src/cli/demo/form-person.ts'
import type { Person } from '../../../src/cli/demo/person.ts'
import { issueSignInLink } from '../../../src/core/auth/index.ts'
import { findFreePort, loadSettings } from '../../../src/core/config/index.ts'
import { serveHttp } from '../../../src/core/http/index.ts'
import { loadIdentity } from '../../../src/core/identity/index.ts'
import { openDatabase } from '../../../src/core/storage/index.ts'
import { foundFromFile, type PartyFile } from '../../../src/modules/entrance/index.ts'

export interface PartyNode {
  party: string
  url: string
  fingerprint: string
  node: ChanceryNode
  /** Somebody of the duty desk. */
  officer: Person
  /** Signs them in: first of all, and anew once their session has lapsed. */
  signIn(): Promise<void>
  stop(): Promise<void>
}

/** All that wait in a campaign wait for an act, not for time that passes: what is told for its own sake is left out. */
const pace = {
  pollMs: 600_000,
  gossipMs: 600_000,
  sweepMs: 600_000,
  cosignatureMs: 3_000,
  retryFirstMs: 50,
  retryLongestMs: 1_000,
}

/**
 * A whole node of an invented party over real HTTP, in this process.
 *
 * @param databaseUrl - an empty database with every table.
 * @param aheadMs - how far its clock is ahead, read each time.
 */
export async function makeParty(
  name: string,
  databaseUrl: string,
  ports: { from: number },
  aheadMs: () => number,
): Promise<PartyNode> {
  const dataDir = await mkdtemp(join(tmpdir(), `chancery-${name}-`))
  const port = await findFreePort(ports.from, '127.0.0.1')
  ports.from = port + 1
  const url = `http://127.0.0.1:${port}`
  const settings = await loadSettings({
    env: {},
    flags: { dataDir, port: String(port), publicUrl: url, peerUrl: url },
    listens: false,
  })
  const clock = { now: () => Date.now() + aheadMs() }
  const log = { info: () => undefined, warn: () => undefined, error: console.error }
  const database = await openDatabase({ databaseUrl, poolSize: 3 })
  await foundFromFile({ db: database.db, settings, clock, log }, fileOf(name), {
    isFounded: false,
    keepSheets: async () => undefined,
  })
  const node = createNode({
    ...{ settings, clock, log, database, pace },
    witnessPace: { mlDsaMs: 86_400_000 },
    identity: await loadIdentity(dataDir),
    modules: modules(),
    ticks: false,
  })
  const running = await serveHttp(() => node.http, { port, host: '127.0.0.1' })
  await node.start()
  const officer = createFormPerson({ name: 'Dee Officer', baseUrl: url, fetch: (request) => node.http.fetch(request) })
  await signIn(officer, node)
  return {
    party: fileOf(name).party,
    url,
    fingerprint: await node.federation.peers.ownFingerprint(),
    node,
    officer,
    signIn: () => signIn(officer, node),
    async stop() {
      await Promise.all([running.close(), node.stop()])
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function signIn(officer: Person, { services }: ChanceryNode): Promise<void> {
  const person = (await services.people.list()).find(({ name }) => name === officer.name)?.id ?? ''
  const link = await services.db
    .transaction()
    .execute((tx) => issueSignInLink(services, tx, { person, purpose: 'first', by: person }))
  const { pathname } = new URL(link?.url ?? '')
  await officer.open(pathname)
  await officer.send(pathname)
}

function fileOf(name: string): PartyFile {
  const somebody = { language: 'en', zone: 'UTC', office: 'duty-desk' }
  return {
    party: `${name}.example`,
    names: { en: name },
    holders: ['Ana One', 'Bo Two'],
    offices: [{ id: 'duty-desk', names: { en: 'Duty desk' } }],
    people: [
      { ...somebody, name: 'Dee Officer', role: 'secretary', ceiling: 'RED' },
      { ...somebody, name: 'Ana One', role: 'administrator' },
      { ...somebody, name: 'Bo Two', role: 'administrator' },
    ],
  }
}
