import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KnownParty, LogLedger } from '../src/core/log/index.ts'
import { modules } from '../src/app/modules.ts'
import { createBlobs } from '../src/core/storage/index.ts'
import type { PartySnapshot } from '../src/core/identity/types.ts'
import { newId } from '../src/protocol/index.ts'
import { type BenchLedger, openBenchLedger, signedAct } from './bench-ledger.ts'
import { printFigures } from './print-figures.ts'

/**
 * A member that was away while a space grew by many acts: how long until every entry is verified and stored
 * against the host's signed root; and, once the payloads are there, until the rows of all modules are. The network
 * and the way of the payloads are left out.
 */

const acts = Number(process.argv[2] ?? 100_000)
const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const parties = new Map<string, BenchLedger>()

const snapshotOf = (party: string): Promise<PartySnapshot | undefined> => {
  const there = parties.get(party)
  return there ? there.ledger.snapshot(there.identity.register) : Promise.resolve(undefined)
}

const knownParty = async (party: string): Promise<KnownParty | undefined> => {
  const there = parties.get(party)
  if (!there) return undefined
  const { first, keys } = there.identity
  return { state: 'pinned', first, host: keys.host.publicKey, actKeys: [keys.act.publicKey] }
}

/** All entries from an index on, as the host's tiles would bring them. */
async function* entriesOf(ledger: LogLedger, space: string, from: number): AsyncGenerator<Uint8Array> {
  for (let next = from; ; ) {
    const entries = await ledger.entries(space, next, 4_096)
    if (entries.length === 0) return
    yield* entries
    next += entries.length
  }
}

/** All payloads of the space, as a host's pages of them would bring them. */
async function bringPayloads(from: BenchLedger, to: BenchLedger, space: string): Promise<void> {
  const blobs = createBlobs()
  for (let next = 0; ; ) {
    const missing = await to.ledger.missingParts(space, { from: next, limit: 1_000 })
    if (missing.length === 0) return
    const hashes = missing.map(({ hash }) => hash)
    await blobs.putAll(to.db, await blobs.findAll(from.db, hashes))
    next = missing.at(-1)!.index + 1
  }
}

async function grow(host: BenchLedger, space: { id: string; size: number; root: string }): Promise<void> {
  for (let done = 0; done < acts; done += 256) {
    const count = Math.min(256, acts - done)
    const handed = Array.from({ length: count }, () => signedAct(host.identity, space))
    const answers = await host.ledger.append(space.id, handed)
    if (answers.some((answer) => answer.state !== 'on-record')) throw new Error('an act was not taken')
  }
  await host.ledger.project(space.id)
}

for (const party of ['mfa.aurelia.example', 'mfa.borovia.example']) {
  const ofModules = {
    acts: modules().flatMap(({ acts = [] }) => acts),
    views: modules().flatMap(({ views = [] }) => views),
  }
  parties.set(party, await openBenchLedger(folder, party, { snapshotOf, knownParty, ...ofModules }))
}
const [host, member] = [...parties.values()] as [BenchLedger, BenchLedger]
try {
  const space = await host.ledger.open({
    id: newId(),
    kind: 'forum',
    title: { en: 'Measured' },
    purpose: 'To measure a long absence',
    office: 'duty-desk',
    ownRole: 'chair',
    members: [{ party: member.identity.party, role: 'member' }],
  })
  const blobs = createBlobs()
  await grow(host, space)
  const startedAt = performance.now()
  const answer = await member.ledger.ingest(space.id, {
    checkpoint: await host.ledger.checkpoint(space.id),
    from: 0,
    entries: entriesOf(host.ledger, space.id, 0),
    fetchBlob: (commitment) => blobs.find(host.db, commitment),
  })
  const took = (performance.now() - startedAt) / 1000
  if (answer.state !== 'stored') throw new Error(`the delivery is ${answer.state}: ${JSON.stringify(answer)}`)
  await bringPayloads(host, member, space.id)
  const projectingAt = performance.now()
  await member.ledger.project(space.id)
  const projected = (performance.now() - projectingAt) / 1000
  process.exitCode = printFigures(`Catching up after ${acts} acts`, [
    { what: 'verified and stored', value: took, unit: 's', limit: (30 * acts) / 100_000 },
    { what: 'acts a second', value: acts / took, unit: '/s' },
    { what: 'then projected, payloads at hand', value: projected, unit: 's' },
    { what: 'acts a second', value: acts / projected, unit: '/s' },
  ])
} finally {
  for (const node of parties.values()) await node.close()
  await rm(folder, { recursive: true, force: true })
}
