import { sql } from 'kysely'
import type { Db } from '../storage/types.ts'
import type { Fault, ScrubReport, StoredSpace } from './types.ts'

/** A stretch to read: the space, the entry to begin with, and who waits for it since when. */
export interface Due {
  space: string
  next: number
  asked: number | null
}

/** The space somebody asked for, else the one not read back for longest. A process that dies leaves it to others. */
export async function claimNext(
  db: Db,
  { before, retryBefore }: { before: number; retryBefore: number },
): Promise<Due | undefined> {
  const { rows } = await sql<Due>`
    select s.space, coalesce(c.next, 0) as next, c.asked_at as asked from log.space s
    left join home.scrub_space c on c.space = s.space
    where c.space is null or c.next > 0 or c.asked_at is not null or c.checked_at < ${before}
      or (s.frozen = 'damaged' and c.checked_at < ${retryBefore})
    order by c.asked_at nulls last, (c.next > 0) desc nulls last, c.checked_at nulls first, s.space
    limit 1`.execute(db)
  return rows[0]
}

/** From the first entry on, whatever round is under way. */
export async function askFor(db: Db, space: string, now: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into home.scrub_space (space, next, asked_at) select space, 0, ${now} from log.space where space = ${space}
    on conflict (space) do update set next = 0, asked_at = excluded.asked_at`.execute(db)
  return numAffectedRows === 1n
}

export async function listStored(db: Db, { limit, offset }: { limit: number; offset: number }): Promise<StoredSpace[]> {
  const { rows } = await sql<{
    space: string
    size: number
    damaged: boolean
    next: number
    checked_at: number | null
    asked_at: number | null
    tried_at: number | null
    not_mended: string | null
  }>`
    select s.space, s.size, coalesce(s.frozen = 'damaged', false) as damaged, coalesce(c.next, 0) as next,
      c.checked_at, c.asked_at, c.tried_at, c.not_mended
    from log.space s left join home.scrub_space c on c.space = s.space
    order by 3 desc, c.asked_at nulls last, (c.next > 0) desc nulls last, c.checked_at nulls first, s.space
    limit ${limit} offset ${offset}`.execute(db)
  return rows.map(({ space, size, damaged, next, checked_at, asked_at, tried_at, not_mended }) => ({
    space,
    size,
    next,
    isDamaged: damaged,
    ...(checked_at !== null && { checkedAt: checked_at }),
    ...(asked_at !== null && { askedAt: asked_at }),
    ...(tried_at !== null && { triedAt: tried_at }),
    ...(not_mended !== null && { why: not_mended }),
  }))
}

const mendedShown = 20

export async function readReport(db: Db): Promise<Omit<ScrubReport, 'shut'>> {
  const { rows } = await sql<{ spaces: number; checked: number; oldest: number | null; due: boolean }>`
    select count(*)::int as spaces, count(c.checked_at)::int as checked, min(c.checked_at) as oldest,
      exists (select from log.rewrite_due) as due
    from log.space s left join home.scrub_space c on c.space = s.space`.execute(db)
  const { spaces = 0, checked = 0, oldest, due = false } = rows[0] ?? {}
  const open = await db
    .selectFrom('home.scrub_fault')
    .selectAll()
    .where('mended_at', 'is', null)
    .orderBy('space')
    .orderBy('idx')
    .execute()
  const { rows: mended } = await sql<ScrubReport['mended'][number]>`
    select space, min(found_at) as "foundAt", mended_at as "mendedAt", mended_from as "from", count(*)::int as faults,
      json_agg(json_strip_nulls(json_build_object('what', what, 'index', idx, 'detail', detail)) order by idx) as found
    from home.scrub_fault where mended_at is not null
    group by space, mended_at, mended_from order by mended_at desc limit ${mendedShown}`.execute(db)
  return {
    spaces,
    checked,
    ...(oldest != null && checked === spaces ? { oldest } : {}),
    open: open.map(({ space, what, idx, detail, found_at }) => ({
      space,
      what: what as Fault['what'],
      ...(idx === null ? {} : { index: idx }),
      detail,
      foundAt: found_at,
    })),
    mended,
    isErasing: due,
  }
}
