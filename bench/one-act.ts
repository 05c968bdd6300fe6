import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createNode } from '../src/app/create-node.ts'
import { modules } from '../src/app/modules.ts'
import { openNodeDatabase } from '../src/app/start-node.ts'
import { loadSettings, systemClock } from '../src/core/config/index.ts'
import { foundIdentity, loadIdentity } from '../src/core/identity/index.ts'
import { removeEmbeddedPostgres } from '../src/core/storage/index.ts'
import { newId } from '../src/protocol/index.ts'
import { percentile, printFigures } from './print-figures.ts'

/** One act alone, from handing it in to its receipt, on a space of our own: one process, a PostgreSQL that waits for the disk. */

const warmUps = 50
const acts = Number(process.argv[2] ?? 200)
const silent = { info: () => undefined, warn: () => undefined, error: console.error }

const dataDir = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const url = 'http://127.0.0.1:9'
const settings = await loadSettings({ env: {}, flags: { dataDir, publicUrl: url, peerUrl: url }, listens: false })
const database = await openNodeDatabase(settings)
await foundIdentity({ dataDir, party: 'mfa.aurelia.example', names: { en: 'Aurelia' }, clock: systemClock })
const node = createNode({
  settings,
  clock: systemClock,
  log: silent,
  database,
  identity: await loadIdentity(dataDir),
  modules: modules(),
})
try {
  await node.start()
  const { id: space } = await node.ledger.open({
    id: newId(),
    kind: 'forum',
    title: { en: 'Measured' },
    purpose: 'To measure one act',
    office: 'duty-desk',
    members: [],
  })
  const samples: number[] = []
  for (let count = 0; count < warmUps + acts; count += 1) {
    const startedAt = performance.now()
    const sent = await node.services.outbox.send({
      space,
      type: 'forums.item-opened',
      id: newId(),
      office: 'duty-desk',
      body: { item: newId() },
      text: { title: `Item ${count}` },
      marking: { tlp: 'AMBER' },
    })
    if (sent.state !== 'on-record') throw new Error(`it is ${sent.state}`)
    if (count >= warmUps) samples.push(performance.now() - startedAt)
    // Alone: what an act leaves to be done afterwards is done before the next.
    await pause(100)
  }
  process.exitCode = printFigures(`One act alone to its receipt, ${acts} acts`, [
    { what: 'p50', value: percentile(samples, 0.5), unit: 'ms', limit: 3 },
    { what: 'p99', value: percentile(samples, 0.99), unit: 'ms' },
  ])
} finally {
  await node.stop()
  await database.close()
  await removeEmbeddedPostgres(dataDir)
  await rm(dataDir, { recursive: true, force: true })
}
