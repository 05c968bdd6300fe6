import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { foundIdentity, type Identity } from '../../src/core/identity/index.ts'
import {
  createLedger,
  type Delivery,
  type Ingested,
  type LedgerOptions,
  type LogLedger,
  migrations,
  type SignedDraft,
} from '../../src/core/log/index.ts'
import type { ActDefinition, ActDraft, NewSpace } from '../../src/core/module/types.ts'
import { blobMigrations, createBlobs } from '../../src/core/storage/index.ts'
import type { Blobs, Db, Migration } from '../../src/core/storage/types.ts'
import { type CheckSignatures, newId, storedParts } from '../../src/protocol/index.ts'
import { testDatabase } from './postgres.ts'

interface Ending {
  after(fn: () => Promise<void> | void): void
}

/** A clock that stands still until a test moves it. ms. */
export interface HeldClock {
  time: number
  now(): number
}

export function heldClock(time = Date.UTC(2027, 4, 4, 9, 0, 0)): HeldClock {
  return {
    time,
    now() {
      return this.time
    },
  }
}

/** A party with its own database, ledger and data folder. */
export interface LedgerNode {
  party: string
  identity: Identity
  ledger: LogLedger
  db: Db
  blobs: Blobs
  url: string
  dataDir: string
  options: LedgerOptions
  /** Another process of the same node: same database and folder. */
  another(change?: Partial<LedgerOptions>): LogLedger
}

/** Acts of a small module for tests: notes are counted per author. */
export const noteSent: ActDefinition = {
  type: 'trial.note-sent',
  body: z.strictObject({ number: z.int(), weight: z.int().optional() }),
  text: z.strictObject({ subject: z.string() }),
  kinds: ['channel', 'case', 'forum', 'exercise'],
  who: 'a member',
  requires: 'nothing',
  effect: 'a row',
  release: 'direct',
  async project(tx, act) {
    if (act.body.number < 0) return { withoutEffect: 'negative' }
    await tx
      .insertInto('view.trial_note')
      .values({
        space: act.space.id,
        hash: act.hash,
        author: act.statement.author,
        number: act.body.number,
        scenario_at: act.scenarioTime,
        members: act.space.members.length,
        size: act.space.size,
      })
      .execute()
    return undefined
  },
}

declare module '../../src/core/storage/tables.ts' {
  interface Tables {
    'view.trial_note': {
      space: string
      hash: string
      author: string
      number: number
      scenario_at: number
      members: number
      size: number
    }
  }
}

/** Table of {@link noteSent}. */
export const trialTables: Migration = {
  name: 'trial/0001-note',
  async up(tx) {
    await tx.schema
      .createTable('view.trial_note')
      .addColumn('space', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('author', 'text', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('scenario_at', 'bigint', (column) => column.notNull())
      .addColumn('members', 'integer', (column) => column.notNull())
      .addColumn('size', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('trial_note_pkey', ['space', 'hash'])
      .execute()
  },
}

/** Parties that have pinned each other, each with a started ledger. */
export async function startLedgers(
  t: Ending,
  parties: readonly string[],
  {
    clock = heldClock(),
    acts = [noteSent],
    checkSignatures,
  }: { clock?: { now(): number }; acts?: ActDefinition[]; checkSignatures?: CheckSignatures } = {},
): Promise<Record<string, LedgerNode>> {
  const nodes: Record<string, LedgerNode> = {}
  for (const party of parties)
    nodes[party] = await startLedger(t, party, { clock, acts, peers: nodes, checkSignatures })
  return nodes
}

async function startLedger(
  t: Ending,
  party: string,
  {
    clock,
    acts,
    peers,
    checkSignatures,
  }: {
    clock: { now(): number }
    acts: ActDefinition[]
    peers: Record<string, LedgerNode>
    checkSignatures: CheckSignatures | undefined
  },
): Promise<LedgerNode> {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-ledger-'))
  const { db, url } = await testDatabase(t, [...blobMigrations, ...migrations, trialTables])
  const blobs = createBlobs()
  const { identity } = await foundIdentity({ dataDir, party, names: { en: party }, clock })
  const options: LedgerOptions = {
    db,
    blobs,
    clock,
    identity,
    dataDir,
    acts,
    views: ['view.trial_note'],
    ...(checkSignatures ? { checkSignatures } : {}),
    log: { info() {}, warn() {}, error() {} },
    snapshotOf: async (other) => peers[other] && (await peers[other].ledger.snapshot(peers[other].identity.register)),
    async knownParty(other) {
      const peer = peers[other]
      const register = peer && (await peer.ledger.register(peer.identity.register))
      return register && { state: 'pinned', first: register.first, host: register.host, actKeys: [register.act.key] }
    },
  }
  const ledger = createLedger(options)
  const others: LogLedger[] = []
  t.after(async () => {
    await Promise.all([ledger, ...others].map((one) => one.close()))
    rmSync(dataDir, { recursive: true, force: true })
  })
  await ledger.start()
  return {
    party,
    identity,
    ledger,
    db,
    blobs,
    url,
    dataDir,
    options,
    another(change) {
      const other = createLedger({ ...options, instance: `node-${others.length + 2}`, ...change })
      others.push(other)
      return other
    },
  }
}

/** A channel hosted by the first of the parties, and replicated to nobody yet. */
export function newChannel(members: readonly string[], more: Partial<NewSpace> = {}): NewSpace {
  return {
    id: newId(),
    kind: 'channel',
    title: { en: 'Trial' },
    purpose: 'Trying',
    office: 'desk',
    members: members.map((party) => ({ party, role: 'member' })),
    ...more,
  }
}

export function newNote(space: string, number = 1, more: Partial<ActDraft> = {}): ActDraft {
  return {
    space,
    type: 'trial.note-sent',
    id: newId(),
    office: 'desk',
    body: { number },
    text: { subject: `No. ${number}` },
    marking: { tlp: 'AMBER' },
    ...more,
  }
}

/** Signs in a transaction of its own. */
export function sign(node: LedgerNode, draft: ActDraft): Promise<SignedDraft> {
  return node.db.transaction().execute((tx) => node.ledger.signAct(tx, draft))
}

/** Signs and brings one act to the host, blobs first, as the wire does. */
export async function submit(from: LedgerNode, host: LedgerNode, draft: ActDraft) {
  const signed = await sign(from, draft)
  await carryBlobs(from, host, signed)
  const [answer] = await host.ledger.sequence(draft.space, [{ envelope: signed.envelope }])
  if (!answer) throw new Error('no answer')
  return answer
}

export async function carryBlobs(from: LedgerNode, to: LedgerNode, signed: SignedDraft): Promise<void> {
  if (from === to) return
  for (const { hash } of storedParts(signed.statement.parts)) {
    const blob = await from.blobs.find(from.db, hash)
    if (blob) await to.blobs.put(to.db, hash, blob)
  }
}

/** Brings a space from its host to a member: entries, then payloads. */
export async function replicate(
  host: LedgerNode,
  to: LedgerNode,
  space: string,
  change: Partial<Delivery> = {},
): Promise<Ingested> {
  const have = (await to.ledger.head(space))?.size ?? 0
  const answer = await to.ledger.ingest(space, {
    checkpoint: await host.ledger.checkpoint(space),
    from: have,
    entries: await host.ledger.entries(space, have, 4096),
    fetchBlob: (commitment) => host.blobs.find(host.db, commitment),
    ...change,
  })
  for (const part of await to.ledger.missingParts(space)) {
    const blob = await host.blobs.find(host.db, part.hash)
    if (blob) await to.blobs.put(to.db, part.hash, blob)
  }
  await to.ledger.project(space)
  return answer
}

/** Every row of every view table, ordered, to compare nodes and rebuilds. */
export async function viewRows(db: Db, omit: readonly string[] = []): Promise<Record<string, unknown[]>> {
  const tables = [
    'view.cursor',
    'view.space',
    'view.member',
    'view.drill_clock',
    'view.without_effect',
    'view.erased_part',
    'view.dark',
    'view.tender',
    'view.register',
    'view.trial_note',
  ] as const
  const rows: Record<string, unknown[]> = {}
  for (const table of tables) {
    const read = await db.selectFrom(table).selectAll().execute()
    const lines = read.filter((row) => !omit.includes(row.space)).map((row) => JSON.stringify(row))
    rows[table] = lines.sort()
  }
  return rows
}
