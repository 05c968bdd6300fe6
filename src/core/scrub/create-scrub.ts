import type { ClockSource, Logger } from '../config/types.ts'
import type { Identity } from '../identity/types.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { checkStretch } from './check-space.ts'
import { rewriteErased } from './erasure.ts'
import { mendSpace } from './mend-space.ts'
import { askFor, claimNext, type Due, listStored, readReport } from './rounds.ts'
import type { Fault, Sources, StoredChecks } from './types.ts'

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
  /** There is news for whoever looks at what was found. */
  looked?(): void
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
  /** The same while somebody waits for the answer. */
  askedShare: number
}

/** A tenth of one core at most; a space that rests is read once a day. */
const usualPace: ScrubPace = {
  roundMs: 86_400_000,
  retryMs: 300_000,
  gateMs: 5_000,
  restMs: 60_000,
  share: 0.1,
  askedShare: 0.5,
}

export interface Scrub extends StoredChecks {
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

  /** One stretch of the space that waits longest; gives the share of the time to go on with, 0 when nothing is due. */
  async function step(): Promise<number> {
    const [suspect] = suspects
    if (suspect !== undefined) {
      suspects.delete(suspect)
      await check(suspect)
      return pace.share
    }
    if (performance.now() >= askAgainAt) {
      askAgainAt = performance.now() + pace.gateMs
      for (const { space } of options.gate.shut()) await bringBack(space)
    }
    const due = await claimNext(db, {
      before: clock.now() - pace.roundMs,
      retryBefore: clock.now() - pace.retryMs,
    })
    if (due) {
      await stretch(due)
      return due.asked === null ? pace.share : pace.askedShare
    }
    return (await rewriteErased(options)) ? pace.share : 0
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

  async function stretch({ space, next: from, asked }: Due): Promise<{ next: number; faults: Fault[] }> {
    const { faults, next } = await checkStretch({ db, blobs }, space, from)
    const round = next === 0 ? { next, checked_at: clock.now(), asked_at: null } : { next }
    await db
      .insertInto('home.scrub_space')
      .values({ space, checked_at: null, ...round })
      // Whoever asked meanwhile is answered by a round of their own.
      .onConflict((there) =>
        there.column('space').doUpdateSet(round).where('home.scrub_space.asked_at', 'is not distinct from', asked),
      )
      .execute()
    if (faults.length > 0) await treat(space, faults)
    if (faults.length > 0 || asked !== null) options.looked?.()
    return { next, faults }
  }

  async function check(space: string): Promise<Fault[]> {
    const row = await db.selectFrom('home.scrub_space').select('asked_at').where('space', '=', space).executeTakeFirst()
    const found: Fault[] = []
    let from = 0
    do {
      const { faults, next } = await stretch({ space, next: from, asked: row?.asked_at ?? null })
      found.push(...faults)
      from = faults.length > 0 ? 0 : next
    } while (from > 0)
    return found
  }

  /** Freezes first; then mends, and believes it only after reading all of it back once more. */
  async function treat(space: string, faults: readonly Fault[]): Promise<void> {
    await note(space, faults)
    const outcome = await mendSpace(options, space).catch((error) => ({ state: 'cannot' as const, why: String(error) }))
    if (outcome.state === 'cannot') return giveUp(space, outcome.why)
    for (let from = 0, next = 0; ; from = next) {
      const again = await checkStretch({ db, blobs }, space, from)
      if (again.faults.length > 0) return giveUp(space, again.faults.map((one) => one.detail).join('; '))
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
      await tx
        .updateTable('home.scrub_space')
        .set({ tried_at: null, not_mended: null })
        .where('space', '=', space)
        .execute()
    })
    log.warn('scrub.mended', { space, from: outcome.from })
    await options.mended(space)
  }

  async function giveUp(space: string, why: string): Promise<void> {
    log.error('scrub.not-mended', { space, why })
    await db
      .updateTable('home.scrub_space')
      .set({ tried_at: clock.now(), not_mended: why.slice(0, 500) })
      .where('space', '=', space)
      .execute()
  }

  async function note(space: string, faults: readonly Fault[]): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const first = await tx
        .selectFrom('home.scrub_fault')
        .select(({ fn }) => fn.min('found_at').as('at'))
        .where('space', '=', space)
        .where('mended_at', 'is', null)
        .executeTakeFirst()
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
            // Found once more is found since the first time.
            found_at: first?.at ?? clock.now(),
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

  function soon(): void {
    if (!running) plan(0)
  }

  async function turn(): Promise<void> {
    const startedAt = performance.now()
    let share = 0
    try {
      share = await step()
    } catch (error) {
      if (isOn) log.warn('scrub.waits', { error: String(error) })
    }
    const tookMs = performance.now() - startedAt
    const restMs = options.gate.shut().length > 0 ? pace.gateMs : pace.restMs
    plan(share > 0 ? tookMs * (1 / share - 1) : restMs)
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
      soon()
    },
    check,
    bringBack,
    erase: () => rewriteErased(options),
    report: async () => ({ ...(await readReport(db)), shut: options.gate.shut().map((one) => one.space) }),
    list: (range) => listStored(db, range),
    async ask(space) {
      const isKnown = await askFor(db, space, clock.now())
      if (isKnown) soon()
      return isKnown
    },
  }
}
