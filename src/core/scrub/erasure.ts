import { sql } from 'kysely'
import type { Logger } from '../config/types.ts'
import type { Db } from '../storage/types.ts'

/**
 * Rewrites the tables whose deleted rows still lie in their files, and lets go of the log segments that held them:
 * afterwards the files of the cluster hold no byte of an erased payload. True if there was anything to do.
 *
 * A database given by DATABASE_URL does the same as far as its user may; backups end by their own rule.
 */
export async function rewriteErased({ db, log }: { db: Db; log: Logger }): Promise<boolean> {
  const due = await db.selectFrom('log.rewrite_due').select('name').execute()
  if (due.length === 0) return false
  for (const { name } of due) {
    if (!/^(log|view)\.[a-z_]+$/.test(name)) throw new Error(`${name} holds no payload`)
    await db.connection().execute(async (one) => {
      // Whoever reads a payload meanwhile waits, but nobody waits long for us to begin.
      await sql`set lock_timeout = '5s'`.execute(one)
      try {
        // What is erased while this runs is marked anew and rewritten the next time.
        await one.deleteFrom('log.rewrite_due').where('name', '=', name).execute()
        await sql`vacuum (full) ${sql.table(name)}`.execute(one)
      } catch (error) {
        await one
          .insertInto('log.rewrite_due')
          .values({ name })
          .onConflict((there) => there.doNothing())
          .execute()
        throw error
      } finally {
        await sql`reset lock_timeout`.execute(one)
      }
    })
  }
  await dropOldSegments(db, log)
  return true
}

/** The write-ahead log held the rows too: a new segment, and a checkpoint after which the old ones go. */
async function dropOldSegments(db: Db, log: Logger): Promise<void> {
  try {
    await sql`select pg_switch_wal()`.execute(db)
    await sql`checkpoint`.execute(db)
  } catch (error) {
    log.warn('scrub.segments-stay', { error: String(error) })
  }
}
