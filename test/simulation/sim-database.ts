import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from '../../src/core/storage/index.ts'
import type { Tables } from '../../src/core/storage/tables.ts'

/** Where a node's process ends: at its n-th statement from now, before or after the database has done it. */
export interface CrashPoint {
  statements: number
  when: 'before' | 'after'
}

/** One process's connections to its database. */
export interface SimDatabase extends Pick<Database, 'db' | 'pool' | 'listen' | 'notify'> {
  /** The process is gone: open transactions are rolled back, nothing more reaches the database. */
  die(): void
  isDead(): boolean
  /** Dies by itself at this point and calls `died`. */
  crashAt(point: CrashPoint, died: () => void): void
  /** Takes the crash point back. */
  disarm(): void
  end(): Promise<void>
}

let pending = 0
let drained: (() => void) | undefined

/** Resolves once no statement is under way in any database of this process. */
export function statementsDone(): Promise<void> | undefined {
  if (pending === 0) return undefined
  return new Promise((resolve) => {
    drained = resolve
  })
}

const int8 = 20
const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(id, format as 'text')) as never,
}

type Run = (...args: unknown[]) => Promise<unknown>

/** The shipped SQL on a real PostgreSQL, with a process in front of it that can end at any statement. */
export function openSimDatabase(url: string): SimDatabase {
  const pool = new pg.Pool({ connectionString: url, types, max: 4, idleTimeoutMillis: 0 })
  const clients = new Set<pg.PoolClient>()
  const names = new Map<string, string>()
  const listeners = new Map<string, Set<(message: string) => void>>()
  let dead = false
  let crash: { left: number; when: CrashPoint['when']; died: () => void } | undefined

  function die(): void {
    dead = true
    for (const client of clients)
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }

  function reached(when: CrashPoint['when']): boolean {
    if (!crash || crash.when !== when || crash.left > 0) return false
    const { died } = crash
    crash = undefined
    die()
    died()
    return true
  }

  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    clients.add(client)
    client.on('error', () => undefined)
    const run = client.query.bind(client) as unknown as Run
    const query: Run = async (text, values) => {
      if (crash) crash.left -= 1
      if (dead || reached('before')) throw new Error('the process is gone')
      pending += 1
      try {
        const answer = await run(named(names, text, values))
        if (reached('after')) throw new Error('the process is gone')
        return answer
      } finally {
        pending -= 1
        if (pending === 0) drained?.()
      }
    }
    Object.assign(client, { query })
  })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    async listen(channel, hear) {
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(hear))
      return async () => void set.delete(hear)
    },
    // One process per database here: nobody else listens.
    notify: async () => undefined,
    die,
    isDead: () => dead,
    crashAt(point, died) {
      crash = { left: point.statements, when: point.when, died }
    },
    disarm() {
      crash = undefined
    },
    async end() {
      dead = true
      await pool.end().catch(() => undefined)
    },
  }
}

/** Prepared once per connection: planning is most of what a small statement costs. */
function named(names: Map<string, string>, text: unknown, values: unknown): unknown {
  if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) {
    return typeof text === 'string' ? { text, values } : text
  }
  const name = names.get(text) ?? `s${names.size}`
  names.set(text, name)
  return { name, text, values }
}
