import { EventEmitter } from 'node:events'
import {
  Logger as WorkerLogger,
  type Runner,
  run,
  runMigrations,
  runOnce,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker'
import { sql } from 'kysely'
import type { Pool } from 'pg'
import type { Json } from '../../protocol/types.ts'
import { type ClockSource, type Logger, systemClock } from '../config/index.ts'
import type { Jobs } from '../module/types.ts'
import type { Db, Tx } from '../storage/types.ts'
import { announceProcess, freeJobsOfDeadWorkers, type LivingProcess } from './dead-workers.ts'

/** Runs one job. It may run again after a failure or a kill, so twice must be as good as once. */
export type JobTask = (payload: Json) => Promise<void>

export interface JobRunner extends Jobs {
  /** Says what the named tasks do. All must be known before `start` or `drain`. */
  handle(tasks: Record<string, JobTask>): void
  /** Runs jobs as they fall due, until `stop`. */
  start(): Promise<void>
  /** Lets running jobs end (5 s at most) and runs no more. */
  stop(): Promise<void>
}

export interface JobsContext {
  db: Db
  pool: Pool
  clock: ClockSource
  log: Logger
}

interface Envelope {
  payload: Json
  /** By the node's clock, ms; absent for at once. */
  dueAt?: number
}

const jobsAtOnce = 2
const pollMs = 1_000
const freeingMs = 60_000

/** Makes graphile-worker's tables. Part of setting up a database, beside the migrations. */
export async function prepareJobs({ pool }: { pool: Pool }): Promise<void> {
  await runMigrations({ pgPool: pool, logger: silent })
}

/**
 * Jobs in the node's database, over graphile-worker.
 *
 * Under the machine's clock graphile-worker itself waits for `runAt`. Under any other clock nobody but
 * `drain` knows when a job is due: it compares `runAt` with that clock, and tries failed jobs once more.
 */
export function createJobs({ db, pool, clock, log }: JobsContext): JobRunner {
  const followsMachine = clock === systemClock
  const tasks: TaskList = {}
  let runner: Runner | undefined
  let living: LivingProcess | undefined
  let freeing: NodeJS.Timeout | undefined
  const logger = workerLogger(log)
  const options = { pgPool: pool, taskList: tasks, concurrency: jobsAtOnce, noHandleSignals: true, logger }

  async function enqueue(tx: Tx, task: string, payload: Json, wish: { key?: string; runAt?: number } = {}) {
    const envelope: Envelope = wish.runAt === undefined ? { payload } : { payload, dueAt: wish.runAt }
    const later = wish.runAt !== undefined && wish.runAt > clock.now()
    const at = later && !followsMachine ? 'infinity' : later ? new Date(wish.runAt ?? 0).toISOString() : null
    await sql`select graphile_worker.add_job(
      ${task}, ${JSON.stringify(envelope)}::json, run_at := ${at}::timestamptz, job_key := ${wish.key ?? null}
    )`.execute(tx)
  }

  async function drain(): Promise<void> {
    await releaseDue(true)
    do await runOnce(options)
    while ((await releaseDue(false)) > 0)
  }

  /** How many resting jobs became due by the injected clock. */
  async function releaseDue(alsoFailed: boolean): Promise<number> {
    if (followsMachine) return 0
    const { numAffectedRows } = await sql`update graphile_worker._private_jobs
      set run_at = now()
      where locked_at is null and run_at > now() and attempts < max_attempts
        and ((payload->>'dueAt')::numeric <= ${clock.now()} or (attempts > 0 and payload->>'dueAt' is null))
        and (attempts = 0 or ${alsoFailed})`.execute(db)
    return Number(numAffectedRows ?? 0)
  }

  return {
    enqueue,
    drain,
    handle(more) {
      for (const [name, task] of Object.entries(more)) {
        if (name in tasks) throw new Error(`two tasks are called ${name}`)
        tasks[name] = (envelope) => task((envelope as Envelope).payload)
      }
    },
    async start() {
      if (runner) return
      await freeJobsOfDeadWorkers(db, pool)
      const process = await announceProcess(db, pool)
      living = process
      freeing = setInterval(() => {
        freeJobsOfDeadWorkers(db, pool).catch((error) => log.warn('jobs.freeing-failed', { error }))
      }, freeingMs)
      freeing.unref()
      runner = await run({ ...options, pollInterval: pollMs, crontab: '', events: announceWorkers(process, log) })
    },
    async stop() {
      clearInterval(freeing)
      await runner?.stop()
      runner = undefined
      await living?.end()
      living = undefined
    },
  }
}

function announceWorkers(process: LivingProcess, log: Logger): WorkerEvents {
  const events: WorkerEvents = new EventEmitter()
  // Jobs are locked in the name of the pool, not of its single workers.
  events.on('pool:create', ({ workerPool }) => {
    process.add(workerPool.id).catch((error) => log.warn('jobs.worker-not-announced', { error }))
  })
  return events
}

const silent = new WorkerLogger(() => () => undefined)

/** Failures only; a job's payload never reaches the log. */
function workerLogger(log: Logger): WorkerLogger {
  return new WorkerLogger((scope) => (level, message) => {
    const facts = { task: scope.taskIdentifier, job: scope.jobId, message }
    if (level === 'error') log.warn('jobs.failed', facts)
    else if (level === 'warning') log.info('jobs.noted', facts)
  })
}
