import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Database } from '../../src/core/storage/index.ts'
import type { Tables } from '../../src/core/storage/tables.ts'
import { disksAreAnswering, diskPool, type SimDisk } from './sim-disk.ts'

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

/** Whether a statement is under way in any database of this process. */
export function databasesAreBusy(): boolean {
  return pending > 0 || disksAreAnswering()
}

type Run = (...args: unknown[]) => Promise<unknown>

/** The shipped SQL on PostgreSQL, with a process in front of it that can end at any statement. */
export function openSimDatabase(disk: SimDisk): SimDatabase {
  const pool = diskPool(disk)
  const clients = new Set<pg.PoolClient>()
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
    Object.assign((client as unknown as { connection: object }).connection, { parsedStatements: disk.prepared })
    client.on('error', () => undefined)
    const run = client.query.bind(client) as unknown as Run
    const query: Run = async (text, values) => {
      if (crash) crash.left -= 1
      if (dead || reached('before')) throw new Error('the process is gone')
      pending += 1
      try {
        const answer = await run(named(disk.names, text, values))
        if (reached('after')) throw new Error('the process is gone')
        return answer
      } finally {
        pending -= 1
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

function named(names: Map<string, string>, text: unknown, values: unknown): unknown {
  if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) {
    return typeof text === 'string' ? { text, values } : text
  }
  const name = names.get(text) ?? `s${names.size}`
  names.set(text, name)
  return { name, text, values }
}
