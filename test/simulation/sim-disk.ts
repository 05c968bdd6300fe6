import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { type Migration, migrate } from '../../src/core/storage/index.ts'
import type { Tables } from '../../src/core/storage/tables.ts'

/**
 * PostgreSQL inside this process: it answers in the order it is asked and at
 * once, so that a seed plays again. One session at a time; what a session
 * had not committed when it broke off is rolled back.
 */
export class SimDisk {
  readonly #engine: PGlite
  #session: DiskStream | undefined
  /** Names of statements by text, and those prepared: they outlive a session, for planning is most of what one costs. */
  readonly names = new Map<string, string>()
  readonly prepared: Record<string, string> = {}

  constructor(engine: PGlite) {
    this.#engine = engine
  }

  /** A connection as the driver expects it; ends the session before it. */
  connect(): Duplex {
    this.#session?.destroy()
    for (const text of ['rollback', ...freshSession]) this.#execute(simpleQuery(text))
    this.#session = new DiskStream((message) => this.#execute(message))
    return this.#session
  }

  /** The engine works before it answers with a promise; what it says need not be read twice. */
  #execute(message: Uint8Array): Uint8Array {
    const said: Uint8Array[] = []
    const onRawData = (bytes: Uint8Array) => void said.push(bytes.slice())
    const wake = silenceAlarms()
    void this.#engine.execProtocolRawStream(message, { syncToFs: false, onRawData }).catch(() => undefined)
    wake()
    return said.length === 1 ? (said[0] as Uint8Array) : Buffer.concat(said)
  }

  close(): Promise<void> {
    this.#session?.destroy()
    return this.#engine.close()
  }
}

/** `discard all`, but for the prepared statements. */
const freshSession = [
  'reset all',
  'select pg_advisory_unlock_all()',
  'unlisten *',
  'set plan_cache_mode = force_generic_plan',
]

let template: Promise<Blob> | undefined

/** An empty disk with the schema on it. The same migrations for all. */
export async function newSimDisk(migrations: readonly Migration[]): Promise<SimDisk> {
  template ??= findTemplate(migrations)
  const loadDataDir = await template
  const wake = silenceAlarms()
  try {
    return new SimDisk(await PGlite.create({ loadDataDir, relaxedDurability: true }))
  } finally {
    wake()
  }
}

/**
 * PostgreSQL sets itself alarms by the real clock, to write its statistics down now and then. One that rings at a
 * statement of its own choosing would have a seed play otherwise on a slow machine: until `wake`, none is set.
 */
function silenceAlarms(): () => void {
  const { setTimeout } = globalThis
  globalThis.setTimeout = (() => 0) as unknown as typeof setTimeout
  return () => {
    globalThis.setTimeout = setTimeout
  }
}

const cache = join(import.meta.dirname, '../../node_modules/.cache/chancery')

/** Making a cluster takes longer than most simulations: it is kept for the next run with the same schema. */
async function findTemplate(migrations: readonly Migration[]): Promise<Blob> {
  const schema = migrations.map(({ name, up }) => `${name} ${up}`).join('\n')
  const file = join(cache, `sim-disk-${createHash('sha256').update(schema).digest('hex').slice(0, 16)}.tar`)
  if (existsSync(file)) return new Blob([readFileSync(file)])
  const image = await makeTemplate(migrations)
  mkdirSync(cache, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, new Uint8Array(await image.arrayBuffer()))
  renameSync(`${file}.${process.pid}`, file)
  return image
}

async function makeTemplate(migrations: readonly Migration[]): Promise<Blob> {
  const engine = await PGlite.create()
  const disk = new SimDisk(engine)
  const pool = diskPool(disk)
  await migrate(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), migrations)
  await pool.end()
  const image = await engine.dumpDataDir('none')
  await disk.close()
  return image
}

const int8 = 20
const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(id, format as 'text')) as never,
}

/** The driver of the shipped program on such a disk. */
export function diskPool(disk: SimDisk): pg.Pool {
  const settings = { types, max: 1, idleTimeoutMillis: 0, user: 'postgres', database: 'postgres' }
  return new pg.Pool({ ...settings, stream: () => disk.connect() } as pg.PoolConfig)
}

let undelivered = 0

/** Whether an answer of any disk is on its way to whoever asked. */
export function disksAreAnswering(): boolean {
  return undelivered > 0
}

const authenticated = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])
const terminate = 0x58

/** What a socket to PostgreSQL is to the driver. */
class DiskStream extends Duplex {
  readonly #execute: (message: Uint8Array) => Uint8Array
  #isOpen = false

  constructor(execute: (message: Uint8Array) => Uint8Array) {
    super()
    this.#execute = execute
  }

  connect(): void {
    this.#later(() => this.emit('connect'))
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#take(chunk)
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#take(Buffer.concat(chunks.map(({ chunk }) => chunk)))
    done()
  }

  override _destroy(_error: Error | null, done: () => void): void {
    this.#isOpen = false
    done()
  }

  #take(message: Buffer): void {
    if (this.destroyed) return
    if (message[0] === terminate && this.#isOpen) {
      this.#later(() => this.destroy())
      return
    }
    const answer = this.#isOpen ? Buffer.from(this.#execute(message)) : authenticated
    this.#isOpen = true
    if (answer.length > 0) this.#later(() => this.push(answer))
  }

  #later(deliver: () => void): void {
    undelivered += 1
    setImmediate(() => {
      undelivered -= 1
      if (!this.destroyed) deliver()
    })
  }
}

function simpleQuery(text: string): Uint8Array {
  const message = Buffer.alloc(6 + Buffer.byteLength(text))
  message.write('Q', 0)
  message.writeInt32BE(5 + Buffer.byteLength(text), 1)
  message.write(text, 5)
  return message
}
