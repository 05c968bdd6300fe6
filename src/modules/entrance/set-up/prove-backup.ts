import { Refusal } from '../../../core/http/index.ts'
import type { SetUpContext } from './context.ts'
import { keepProgress } from './progress.ts'

/** Makes a backup and restores it beside the node; only what was restored counts. */
export async function proveBackup({ services: { db, clock }, backups }: SetUpContext): Promise<void> {
  if (!backups) throw new Refusal('set-up-no-backup')
  const { file, sizeBytes } = await backups.backup()
  const { tables, rows } = await backups.testRestore(file)
  await keepProgress(db, 'backup', { file, sizeBytes, tables, rows, at: clock.now() })
}
