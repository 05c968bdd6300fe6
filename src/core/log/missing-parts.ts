import { sql } from 'kysely'
import { limits } from '../../protocol/index.ts'
import type { Db } from '../storage/types.ts'
import type { MissingPart } from './types.ts'

/** Parts that are neither stored nor erased, in order. */
export async function findMissingParts(
  db: Db,
  space: string,
  { from = 0, under, limit = 1000 }: { from?: number; under?: number; limit?: number } = {},
): Promise<MissingPart[]> {
  const { rows } = await sql<MissingPart>`
    select p.idx as index, e.act_hash as act, p.role, p.hash, p.size
    from log.part p join log.entry e on e.space = p.space and e.idx = p.idx
    where p.space = ${space} and p.idx >= ${from} and p.size <= ${under ?? limits.attachment}
      and not exists (select from log.blob b where b.commitment = p.hash)
      and not exists (select from view.erased_part x where x.space = p.space and x.idx = p.idx
        and x.hash = coalesce(p.plain, p.hash))
      and not exists (select from log.purged_part x where x.space = p.space and x.idx = p.idx
        and x.hash = coalesce(p.plain, p.hash))
    order by p.idx, p.ordinal limit ${Math.min(limit, 10_000)}`.execute(db)
  return rows
}
