import { mkdir, open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../config/types.ts'
import type { Db } from '../storage/types.ts'
import type { Conflict } from './types.ts'

/**
 * Evidence as files that an operator can copy, under `evidence/` of the data
 * folder. The database holds the same bytes: a file that is gone comes back at
 * the next start.
 */
export function createEvidenceFolder({ db, log, dataDir }: { db: Db; log: Logger; dataDir: string }) {
  const folder = join(dataDir, 'evidence')
  let writing: Promise<void> = Promise.resolve()
  const listeners = new Set<(conflict: Conflict) => void>()

  async function read(file: string): Promise<Uint8Array | undefined> {
    const row = await db.selectFrom('log.conflict').select('evidence').where('file', '=', file).executeTakeFirst()
    return row?.evidence ?? undefined
  }

  async function write(file: string): Promise<void> {
    const bytes = await read(file)
    if (!bytes) return
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const draft = join(folder, `${file}.new`)
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, join(folder, file))
  }

  async function writeMissing(): Promise<void> {
    const rows = await db.selectFrom('log.conflict').select('file').where('file', 'is not', null).execute()
    if (rows.length === 0) return
    const there = new Set(await readdir(folder).catch(() => [] as string[]))
    for (const { file } of rows) if (file !== null && !there.has(file)) await write(file)
  }

  return {
    read,
    writeMissing,
    idle: () => writing,
    contradicted(conflict: Conflict): void {
      const { space, kind, accused, role, detail, file } = conflict
      log.error('log.conflict', { space, kind, accused, role, detail, ...(file ? { file } : {}) })
      if (file) {
        writing = writing
          .then(() => write(file))
          .catch((error) => log.error('evidence.not-written', { file, error: String(error) }))
      }
      for (const listener of listeners) listener(conflict)
    },
    onConflict(listener: (conflict: Conflict) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
