import { join } from 'node:path'
import { accelerate, createChecker } from '../src/core/checking/index.ts'
import { loadSettings, systemClock } from '../src/core/config/index.ts'
import { openNodeDatabase } from '../src/app/start-node.ts'
import { foundIdentity, type Identity, isFounded, loadIdentity } from '../src/core/identity/index.ts'
import { createLedger, type LedgerOptions, type LogLedger } from '../src/core/log/index.ts'
import { createBlobs, type Db, removeEmbeddedPostgres } from '../src/core/storage/index.ts'
import { canonicalBytes, newBlob, newId, signAct, type Statement } from '../src/protocol/index.ts'

const silent = { info: () => undefined, warn: () => undefined, error: console.error }

/** A ledger as a node has it, alone: its own keys, data folder and PostgreSQL that waits for the disk. */
export interface BenchLedger {
  ledger: LogLedger
  identity: Identity
  db: Db
  /** Ends it; what is stored stays. */
  stop(): Promise<void>
  /** Ends it, if it still runs, and removes its database. */
  close(): Promise<void>
}

export async function openBenchLedger(
  folder: string,
  party: string,
  options: Partial<LedgerOptions> = {},
): Promise<BenchLedger> {
  accelerate()
  const checker = createChecker()
  const dataDir = join(folder, party)
  const url = 'http://127.0.0.1:9'
  const settings = await loadSettings({ env: {}, flags: { dataDir, publicUrl: url, peerUrl: url }, listens: false })
  const database = await openNodeDatabase(settings)
  if (!(await isFounded(dataDir))) await foundIdentity({ dataDir, party, names: { en: party }, clock: systemClock })
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
    checkSignatures: checker.check,
    ...options,
  })
  await ledger.start()
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= end())
  async function end(): Promise<void> {
    await ledger.close()
    await checker.close()
    await database.close()
  }
  return {
    ledger,
    identity,
    db: database.db,
    stop,
    async close() {
      await stop()
      await removeEmbeddedPostgres(dataDir)
    },
  }
}

/** An act of a few hundred bytes with its payload, signed and ready to be handed in. */
export function signedAct(identity: Identity, space: { id: string; size: number; root: string }) {
  const { commitment, blob, size } = newBlob(canonicalBytes({ item: newId() }))
  const statement: Statement = {
    v: 1,
    space: space.id,
    type: 'forums.item-opened',
    id: newId(),
    author: identity.party,
    office: 'duty-desk',
    seen: { size: space.size, root: space.root },
    at: systemClock.now(),
    marking: { tlp: 'AMBER' },
    parts: [{ role: 'body', hash: commitment, size, media: 'application/json' }],
  }
  return { envelope: signAct(statement, identity.keys.act).envelope, blobs: new Map([[commitment, blob]]) }
}
