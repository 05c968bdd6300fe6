import { Refusal } from '../http/refusal.ts'
import type { Blobs, Reader, Tx } from '../storage/types.ts'
import { eraseUnlessShared } from './governance.ts'
import './tables.ts'

/**
 * Destroys words and files of an act here, because this house may not hold them. The entry stays, other members keep
 * their copies, and nothing is fetched again. Returns how many parts there were; none the second time.
 *
 * @param only - Plain commitments of the parts to destroy; all of the act's, if not said.
 */
export async function purgeParts(
  tx: Tx,
  blobs: Blobs,
  { act, at, only }: { act: string; at: number; only?: readonly string[] },
): Promise<number> {
  const entry = await tx.selectFrom('log.entry').select(['space', 'idx']).where('act_hash', '=', act).executeTakeFirst()
  if (!entry) throw new Refusal('not-found')
  const { space, idx } = entry
  // Structure stays: later acts rest on it.
  const all = await tx
    .selectFrom('log.part')
    .select(['hash', 'plain'])
    .where('space', '=', space)
    .where('idx', '=', idx)
    .where('role', 'not in', ['body', 'keys'])
    .execute()
  const parts = all.filter(({ hash, plain }) => !only || only.includes(plain ?? hash))
  if (parts.length === 0) return 0
  const purged = await tx
    .insertInto('log.purged_part')
    .values(parts.map(({ hash, plain }) => ({ space, hash: plain ?? hash, idx, at })))
    .onConflict((there) => there.doNothing())
    .returning('hash')
    .execute()
  for (const { hash } of parts) await eraseUnlessShared(tx, blobs, { space, hash, idx })
  return purged.length
}

/** Plain hashes of parts of a space that are not to be here: erased by their author, or purged by this house. */
export async function listGoneParts(
  db: Reader,
  space: string,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: { from?: number; to?: number } = {},
): Promise<Set<string>> {
  const of = (table: 'view.erased_part' | 'log.purged_part') =>
    db.selectFrom(table).select('hash').where('space', '=', space).where('idx', '>=', from).where('idx', '<=', to)
  const [erased, purged] = await Promise.all([of('view.erased_part').execute(), of('log.purged_part').execute()])
  return new Set([...erased, ...purged].map(({ hash }) => hash))
}
