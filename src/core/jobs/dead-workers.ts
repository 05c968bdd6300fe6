import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { Db, Migration } from '../storage/types.ts'

declare module '../storage/tables.ts' {
  interface Tables {
    'home.job_worker': { worker: string; process: number }
  }
}

/** First half of the advisory locks by which processes show that they live. */
const lockClass = 7_261_002

export const jobMigrations: Migration[] = [
  {
    name: 'jobs/0001-workers',
    async up(tx) {
      await sql`create table home.job_worker (
        worker text primary key,
        process integer not null
      )`.execute(tx)
    },
  },
]

/** A process that runs jobs. While it lives its connection holds a lock; the lock ends with the process. */
export interface LivingProcess {
  add(worker: string): Promise<void>
  end(): Promise<void>
}

export async function announceProcess(db: Db, pool: Pool): Promise<LivingProcess> {
  const process = randomInt(1, 2 ** 31 - 1)
  const client = await pool.connect()
  // A broken connection ends the lock: jobs may then run twice, which every task must bear.
  client.on('error', () => undefined)
  await client.query('select pg_advisory_lock($1, $2)', [lockClass, process])
  return {
    async add(worker) {
      await db.insertInto('home.job_worker').values({ worker, process }).execute()
    },
    async end() {
      try {
        await db.deleteFrom('home.job_worker').where('process', '=', process).execute()
        await unlock(client, process)
      } catch {
        // The database is away: the lock ended with the connection, and the row is swept by the next process.
      } finally {
        client.release()
      }
    },
  }
}

/** Frees the jobs that a killed process was running; without this they would rest for four hours. */
export async function freeJobsOfDeadWorkers(db: Db, pool: Pool): Promise<void> {
  const { rows: busy } = await sql<{ worker: string }>`
    select distinct locked_by as worker from graphile_worker.jobs where locked_by is not null`.execute(db)
  const announced = await db.selectFrom('home.job_worker').selectAll().execute()
  if (busy.length === 0 && announced.length === 0) return
  const dead = await findDeadProcesses(pool, new Set(announced.map((row) => row.process)))
  const living = new Set(announced.filter((row) => !dead.has(row.process)).map((row) => row.worker))
  const lost = busy.map((row) => row.worker).filter((worker) => !living.has(worker))
  if (lost.length > 0) await sql`select graphile_worker.force_unlock_workers(${lost}::text[])`.execute(db)
  if (dead.size > 0)
    await db
      .deleteFrom('home.job_worker')
      .where('process', 'in', [...dead])
      .execute()
}

async function findDeadProcesses(pool: Pool, processes: Set<number>): Promise<Set<number>> {
  const dead = new Set<number>()
  const client = await pool.connect()
  try {
    for (const process of processes) {
      const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as dead', [lockClass, process])
      if (!rows[0].dead) continue
      dead.add(process)
      await unlock(client, process)
    }
  } finally {
    client.release()
  }
  return dead
}

async function unlock(client: PoolClient, process: number): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', [lockClass, process]).catch(() => undefined)
}
