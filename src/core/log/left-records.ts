import { readLeaf, toBase64url } from '../../protocol/index.ts'
import type { Db } from '../storage/types.ts'
import type { OrphanedAct } from '../module/types.ts'

/** What a record we left had and the present one does not: by this very act or by another of the same intention. */
export async function readOrphans(db: Db, space?: string): Promise<OrphanedAct[]> {
  const rows = await db
    .selectFrom('log.orphan as o')
    .selectAll('o')
    .$if(space !== undefined, (q) => q.where('o.space', '=', space as string))
    .orderBy('o.space')
    .orderBy('o.idx')
    .limit(2_000)
    .execute()
  const seen = new Set<string>()
  const acts: OrphanedAct[] = []
  for (const { leaf, act: hash, idx, time, host, at, space: of } of rows) {
    if (seen.has(hash)) continue
    seen.add(hash)
    const { act } = readLeaf(leaf)
    const again = await db
      .selectFrom('log.entry')
      .select(['idx', 'act_hash'])
      .where('space', '=', of)
      .where('author', '=', act.statement.author)
      .where('act_id', '=', act.statement.id)
      .executeTakeFirst()
    acts.push({
      space: of,
      hash,
      index: idx,
      time,
      host,
      foundAt: at,
      statement: act.statement,
      envelope: act.envelope,
      ...(again ? { again: { index: again.idx, hash: again.act_hash } } : {}),
    })
  }
  return acts
}

/** Root of a record that was left, at one of its sizes: what this node signed of it contradicts nothing. */
export async function wasLeft(
  db: Db,
  { space, size, root }: { space: string; size: number; root: string },
): Promise<boolean> {
  const rows = await db
    .selectFrom('log.orphan')
    .select('root')
    .where('space', '=', space)
    .where('idx', '=', size - 1)
    .execute()
  return rows.some((row) => toBase64url(row.root) === root)
}
