import { accelerate, createChecker } from '../core/checking/index.ts'
import { createLogger, systemClock } from '../core/config/index.ts'
import type { ClockSource, Logger, Settings } from '../core/config/types.ts'
import { type RunningHttp, serveHttp } from '../core/http/index.ts'
import { isFounded, loadIdentity, type ReadSecret, readSecret } from '../core/identity/index.ts'
import { prepareJobs } from '../core/jobs/index.ts'
import type { GateReport } from '../core/log/index.ts'
import { type Database, migrate, openDatabase } from '../core/storage/index.ts'
import { assetsFolder } from '../web/index.ts'
import { createBackups } from './backups.ts'
import { type ChanceryNode, createNode } from './create-node.ts'
import { allMigrations } from './migrations.ts'
import { modules } from './modules.ts'
import { createSetUpNode, setUpLink } from './set-up-node.ts'

export interface StartedNode {
  settings: Settings
  /** Undefined while the party is not founded: set-up is served instead. */
  node(): ChanceryNode | undefined
  /** Where set-up goes on, for the person at the machine; undefined once it is closed. */
  setUpLink?: string
  gate?: GateReport
  /** Whole sentences for the operator. */
  warnings: string[]
  stop(): Promise<void>
}

/** Opens the database of a node with every table in place. */
export async function openNodeDatabase(settings: Settings, log?: Logger): Promise<Database> {
  const database = await openDatabase({
    dataDir: settings.dataDir,
    databaseUrl: settings.databaseUrl,
    onTrouble: (sentence) => log?.error('storage.trouble', { sentence }),
  })
  try {
    await prepareJobs(database)
    await migrate(database.db, allMigrations(modules()))
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

/**
 * Starts one node: database, routes, gate, peers. Without a party it serves
 * set-up on the same address and becomes the whole node once keys are founded.
 */
export async function startNode(options: {
  settings: Settings
  log?: Logger
  clock?: ClockSource
  /** What opens the keys, where the settings do not say it. */
  ask?: ReadSecret
}): Promise<StartedNode> {
  const { settings } = options
  accelerate()
  const checker = createChecker()
  const log = options.log ?? createLogger()
  const clock = options.clock ?? systemClock
  const database = await openNodeDatabase(settings, log)
  const base = { settings, clock, log, database, backups: createBackups({ settings, database, clock }) }
  let whole: ChanceryNode | undefined
  let running: RunningHttp | undefined

  async function compose(): Promise<ChanceryNode> {
    const identity = await loadIdentity(settings.dataDir, (kind) => readSecret(settings) ?? options.ask?.(kind))
    return createNode({
      ...base,
      identity,
      modules: modules(base),
      assetsFolder: assetsFolder(),
      instance: settings.instance,
      checkSignatures: checker.check,
    })
  }

  async function stop(): Promise<void> {
    // Peers hold long polls open: they end when the federation stops, and only then can the server close.
    await Promise.all([running?.close(), whole?.stop()])
    await Promise.all([database.close(), checker.close()])
  }

  try {
    let gate: GateReport | undefined
    if (await isFounded(settings.dataDir)) {
      const node = await compose()
      whole = node
      // Members may ask for our newest checkpoints before our own gate opens.
      running = await serveHttp(() => node.http, settings)
      gate = await node.start()
    } else {
      const setUp = createSetUpNode({
        ...base,
        async onFounded() {
          if (whole) return
          const node = await compose()
          await node.start()
          whole = node
        },
      })
      running = await serveHttp(() => whole?.http ?? setUp, settings)
    }
    return { settings, node: () => whole, gate, setUpLink: await setUpLink(base), warnings: database.warnings, stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}
