import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, globSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/core/storage/embedded-postgres.ts'
import { type Database, migrate, type Migration, openDatabase } from '../../src/core/storage/index.ts'

/** Speed before safety: what these servers hold is worth nothing after the run. */
const careless = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' }

/** A test context, or `{ after }` of node:test for a database shared by a whole file. */
interface Ending {
  after(fn: () => Promise<void>): void
}

/**
 * A fresh, migrated database on the one server of this test run. It is dropped when `t` ends.
 *
 * @param prepare - Sets up what migrations cannot, e.g. `prepareJobs`; named functions only.
 * @returns `url` too: it reaches the database from another process or a second pool.
 */
export async function testDatabase(
  t: Ending,
  migrations: readonly Migration[],
  ...prepare: Preparation[]
): Promise<Database & { url: string }> {
  const server = await findServer()
  const template = await findTemplate(server, migrations, prepare)
  const name = `t_${randomBytes(8).toString('hex')}`
  await query(server, `create database ${name} template ${template}`)
  const url = urlOf(server, name)
  const database = await openDatabase({ databaseUrl: url, poolSize: 6 })
  let open = true
  async function close(): Promise<void> {
    if (!open) return
    open = false
    await database.close()
    await query(server, `drop database ${name} with (force)`)
  }
  t.after(close)
  return { ...database, url, close }
}

type Preparation = (database: Database) => Promise<void>

/** Starts the server of a whole run in a folder of its own; give `address` to tests as CHANCERY_TEST_PG. */
export async function startTestServer(dataDir: string): Promise<{ address: string; stop(): Promise<void> }> {
  const server = await startEmbeddedPostgres(dataDir, { settings: careless })
  return { address: server.address.host, stop: server.stop }
}

let address: Promise<string> | undefined

// A test file run by hand starts a server that the next one finds again.
function findServer(): Promise<string> {
  address ??= process.env.CHANCERY_TEST_PG ? Promise.resolve(process.env.CHANCERY_TEST_PG) : startShared()
  return address
}

async function startShared(): Promise<string> {
  const folder = join(tmpdir(), `chancery-test-${process.getuid?.() ?? 0}`)
  mkdirSync(folder, { recursive: true })
  if (lstatSync(folder).uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`)
  chmodSync(folder, 0o755)
  return exclusively(join(folder, 'starting'), async () => (await startTestServer(folder)).address)
}

async function exclusively<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const giveUp = performance.now() + 60_000
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > 60_000 || performance.now() > giveUp) rmSync(lock, { recursive: true, force: true })
      else await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

const templates = new Map<string, Promise<string>>()

function findTemplate(server: string, migrations: readonly Migration[], prepare: Preparation[]): Promise<string> {
  const key = keyOf(migrations, prepare)
  const known = templates.get(key)
  if (known) return known
  const made = makeTemplate(server, `template_${key}`, migrations, prepare)
  templates.set(key, made)
  return made
}

// Names alone would hide an edited migration from a server that outlives the run.
function keyOf(migrations: readonly Migration[], prepare: Preparation[]): string {
  const hash = createHash('sha256')
  for (const { name } of prepare) hash.update(`${name}\n`)
  for (const { name, up } of migrations) hash.update(`${name}\n${up}\n`)
  for (const file of globSync(['src/**/migrations*', 'src/**/migrations/*.ts', 'src/**/*tables*.ts'])) {
    hash.update(`${file} ${statSync(file).mtimeMs}\n`)
  }
  return hash.digest('hex').slice(0, 24)
}

async function makeTemplate(
  server: string,
  name: string,
  migrations: readonly Migration[],
  prepare: Preparation[],
): Promise<string> {
  const client = new pg.Client(urlOf(server, 'postgres'))
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [name])
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount === 0) await fillTemplate(client, server, name, migrations, prepare)
  } finally {
    await client.end()
  }
  return name
}

async function fillTemplate(
  client: pg.Client,
  server: string,
  name: string,
  migrations: readonly Migration[],
  prepare: Preparation[],
): Promise<void> {
  const draft = `draft_${randomBytes(8).toString('hex')}`
  await client.query(`create database ${draft}`)
  const database = await openDatabase({ databaseUrl: urlOf(server, draft) })
  try {
    await migrate(database.db, migrations)
    for (const step of prepare) await step(database)
  } catch (error) {
    await database.close()
    await client.query(`drop database ${draft} with (force)`)
    throw error
  }
  await database.close()
  await client.query(`alter database ${draft} rename to ${name}`)
}

function urlOf(server: string, database: string): string {
  return `postgres://chancery@/${database}?host=${encodeURIComponent(server)}`
}

async function query(server: string, text: string): Promise<void> {
  const client = new pg.Client(urlOf(server, 'postgres'))
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
