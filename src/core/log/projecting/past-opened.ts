import { readLeaf } from '../../../protocol/index.ts'
import { sealedBody } from './body-parts.ts'
import type { Batch } from './engine.ts'

/** What was dark can be read now: the space is projected anew, from its beginning. */
export class PastOpened extends Error {}

/** Do the grants on record by now open anything that was projected as dark? */
export async function opensPast({ context, tx, space }: Batch): Promise<boolean> {
  const rows = await tx
    .selectFrom('view.dark as d')
    .innerJoin('log.entry as e', (join) => join.onRef('e.space', '=', 'd.space').onRef('e.idx', '=', 'd.idx'))
    .where('d.space', '=', space)
    .select('e.leaf')
    .orderBy('d.idx', 'desc')
    .execute()
  for (const { leaf } of rows) {
    const body = sealedBody(readLeaf(leaf).act)
    const [read] = body ? await context.parts.read(tx, [body]) : []
    if (read?.state === 'open') return true
  }
  return false
}
