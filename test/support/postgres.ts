import { createHash, randomBytes } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'
import { type Database, type Migration, migrate, openDatabase } from '../../src/core/storage/index.ts'
import { tablesStamp } from './tables-stamp.ts'
import { findTestServer, inMemory } from './test-server.ts'

/** A test context, or `{ after }` of node:test for a database shared by a whole file. */
interface Ending {
  after(fn: () => Promise<void>): void
}

/**
 * A fresh, migrated database on the one server of this test run. It is dropped some time after `t` ended.
 *
 * @param prepare - Sets up what migrations cannot, e.g. `prepareJobs`; named functions only.
 * @returns `url` too: it reaches the database from another process or a second pool.
 */
export async function testDatabase(
  t: Ending,
  migrations: readonly Migration[],
  ...prepare: Preparation[]
): Promise<Database & { url: string }> {
  return smallDatabase(t, usualPoolSize, migrations, ...prepare)
}

const usualPoolSize = 6

/** As {@link testDatabase}, with so many connections at most: for tests of many nodes. */
export async function smallDatabase(
  t: Ending,
  poolSize: number,
  migrations: readonly Migration[],
  ...prepare: Preparation[]
): Promise<Database & { url: string }> {
  await closeEnded()
  const server = await findTestServer()
  const template = await findTemplate(server, migrations, prepare)
  const name = `t_${randomBytes(8).toString('hex')}`
  // Files are copied as they are: page by page through the log took ten times as long.
  await query(server, `create database ${name} template ${template} strategy file_copy`)
  const url = urlOf(server, name)
  const database = await openDatabase({ databaseUrl: url, poolSize })
  const entry: OpenDatabase = { testEnded: false, close }
  open.add(entry)
  async function close(): Promise<void> {
    if (!open.delete(entry)) return
    const closed = await Promise.race([database.close().then(() => true), pause(closingMs)])
    await query(server, `drop database ${name} with (force)`)
    if (!closed) throw new Error('something kept a connection of its test database: stop jobs and end transactions')
  }
  t.after(async () => {
    entry.testEnded = true
  })
  return { ...database, url, close }
}

function pause(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, ms, false).unref())
}

type Preparation = (database: Database) => Promise<void>

const closingMs = 5_000

interface OpenDatabase {
  testEnded: boolean
  close(): Promise<void>
}

const open = new Set<OpenDatabase>()

// Hooks run in the order in which they were set: what a test sets later may still need its database.
// So a database goes when the next one is asked for, or when the file ends.
async function closeEnded(): Promise<void> {
  for (const database of open) if (database.testEnded) await database.close()
}

after(async () => {
  for (const database of open) await database.close()
})

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
  hash.update(tablesStamp())
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
  const { rowCount: isInMemory } = await client.query('select from pg_tablespace where spcname = $1', [inMemory])
  await client.query(`create database ${draft} strategy file_copy ${isInMemory ? `tablespace ${inMemory}` : ''}`)
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
