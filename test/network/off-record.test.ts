import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openNodeDatabase } from '../../src/app/start-node.ts'
import { openHouse } from '../../src/app/open-house.ts'
import { createBackups } from '../../src/app/backups.ts'
import { parties } from '../../src/cli/demo/parties.ts'
import { until } from '../../src/cli/demo/person.ts'
import { createLogger, loadSettings, systemClock } from '../../src/core/config/index.ts'
import { createOffRecord } from '../../src/core/off-record/index.ts'
import { openWords } from '../../src/core/off-record/room-key.ts'
import { newId } from '../../src/protocol/index.ts'
import { type Held, filesIn, keysWritten, placesOf } from '../support/held-bytes.ts'
import { type Desk, launchPair } from '../support/launch-pair.ts'

const phrase = 'Seven herons over the eastern lock, between the two of us'

interface RoomData {
  state: string
  said: { words: string }[]
}

/** Every byte of both houses, clusters and their write-ahead logs with them. */
function everyByte(folders: Record<string, string>): Held[] {
  return Object.values(folders).flatMap((folder) => {
    // Run as root, the cluster lies elsewhere, where its own user may enter.
    const record = join(folder, 'postgres.json')
    if (!existsSync(record)) return filesIn(folder)
    const { cluster } = JSON.parse(readFileSync(record, 'utf8')) as { cluster: string }
    return [...filesIn(folder), ...filesIn(cluster)]
  })
}

/** Starts what a node does with its rooms, hours later, on the data folder it left. */
async function forgetLater(dataDir: string, hours: number): Promise<number> {
  const database = await openNodeDatabase(await loadSettings({ env: {}, flags: { dataDir }, listens: false }))
  const offRecord = createOffRecord({
    ...{ db: database.db, dataDir, log: createLogger({ level: 'error' }), party: 'own.example' },
    clock: { now: () => Date.now() + hours * 3_600_000 },
    addressOf: async () => undefined,
    changed() {},
  })
  await offRecord.follow([])
  await offRecord.stop()
  const left = await database.db.selectFrom('home.off_record_words').selectAll().execute()
  await database.close()
  return left.length
}

test('what is said off the record stands in no byte of two nodes that run, and once it is forgotten nothing they hold opens a copy that was kept: clusters, write-ahead log, logs, backups', async (t) => {
  const { aurelia, borovia, space, folders, end } = await launchPair()
  t.after(end)
  const house = await openHouse(await loadSettings({ env: {}, flags: { dataDir: folders.aurelia }, listens: false }))
  const { services } = house.node
  const id = newId()
  const body = {
    key: await services.offRecord.prepare(id),
    with: [parties.borovia.party],
    keepHours: 1,
    until: Date.now() + 3_600_000,
  }
  const sent = await services.outbox.send({
    space,
    type: 'off-record.room-opened',
    id,
    office: 'cyber-desk',
    body,
    marking: { tlp: 'AMBER' },
  })
  const room = `/spaces/${space}/off-record/${sent.hash}`
  const look = async (desk: Desk) => {
    const answer = await desk.ask(room)
    return answer.ok ? ((await answer.json()) as RoomData) : undefined
  }
  const post = async (desk: Desk, step: string, input: object) => {
    const answer = await desk.ask(`${room}/${step}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    assert.ok(answer.status < 400, `${step}: ${answer.status} ${await answer.text()}`)
  }
  await until('Borovia to be asked in', async () => (await look(borovia))?.state === 'asked')
  await post(borovia, 'join', {})
  for (const desk of [aurelia, borovia])
    await until('the room to be open', async () => (await look(desk))?.state === 'open')
  const words = { id: newId(), form: 'remark', by: 'Cyber desk', words: phrase }
  for (const _ of ['first', 'second click']) await post(aurelia, 'say', words)
  await until('Borovia to hear it', async () => (await look(borovia))?.said[0]?.words === phrase)
  assert.equal((await look(borovia))?.said.length, 1)

  const database = house.database
  const kept = await database.db.selectFrom('home.off_record_words').selectAll().executeTakeFirstOrThrow()
  const opens = (held: readonly Held[]) =>
    keysWritten(held).filter((key) => openWords({ hour: kept.hour, key }, kept.room, kept) !== undefined).length
  await createBackups({ settings: { dataDir: folders.aurelia }, database, clock: systemClock }).backup()
  await house.close()
  // Written out, so that what lies in memory of the server is in its files too.
  await Promise.all([aurelia.node.stop(), borovia.node.stop()])
  const held = everyByte(folders)
  const record = placesOf('To measure how long a communication check takes.', held)
  assert.ok(record.length > 1, 'the record is found')
  assert.ok(
    record.some((where) => where.startsWith(join(folders.aurelia, 'backups'))),
    'also in the backup',
  )
  assert.deepEqual(placesOf(phrase, held), [])
  assert.ok(opens(held) > 0, 'as long as it is kept, a key on the disk opens it')

  for (const folder of [folders.aurelia, folders.borovia])
    assert.equal(await forgetLater(folder, 4), 0, 'no row of words is left')
  const afterwards = everyByte(folders)
  assert.ok(placesOf('To measure how long a communication check takes.', afterwards).length > 1)
  assert.deepEqual(placesOf(phrase, afterwards), [])
  assert.equal(opens(afterwards), 0, 'the sealed row that somebody kept opens with nothing that either house holds')
})
