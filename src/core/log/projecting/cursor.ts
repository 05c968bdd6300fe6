import { sql } from 'kysely'
import type { Tx } from '../../storage/types.ts'

/** Locks the space's cursor against other processes. Rows of `view` can be replayed: no commit waits for the disk. */
export async function lockCursor(tx: Tx, space: string): Promise<number> {
  const { rows } = await sql<{ size: number }>`
    select size, set_config('synchronous_commit', 'off', true) from view.cursor where space = ${space} for update`.execute(
    tx,
  )
  if (rows[0]) return rows[0].size
  await tx
    .insertInto('view.cursor')
    .values({ space, size: 0 })
    .onConflict((there) => there.doNothing())
    .execute()
  const row = await tx
    .selectFrom('view.cursor')
    .select('size')
    .where('space', '=', space)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.size
}
