import { sql } from 'kysely'
import type { ClockSource, Logger } from '../config/types.ts'
import type { Identity } from '../identity/types.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { checkStretch } from './check-space.ts'
import { rewriteErased } from './erasure.ts'
import { mendSpace } from './mend-space.ts'
import type { Fault, ScrubReport, Sources } from './types.ts'

export interface ScrubOptions {
  db: Db
  blobs: Blobs
  identity: Identity
  clock: ClockSource
  log: Logger
  sources: Sources
  /** Spaces the start gate is shut for because members or a guard file know more than the database. */
  gate: { shut(): { space: string; isBehind: boolean }[]; recheck(space: string): Promise<boolean> }
  /** What was mended is projected, and fetched further, again. */
  mended(space: string): Promise<void>
  pace?: Partial<ScrubPace>
}

export interface ScrubPace {
  /** Each space is read back whole this often. ms. */
  roundMs: number
  /** A space that could not be mended is tried again this often. ms. */
  retryMs: number
  /** Members are asked again about a space the gate is shut for this often. ms. */
  gateMs: number
  /** Between two looks when nothing is due. ms. */
  restMs: number
  /** Of the time, this much is spent reading. */
  share: number
}

/** A tenth of one core at most; a space that rests is read once a day. */
const usualPace: ScrubPace = { roundMs: 86_400_000, retryMs: 300_000, gateMs: 5_000, restMs: 60_000, share: 0.1 }

export interface Scrub {
  start(): void
  stop(): Promise<void>
  /** Something wrong was met in this space: look at once. */
  suspect(space: string): void
  /** Reads one space back whole, mends it if it must be, and gives what was found. */
  check(space: string): Promise<Fault[]>
  /** Fetches what the database lost of a space that members still hold, and asks the gate again; true if it is open. */
  bringBack(space: string): Promise<boolean>
  /** Rewrites what holds erased payloads; true if there was anything. */
  erase(): Promise<boolean>
  report(): Promise<ScrubReport>
}

/** What keeps a node from signing over bytes that are not what it stored. */
export function createScrub(options: ScrubOptions): Scrub {
  const { db, blobs, clock, log } = options
  const pace = { ...usualPace, ...options.pace }
  const suspects = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isOn = false
  let askAgainAt = 0

  /** One stretch of the space that waits longest; false when nothing is due. */
  async function step(): Promise<boolean> {
    const [suspect] = suspects
    if (suspect !== undefined) {
      suspects.delete(suspect)
      await check(suspect)
      return true
    }
    if (performance.now() >= askAgainAt) {
      askAgainAt = performance.now() + pace.gateMs
      for (const { space } of options.gate.shut()) await bringBack(space)
    }
    const due = await claimNext(db, {
      before: clock.now() - pace.roundMs,
      retryBefore: clock.now() - pace.retryMs,
    })
    if (due) await stretch(due.space, due.next)
    return due !== undefined || (await rewriteErased(options))
  }

  /** A database put back from a copy: its host's word is what members hold beyond it. */
  async function bringBack(space: string): Promise<boolean> {
    if (options.gate.shut().some((one) => one.space === space && one.isBehind)) {
      const outcome = await mendSpace(options, space, { beyond: true })
      if (outcome.state === 'mended') {
        log.warn('scrub.brought-back', { space, from: outcome.from })
        await options.mended(space)
      }
    }
    return options.gate.recheck(space)
  }

  async function stretch(space: string, from: number): Promise<{ next: number; faults: Fault[] }> {
    const { faults, next } = await checkStretch({ db, blobs }, space, from)
    await db
      .insertInto('home.scrub_space')
      .values({ space, next, checked_at: next === 0 ? clock.now() : null })
      .onConflict((there) =>
        there.column('space').doUpdateSet(next === 0 ? { next, checked_at: clock.now() } : { next }),
      )
      .execute()
    if (faults.length > 0) await treat(space, faults)
    return { next, faults }
  }

  async function check(space: string): Promise<Fault[]> {
    const found: Fault[] = []
    let from = 0
    do {
      const { faults, next } = await stretch(space, from)
      found.push(...faults)
      from = faults.length > 0 ? 0 : next
    } while (from > 0)
    return found
  }

  /** Freezes first; then mends, and believes it only after reading all of it back once more. */
  async function treat(space: string, faults: readonly Fault[]): Promise<void> {
    await note(space, faults)
    const outcome = await mendSpace(options, space).catch((error) => ({ state: 'cannot' as const, why: String(error) }))
    if (outcome.state === 'cannot') {
      log.error('scrub.not-mended', { space, why: outcome.why })
      return
    }
    for (let from = 0, next = 0; ; from = next) {
      const again = await checkStretch({ db, blobs }, space, from)
      if (again.faults.length > 0) {
        log.error('scrub.not-mended', { space, why: again.faults.map((one) => one.detail).join('; ') })
        return
      }
      next = again.next
      if (next === 0) break
    }
    await db.transaction().execute(async (tx) => {
      await tx
        .updateTable('home.scrub_fault')
        .set({ mended_at: clock.now(), mended_from: outcome.from })
        .where('space', '=', space)
        .where('mended_at', 'is', null)
        .execute()
      await tx
        .updateTable('log.space')
        .set({ frozen: null })
        .where('space', '=', space)
        .where('frozen', '=', 'damaged')
        .execute()
    })
    log.warn('scrub.mended', { space, from: outcome.from })
    await options.mended(space)
  }

  async function note(space: string, faults: readonly Fault[]): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await tx
        .updateTable('log.space')
        .set({ frozen: 'damaged' })
        .where('space', '=', space)
        .where('frozen', 'is', null)
        .execute()
      await tx.deleteFrom('home.scrub_fault').where('space', '=', space).where('mended_at', 'is', null).execute()
      await tx
        .insertInto('home.scrub_fault')
        .values(
          faults.slice(0, 100).map(({ what, index, detail }) => ({
            space,
            what,
            idx: index ?? null,
            detail: detail.slice(0, 500),
            found_at: clock.now(),
            mended_at: null,
            mended_from: null,
          })),
        )
        .execute()
    })
    for (const fault of faults.slice(0, 10)) log.error('scrub.damaged', { ...fault })
  }

  function plan(waitMs: number): void {
    if (!isOn) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      running ??= turn().finally(() => {
        running = undefined
      })
    }, waitMs)
    timer.unref()
  }

  async function turn(): Promise<void> {
    const startedAt = performance.now()
    let isBusy = false
    try {
      isBusy = await step()
    } catch (error) {
      if (isOn) log.warn('scrub.waits', { error: String(error) })
    }
    const tookMs = performance.now() - startedAt
    const restMs = options.gate.shut().length > 0 ? pace.gateMs : pace.restMs
    plan(isBusy ? tookMs * (1 / pace.share - 1) : restMs)
  }

  return {
    start() {
      isOn = true
      plan(options.gate.shut().length > 0 ? 0 : pace.restMs)
    },
    async stop() {
      isOn = false
      clearTimeout(timer)
      await running
    },
    suspect(space) {
      suspects.add(space)
      if (!running) plan(0)
    },
    check,
    bringBack,
    erase: () => rewriteErased(options),
    report: () => readReport(db),
  }
}

/** The space that was not read back for longest and is due. A process that dies in the middle leaves it to others. */
async function claimNext(
  db: Db,
  { before, retryBefore }: { before: number; retryBefore: number },
): Promise<{ space: string; next: number } | undefined> {
  const { rows } = await sql<{ space: string; next: number }>`
    select s.space, coalesce(c.next, 0) as next from log.space s
    left join home.scrub_space c on c.space = s.space
    where c.space is null or c.next > 0 or c.checked_at < ${before}
      or (s.frozen = 'damaged' and c.checked_at < ${retryBefore})
    order by (c.next > 0) desc nulls last, c.checked_at nulls first, s.space limit 1`.execute(db)
  return rows[0]
}

const mendedShown = 20

async function readReport(db: Db): Promise<ScrubReport> {
  const { rows } = await sql<{ spaces: number; checked: number; oldest: number | null }>`
    select count(*)::int as spaces, count(c.checked_at)::int as checked, min(c.checked_at) as oldest
    from log.space s left join home.scrub_space c on c.space = s.space`.execute(db)
  const { spaces = 0, checked = 0, oldest } = rows[0] ?? {}
  const open = await db.selectFrom('home.scrub_fault').selectAll().where('mended_at', 'is', null).execute()
  const { rows: mended } = await sql<ScrubReport['mended'][number]>`
    select space, min(found_at) as "foundAt", mended_at as "mendedAt", mended_from as "from", count(*)::int as faults
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
  }
}
