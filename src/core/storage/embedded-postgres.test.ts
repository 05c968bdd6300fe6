import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { openDatabase, removeEmbeddedPostgres, StorageTrouble } from './index.ts'

function dataFolder(t: TestContext): string {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'chancery-node-')), 'data')
  t.after(async () => {
    await removeEmbeddedPostgres(dataDir)
    rmSync(join(dataDir, '..'), { recursive: true, force: true })
  })
  return dataDir
}

test('what was written before a stop is there after the next start', async (t) => {
  const dataDir = dataFolder(t)
  const first = await openDatabase({ dataDir })
  await sql`create table kept (word text)`.execute(first.db)
  await sql`insert into kept values ('الكلمة')`.execute(first.db)
  await first.close()
  const second = await openDatabase({ dataDir })
  const { rows } = await sql<{ word: string }>`select word from kept`.execute(second.db)
  await second.close()
  assert.deepEqual(rows, [{ word: 'الكلمة' }])
})

test('the server writes to the disk before it answers, listens on no port and knows no locale', async (t) => {
  const database = await openDatabase({ dataDir: dataFolder(t) })
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name in
    ('fsync', 'synchronous_commit', 'listen_addresses', 'server_encoding', 'data_checksums', 'wal_recycle') order by 1`.execute(
    database.db,
  )
  const { rows: collation } = await sql`select datcollate from pg_database where datname = current_database()`.execute(
    database.db,
  )
  const { rows: number } = await sql<{ n: number }>`select 1733000000123::bigint as n`.execute(database.db)
  await database.close()
  assert.deepEqual(Object.fromEntries(rows.map(({ name, setting }) => [name, setting])), {
    data_checksums: 'on',
    fsync: 'on',
    listen_addresses: '',
    server_encoding: 'UTF8',
    synchronous_commit: 'on',
    wal_recycle: 'off',
  })
  assert.deepEqual(collation, [{ datcollate: 'C' }])
  assert.equal(number[0]?.n, 1733000000123)
})

test('a cluster of an earlier version has the settings of this one, and what its operator wrote below them stays', async (t) => {
  const dataDir = dataFolder(t)
  const first = await startEmbeddedPostgres(dataDir)
  await first.stop()
  const earlier = "listen_addresses = ''\nmax_connections = 40\nwork_mem = 1MB\n"
  writeFileSync(join(first.folder, 'data/chancery.conf'), earlier)
  appendFileSync(join(first.folder, 'data/postgresql.conf'), 'maintenance_work_mem = 80MB\nmax_connections = 50\n')
  const second = await startEmbeddedPostgres(dataDir)
  const client = new pg.Client(second.address)
  await client.connect()
  const { rows } = await client.query(
    "select name, setting from pg_settings where name in ('work_mem', 'maintenance_work_mem', 'max_connections', 'wal_recycle')",
  )
  await client.end()
  assert.deepEqual(Object.fromEntries(rows.map(({ name, setting }) => [name, setting])), {
    work_mem: '32768',
    maintenance_work_mem: '81920',
    max_connections: '50',
    wal_recycle: 'off',
  })
})

test('a server left by a killed process is taken over, with everything that was committed', async (t) => {
  const dataDir = dataFolder(t)
  const program = `
    const { openDatabase } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
    const { pool } = await openDatabase({ dataDir: ${JSON.stringify(dataDir)} })
    await pool.query('create table kept as select 7 as n')
    console.log('ready')
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const server = await startEmbeddedPostgres(dataDir)
  assert.equal(server.adopted, true)
  const database = await openDatabase({ dataDir })
  assert.deepEqual((await sql`select n from kept`.execute(database.db)).rows, [{ n: 7 }])
  await database.close()
})

test('a server that ends by itself is started again at the same address, and the operator is told', async (t) => {
  const dataDir = dataFolder(t)
  const told: string[] = []
  const { promise: revived, resolve } = Promise.withResolvers<void>()
  const database = await openDatabase({
    dataDir,
    onTrouble(sentence) {
      told.push(sentence)
      resolve()
    },
  })
  await sql`create table kept as select 7 as n`.execute(database.db)
  const { promise: missed, resolve: gap } = Promise.withResolvers<void>()
  await database.listen('trial', () => undefined, gap)
  const pid = Number(readFileSync(join(database.folder ?? '', 'data/postmaster.pid'), 'utf8').split('\n')[0])
  process.kill(pid, 'SIGQUIT')
  await Promise.all([revived, missed])
  assert.deepEqual((await sql`select n from kept`.execute(database.db)).rows, [{ n: 7 }])
  assert.deepEqual(told, ['PostgreSQL had ended by itself and was started again.'])
  await database.close()
})

test('a server that another process still uses is left running', async (t) => {
  const dataDir = dataFolder(t)
  const node = await openDatabase({ dataDir })
  const doctor = await openDatabase({ dataDir })
  await doctor.close()
  assert.deepEqual((await sql`select 1 as n`.execute(node.db)).rows, [{ n: 1 }])
  await node.close()
})

test('two starts at the same moment share one server', async (t) => {
  const dataDir = dataFolder(t)
  await (await openDatabase({ dataDir })).close()
  const both = await Promise.all([openDatabase({ dataDir }), openDatabase({ dataDir })])
  for (const database of both) assert.deepEqual((await sql`select 1 as n`.execute(database.db)).rows, [{ n: 1 }])
  for (const database of both) await database.close()
})

test('two first starts at the same moment make one database', async (t) => {
  const dataDir = dataFolder(t)
  const both = await Promise.all([openDatabase({ dataDir }), openDatabase({ dataDir })])
  assert.equal(both[0]?.folder, both[1]?.folder)
  for (const database of both) await database.close()
})

test('a pid file whose number now belongs to another program does not keep the server from starting', async (t) => {
  const dataDir = dataFolder(t)
  const server = await startEmbeddedPostgres(dataDir)
  const pidFile = join(server.folder, 'data/postmaster.pid')
  const left = readFileSync(pidFile, 'utf8')
  await server.stop()
  writeFileSync(pidFile, left.replace(/^\d+/, String(process.pid)))
  const again = await startEmbeddedPostgres(dataDir)
  assert.equal(again.adopted, false)
  await again.stop()
})

test('data of another PostgreSQL version are refused in one sentence and left alone', async (t) => {
  const dataDir = dataFolder(t)
  const server = await startEmbeddedPostgres(dataDir)
  await server.stop()
  const file = join(server.folder, 'data/PG_VERSION')
  const version = readFileSync(file)
  writeFileSync(file, '17\n')
  await assert.rejects(openDatabase({ dataDir }), (error) => {
    assert.ok(error instanceof StorageTrouble)
    assert.equal(error.code, 'other-version')
    assert.match(error.message, /made by PostgreSQL 17/)
    return true
  })
  writeFileSync(file, version)
})

test('a data folder whose database is gone is not silently begun anew', async (t) => {
  const dataDir = dataFolder(t)
  const server = await startEmbeddedPostgres(dataDir)
  await server.stop()
  rmSync(server.folder, { recursive: true })
  mkdirSync(server.folder)
  await assert.rejects(openDatabase({ dataDir }), { code: 'cannot-start' })
})

test('no database answers at a wrong address: one sentence', async () => {
  await assert.rejects(openDatabase({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' }), (error) => {
    assert.ok(error instanceof StorageTrouble)
    assert.match(error.message, /does not answer/)
    return true
  })
})

const isRoot = process.getuid?.() === 0

test('as root a data folder that only root may enter works, and the server belongs to somebody else', async (t) => {
  if (!isRoot) return
  const dataDir = dataFolder(t)
  chmodSync(join(dataDir, '..'), 0o700)
  const server = await startEmbeddedPostgres(dataDir)
  assert.notEqual(statSync(join(server.folder, 'data')).uid, 0)
  assert.equal(statSync(server.address.host).mode & 0o777, 0o700)
  assert.equal(JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')).cluster, server.folder)
  await server.stop()
  assert.equal(existsSync(server.address.host), false)
})

test('as root a copied data folder does not share the database of the original', async (t) => {
  if (!isRoot) return
  const dataDir = dataFolder(t)
  await (await startEmbeddedPostgres(dataDir)).stop()
  const copy = `${dataDir}-copy`
  cpSync(dataDir, copy, { recursive: true })
  await assert.rejects(openDatabase({ dataDir: copy }), { code: 'copied-folder' })
})

test('without any locale or home in the environment the server starts', async (t) => {
  const dataDir = dataFolder(t)
  const program = `
    const { openDatabase } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
    const { pool, close } = await openDatabase({ dataDir: ${JSON.stringify(dataDir)} })
    console.log((await pool.query("select 'ok' as said")).rows[0].said)
    await close()`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: isRoot ? {} : { HOME: process.env.HOME },
    encoding: 'utf8',
  })
  assert.equal(said.trim(), 'ok')
})
