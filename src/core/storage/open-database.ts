import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts'
import { keepRunning } from './keep-running.ts'
import { createListener } from './listener.ts'
import { createNotifier } from './notifier.ts'
import { PreparingClient } from './preparing-client.ts'
import type { Tables } from './tables.ts'
import { StorageTrouble } from './trouble.ts'
import type { Db, Tx } from './types.ts'

export interface DatabasePlace {
  /** Folder of a node: its embedded PostgreSQL is started or taken over. */
  dataDir?: string
  /** A given PostgreSQL instead. */
  databaseUrl?: string
  /** Connections at most; default 8. */
  poolSize?: number
  /** Settings of the embedded server for this start. */
  settings?: EmbeddedPostgresOptions['settings']
  /** Told in a whole sentence when the embedded server ended by itself, and why it does not start again. */
  onTrouble?(sentence: string): void
}

export interface Database {
  db: Db
  /** The same connections, for libraries that bring their own SQL. int8 arrives as number. */
  pool: pg.Pool
  /** Where the embedded server keeps its data; undefined for a given PostgreSQL. */
  folder?: string
  /** Whole sentences for the operator. */
  warnings: string[]
  /**
   * Calls `hear` with each message on the channel, from any process. `gap` is called when messages
   * may have been missed (the connection broke and is back): look again at what you wait for.
   */
  listen(channel: string, hear: (message: string) => void, gap?: () => void): Promise<() => Promise<void>>
  /** Tells every process that listens; inside a transaction only once it commits. At most 7,900 bytes. */
  notify(channel: string, message: string, within?: Db | Tx): Promise<void>
  /** Makes an empty database of this name on the same server, e.g. to try a backup. */
  openBeside(name: string): Promise<Database & { remove(): Promise<void> }>
  /** Ends connections and stops the embedded server unless others still use it. */
  close(): Promise<void>
}

const int8 = 20

/** bigint columns hold milliseconds, sizes and counts, all below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(id, format as 'text')) as never,
}

/**
 * Opens the database of a node.
 *
 * @throws {@link StorageTrouble} with a sentence for the operator.
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  if (place.databaseUrl) return connect({ connectionString: place.databaseUrl }, place)
  if (!place.dataDir) throw new Error('openDatabase needs a data folder or a database URL')
  const server = await startEmbeddedPostgres(place.dataDir, { settings: place.settings })
  const database = await connect(server.address, place)
  const keeper = keepRunning({
    isRunning: server.isRunning,
    start: server.revive,
    onTrouble: (sentence) => place.onTrouble?.(sentence),
  })
  return {
    ...database,
    folder: server.folder,
    warnings: server.warnings,
    async close() {
      await keeper.end()
      await database.close()
      await server.stop()
    },
  }
}

async function connect(config: pg.PoolConfig, place: DatabasePlace): Promise<Database> {
  const pool = new pg.Pool({
    ...config,
    types,
    Client: PreparingClient as unknown as pg.PoolConfig['Client'],
    max: place.poolSize ?? 8,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 15_000,
    application_name: 'chancery',
  })
  // A connection that breaks while idle is replaced at its next use; one in use fails its query.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const notifier = createNotifier(db)
  const listener = createListener(() => new pg.Client({ ...config, types, keepAlive: true }))
  await requireAnswer(pool)
  return {
    db,
    pool,
    warnings: [],
    listen: listener.listen,
    notify: notifier.notify,
    openBeside: (name) => openBeside(config, place, db, name),
    async close() {
      await listener.close()
      await notifier.idle()
      await db.destroy()
      // Kysely ends only connections that it has used itself.
      if (!pool.ending) await pool.end()
    },
  }
}

async function requireAnswer(pool: pg.Pool): Promise<void> {
  try {
    await pool.query('select 1')
  } catch (cause) {
    await pool.end()
    const reason = cause instanceof Error ? cause.message || String(cause) : String(cause)
    throw new StorageTrouble('unreachable', `PostgreSQL does not answer: ${reason}. Check DATABASE_URL.`, { cause })
  }
}

async function openBeside(config: pg.PoolConfig, place: DatabasePlace, db: Db, name: string) {
  await sql`create database ${sql.id(name)} template template0`.execute(db).catch((cause) => {
    throw new StorageTrouble(
      'unreachable',
      `PostgreSQL did not make a database ${name} (${cause.message}): the user of DATABASE_URL needs the right CREATEDB.`,
      { cause },
    )
  })
  const database = await connect(withDatabase(config, name), { ...place, poolSize: 2 })
  return {
    ...database,
    async remove() {
      await database.close()
      await sql`drop database ${sql.id(name)} with (force)`.execute(db)
    },
  }
}

function withDatabase(config: pg.PoolConfig, name: string): pg.PoolConfig {
  if (!config.connectionString) return { ...config, database: name }
  // A socket's address has no host, which URL does not accept.
  return { connectionString: config.connectionString.replace(/^([a-z]+:\/\/[^/]*\/)[^?]*/, `$1${name}`) }
}
