import { fdatasyncSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { createNode } from '../src/app/create-node.ts'
import { modules } from '../src/app/modules.ts'
import { openNodeDatabase } from '../src/app/start-node.ts'
import { accelerate } from '../src/core/checking/index.ts'
import { loadSettings, systemClock } from '../src/core/config/index.ts'
import { foundIdentity, loadIdentity } from '../src/core/identity/index.ts'
import { removeEmbeddedPostgres } from '../src/core/storage/index.ts'
import { newId } from '../src/protocol/index.ts'
import { signedAct } from './bench-ledger.ts'
import { percentile, printFigures } from './print-figures.ts'

/**
 * One act alone on a space of our own, one process, a PostgreSQL that waits for the disk: from handing the signed
 * act and its payload to the sequencer to its receipt; and, as an operation does it, from draft to receipt: signed,
 * stored, queued, handed in, projected, with the node's other work going on. Beside them, in the same minute and on
 * the same disk, what a receipt has to wait for at least: a commit of PostgreSQL, and after it an fsync of the guard.
 *
 * What counts is a node that has been running: code that ran 1,500 times is compiled. A process of the first minute is
 * told beside it.
 */

const cold = 50
const warmUps = 1500
const acts = Number(process.argv[2] ?? 200)
const silent = { info: () => undefined, warn: () => undefined, error: console.error }

accelerate()
const dataDir = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const url = 'http://127.0.0.1:9'
const settings = await loadSettings({ env: {}, flags: { dataDir, publicUrl: url, peerUrl: url }, listens: false })
const database = await openNodeDatabase(settings)
await foundIdentity({ dataDir, party: 'mfa.aurelia.example', names: { en: 'Aurelia' }, clock: systemClock })
const identity = await loadIdentity(dataDir)
const node = createNode({
  settings,
  clock: systemClock,
  log: silent,
  database,
  identity,
  modules: modules(),
})
try {
  await node.start()
  await sql`create table home.bare (n integer)`.execute(database.db)
  const space = await node.ledger.open({
    id: newId(),
    kind: 'forum',
    title: { en: 'Measured' },
    purpose: 'To measure one act',
    office: 'duty-desk',
    members: [],
  })
  const receipts: number[] = []
  const early: number[] = []
  const sends: number[] = []
  const commits: number[] = []
  const syncs: number[] = []
  const disk = openSync(join(dataDir, 'bare'), 'w')
  for (let count = 0; count < warmUps + acts; count += 1) {
    const signed = signedAct(identity, space)
    const handedInAt = performance.now()
    const [answer] = await node.ledger.append(space.id, [signed])
    if (answer?.state !== 'on-record') throw new Error(`it is ${answer?.state}`)
    const took = performance.now() - handedInAt
    if (count >= warmUps) receipts.push(took)
    else if (count >= cold && count < cold + acts) early.push(took)
    if (count < warmUps && count >= cold + acts) continue
    const committingAt = performance.now()
    await sql`insert into home.bare values (${count})`.execute(database.db)
    commits.push(performance.now() - committingAt)
    const syncingAt = performance.now()
    writeSync(disk, 'a line as long as those of the guard, more or less, with a root in it\n')
    fdatasyncSync(disk)
    syncs.push(performance.now() - syncingAt)
    // Alone: what an act leaves to be done afterwards is done before the next.
    await node.ledger.project(space.id)
    await pause(10)
  }
  for (let count = 0; count < cold + acts; count += 1) {
    const startedAt = performance.now()
    const sent = await node.services.outbox.send({
      space: space.id,
      type: 'forums.item-opened',
      id: newId(),
      office: 'duty-desk',
      body: { item: newId() },
      text: { title: `Item ${count}` },
      marking: { tlp: 'AMBER' },
    })
    if (sent.state !== 'on-record') throw new Error(`it is ${sent.state}`)
    if (count >= cold) sends.push(performance.now() - startedAt)
    await pause(10)
  }
  process.exitCode = printFigures(`One act alone, ${acts} acts`, [
    { what: 'p50 handed in to receipt', value: percentile(receipts, 0.5), unit: 'ms', limit: 3 },
    { what: 'p99 handed in to receipt', value: percentile(receipts, 0.99), unit: 'ms' },
    { what: 'p50 in the first minute of a process', value: percentile(early, 0.5), unit: 'ms' },
    { what: 'p50 one row committed', value: percentile(commits, 0.5), unit: 'ms' },
    { what: 'p50 bare fdatasync', value: percentile(syncs, 0.5), unit: 'ms' },
    { what: 'p50 draft to receipt', value: percentile(sends, 0.5), unit: 'ms' },
    { what: 'p99 draft to receipt', value: percentile(sends, 0.99), unit: 'ms' },
  ])
} finally {
  await node.stop()
  await database.close()
  await removeEmbeddedPostgres(dataDir)
  await rm(dataDir, { recursive: true, force: true })
}
