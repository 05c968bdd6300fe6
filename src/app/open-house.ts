import { ConfigTrouble, createLogger, systemClock } from '../core/config/index.ts'
import type { Settings } from '../core/config/types.ts'
import type { Database } from '../core/storage/index.ts'
import { isFounded, loadIdentity, type ReadSecret, readSecret } from '../core/identity/index.ts'
import { assetsFolder } from '../web/index.ts'
import { createBackups } from './backups.ts'
import { type ChanceryNode, createNode } from './create-node.ts'
import { modules } from './modules.ts'
import { openNodeDatabase } from './start-node.ts'

export interface House {
  node: ChanceryNode
  database: Database
  close(): Promise<void>
}

/**
 * A node for one command: composed, its gate asked, but neither listening nor
 * following peers. May run beside the serving process of the same data folder.
 *
 * @param ask - What opens the keys, where the settings do not say it.
 */
export async function openHouse(settings: Settings, ask?: ReadSecret): Promise<House> {
  if (!(await isFounded(settings.dataDir)))
    throw new ConfigTrouble(
      'not-founded',
      `There is no party in ${settings.dataDir} yet: chancery start begins its set-up.`,
    )
  const log = createLogger({ level: 'error' })
  // Before the database: whoever does not open the keys is told at once, and nothing is left open.
  const identity = await loadIdentity(settings.dataDir, (kind) => readSecret(settings) ?? ask?.(kind))
  const database = await openNodeDatabase(settings)
  const backups = createBackups({ settings, database, clock: systemClock })
  const node = createNode({
    settings,
    clock: systemClock,
    log,
    database,
    identity,
    modules: modules({ backups }),
    assetsFolder: assetsFolder(),
    ticks: false,
    instance: `command-${process.pid}`,
  })
  const close = async () => {
    await node.stop()
    await database.close()
  }
  try {
    await node.ledger.start()
  } catch (error) {
    await close()
    throw error
  }
  return { node, database, close }
}
