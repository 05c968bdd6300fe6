import { convictsSealer, readLeaf } from '../../protocol/index.ts'
import type { SealedProof } from '../module/types.ts'
import type { Sealing } from '../sealing/types.ts'
import type { Blobs, Db } from '../storage/types.ts'

/** Evidence against the author of an act, if one of its sealed parts opens here to something else than was signed. */
export async function findSealedProof(
  { db, blobs, sealing }: { db: Db; blobs: Blobs; sealing: Sealing },
  hash: string,
): Promise<SealedProof | undefined> {
  const row = await db.selectFrom('log.entry').select('leaf').where('act_hash', '=', hash).limit(1).executeTakeFirst()
  if (!row) return undefined
  const { leaf, act } = readLeaf(row.leaf)
  const { space, author, parts } = act.statement
  for (const part of parts) {
    const sealed = part.enc && (await blobs.find(db, part.enc.hash))
    const contentKey = sealed && (await sealing.contentKey(db, { space, author, part }))
    if (sealed && contentKey && convictsSealer(part, sealed, contentKey)) {
      return { envelope: leaf.envelope, part: part.hash, contentKey, sealed }
    }
  }
  return undefined
}
