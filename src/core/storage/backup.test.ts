import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/postgres.ts'
import { backup, blobMigrations, createBlobs, type Migration, restore, StorageTrouble, testRestore } from './index.ts'

const shapes: Migration = {
  name: 'shapes/0001-all-kinds-of-columns',
  async up(tx) {
    await sql`create table home.parent (id integer generated always as identity primary key, name text not null)`.execute(
      tx,
    )
    await sql`create table home.child (
      parent integer not null references home.parent,
      place bigint not null,
      facts jsonb,
      bytes bytea,
      tags text[],
      share double precision,
      doubled bigint generated always as (place * 2) stored,
      primary key (parent, place)
    )`.execute(tx)
    await sql`create table home.journal (number bigint generated always as identity primary key, what text)`.execute(tx)
    await sql`create function home.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'append-only'; end $$`.execute(tx)
    await sql`create trigger journal_only_grows before update or delete or truncate on home.journal
      for each statement execute function home.refuse()`.execute(tx)
  },
}
const migrations = [...blobMigrations, shapes]

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-backup-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

async function filledDatabase(t: TestContext) {
  const database = await testDatabase(t, migrations)
  const { db } = database
  await sql`insert into home.parent (name) values ('a "quoted" name\\ with' || chr(10) || 'a line'), ('الاسم')`.execute(
    db,
  )
  await sql`insert into home.child values
    (1, 9007199254740991, '{"b": [1.5, null], "a": "é"}', '\\x00ff'::bytea, '{x,"y z"}', 0.1),
    (2, -5, null, null, null, null)`.execute(db)
  await sql`insert into home.journal (what) values ('begun')`.execute(db)
  const blob = randomBytes(2_500_000)
  const commitment = createHash('sha256').update(blob).digest('base64url')
  await createBlobs().put(db, commitment, blob)
  return { ...database, blob, commitment }
}

async function emptyDatabase(t: TestContext) {
  const database = await testDatabase(t, [])
  await sql`drop schema log, home, view cascade`.execute(database.db)
  return database
}

test('a restored backup holds the same rows, payloads and next numbers', async (t) => {
  const { db, blob, commitment } = await filledDatabase(t)
  const file = join(folderOf(t), 'node.backup')
  const made = await backup(db, file, { at: 1_000 })
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(made.sizeBytes, statSync(file).size)
  const other = await emptyDatabase(t)
  const report = await restore(file, other.db, migrations)
  assert.deepEqual(report, { tables: made.tables, rows: made.rows, files: 0, at: 1_000 })
  for (const table of ['home.parent', 'home.child']) {
    const rows = (from: typeof db) => sql`select * from ${sql.table(table)} order by 1, 2`.execute(from)
    assert.deepEqual((await rows(other.db)).rows, (await rows(db)).rows)
  }
  assert.deepEqual(Buffer.from((await createBlobs().find(other.db, commitment)) ?? []), blob)
  const next = await sql<{ id: number }>`insert into home.parent (name) values ('next') returning id`.execute(other.db)
  assert.equal(next.rows[0]?.id, 3)
})

test('a backup is tried beside the running database and leaves no trace there', async (t) => {
  const database = await filledDatabase(t)
  const file = join(folderOf(t), 'node.backup')
  const made = await backup(database.db, file, { at: 5 })
  const report = await testRestore(file, database, migrations)
  assert.equal(report.rows, made.rows)
  const { rows } = await sql`select 1 from pg_database where datname like 'restore\\_%'`.execute(database.db)
  assert.equal(rows.length, 0)
})

test('keys of the data folder go along and come back with their modes, but never outside the folder', async (t) => {
  const { db } = await filledDatabase(t)
  const folder = folderOf(t)
  mkdirSync(join(folder, 'data/keys'), { recursive: true })
  writeFileSync(join(folder, 'data/keys/act.json'), '{"secret":1}', { mode: 0o600 })
  const file = join(folder, 'node.backup')
  await backup(db, file, { at: 1, files: { folder: join(folder, 'data'), paths: ['keys', 'missing'] } })
  const report = await restore(file, (await emptyDatabase(t)).db, migrations, join(folder, 'new'))
  assert.equal(report.files, 1)
  assert.equal(readFileSync(join(folder, 'new/keys/act.json'), 'utf8'), '{"secret":1}')
  assert.equal(statSync(join(folder, 'new/keys/act.json')).mode & 0o777, 0o600)
  const evil = gunzipSync(readFileSync(file)).toString().replace('"keys/act.json"', '"../act.json"')
  writeFileSync(file, gzipSync(evil))
  await assert.rejects(restore(file, (await emptyDatabase(t)).db, migrations, join(folder, 'third')), /outside/)
})

test('a backup with one changed row, cut short or of something else is refused and leaves nothing', async (t) => {
  const { db } = await filledDatabase(t)
  const file = join(folderOf(t), 'node.backup')
  await backup(db, file, { at: 1 })
  const whole = gunzipSync(readFileSync(file)).toString()
  const faults = {
    changed: gzipSync(whole.replace('quoted', 'forged')),
    shortened: gzipSync(whole.slice(0, -200)),
    cut: readFileSync(file).subarray(0, -3000),
    other: gzipSync('hello\n'),
    plain: Buffer.from('hello'),
  }
  for (const [fault, bytes] of Object.entries(faults)) {
    writeFileSync(file, bytes)
    const { db: empty } = await emptyDatabase(t)
    await assert.rejects(restore(file, empty, migrations), (error) => {
      assert.ok(error instanceof StorageTrouble, `${fault}: ${error}`)
      assert.equal(error.code, 'bad-backup', fault)
      return true
    })
    const { rows } = await sql<{ there: boolean }>`select to_regclass('home.parent') is not null as there`.execute(
      empty,
    )
    if (rows[0]?.there) assert.equal((await sql`select 1 from home.parent`.execute(empty)).rows.length, 0, fault)
  }
})

test('a backup goes only into an empty database and not into an older version', async (t) => {
  const { db } = await filledDatabase(t)
  const file = join(folderOf(t), 'node.backup')
  await backup(db, file, { at: 1 })
  await assert.rejects(restore(file, db, migrations), { code: 'not-empty' })
  await assert.rejects(restore(file, (await emptyDatabase(t)).db, blobMigrations), { code: 'newer-version' })
})

test('a backup of an older version is brought to the newest schema', async (t) => {
  const { db } = await filledDatabase(t)
  const file = join(folderOf(t), 'node.backup')
  await backup(db, file, { at: 1 })
  const later: Migration = {
    name: 'shapes/0002-colour',
    async up(tx) {
      await sql`alter table home.parent add column colour text not null default 'grey'`.execute(tx)
    },
  }
  const other = await emptyDatabase(t)
  await restore(file, other.db, [...migrations, later])
  const { rows } = await sql<{ colour: string }>`select colour from home.parent`.execute(other.db)
  assert.deepEqual(rows, [{ colour: 'grey' }, { colour: 'grey' }])
})
