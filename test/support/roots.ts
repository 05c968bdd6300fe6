import { emptyTree } from '../../src/core/log/index.ts'
import type { Db } from '../../src/core/storage/types.ts'
import { leafHash, toBase64url } from '../../src/protocol/index.ts'

/** Roots of a space's log by size - 1, computed from the leaves alone. */
export async function rootsOf(db: Db, space: string): Promise<string[]> {
  const rows = await db.selectFrom('log.entry').select('leaf').where('space', '=', space).orderBy('idx').execute()
  const tree = emptyTree()
  return rows.map(({ leaf }) => {
    tree.append(leafHash(leaf))
    return toBase64url(tree.root())
  })
}
