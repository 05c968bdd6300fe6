import { join } from 'node:path'
import type { ClockSource, Settings } from '../core/config/types.ts'
import { backup, type Database, testRestore } from '../core/storage/index.ts'
import type { BackupDoor } from '../modules/entrance/index.ts'
import { allMigrations } from './migrations.ts'
import { modules } from './modules.ts'

/** What of the data folder goes along: keys, settings, and the house's own rules, without which it computes otherwise. */
const backedUp = ['keys', 'node.json', 'rules']

/** Backups of this node into `backups/` of its data folder, proved by restoring them beside it. */
export function createBackups({
  settings,
  database,
  clock,
}: {
  settings: Pick<Settings, 'dataDir'>
  database: Database
  clock: ClockSource
}): BackupDoor {
  return {
    async backup() {
      const at = clock.now()
      const stamp = new Date(at).toISOString().replaceAll(/[:.]/g, '-')
      const { sizeBytes, file } = await backup(
        database.db,
        join(settings.dataDir, 'backups', `${stamp}.chancery-backup`),
        { at, files: { folder: settings.dataDir, paths: [...backedUp] } },
      )
      return { file, sizeBytes }
    },
    async testRestore(file) {
      const { tables, rows } = await testRestore(file, database, allMigrations(modules()))
      return { tables, rows }
    },
  }
}
