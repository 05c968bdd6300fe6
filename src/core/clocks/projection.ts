import { createHash } from 'node:crypto'
import type { Effect, ProjectedAct } from '../module/types.ts'
import type { Tx } from '../storage/types.ts'
import { addDuration, endOfDay, isDuration, isZone } from './durations.ts'
import { type DeadlineSource, nobodyOwes } from './types.ts'
import './tables.ts'

/**
 * A duty that an act puts on a party, or a period ({@link nobodyOwes}). Exactly one of `within`, `dueAt`, `dueOn` says
 * when it ends.
 */
export interface Duty {
  regime: string
  source: DeadlineSource
  /** Party that owes it. */
  duty: string
  /** ISO 8601 from the act's (scenario) time. */
  within?: string
  /** Scenario ms in a drill, else real ms. */
  dueAt?: number
  /** `YYYY-MM-DD`: due when that day ends in `zone`. */
  dueOn?: string
  /** Act hash of the matter. */
  about: string
  item?: string
  /** Zone on whose calendar days and months are counted; UTC if missing or unknown here. */
  zone?: string
}

/** Which open clocks an act touches. Without `duty`: those its own author owes; `anyone`: whoever owes them. */
export interface ClockMatch {
  about: string
  regime: string
  item?: string
  duty?: string | 'anyone'
}

/** The id every node gives the clock that `startedBy` starts: 32 hex. */
export function clockId(startedBy: string, duty: Pick<Duty, 'regime' | 'duty' | 'about' | 'item'>): string {
  const named = [startedBy, duty.regime, duty.duty, duty.about, duty.item ?? ''].join('\n')
  return createHash('sha256').update(named).digest('hex').slice(0, 32)
}

/**
 * Starts a clock from a projector and returns its id. The same duty of the same act is one clock.
 * Undefined if the deadline is none (schemas should have refused it): a projector never throws over it.
 */
export async function startClock(tx: Tx, act: ProjectedAct, duty: Duty): Promise<string | undefined> {
  const dueAt = dueOf(act.scenarioTime, duty)
  if (dueAt === undefined) return undefined
  const id = clockId(act.hash, duty)
  await tx
    .insertInto('view.clock')
    .values({
      space: act.space.id,
      id,
      regime: duty.regime,
      source: duty.source,
      duty: duty.duty,
      started_by: act.hash,
      about: duty.about,
      item: duty.item ?? '',
      starts_at: act.scenarioTime,
      due_at: dueAt,
      met_by: null,
      met_at: null,
      cancelled_by: null,
      lapsed_by: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return id
}

function dueOf(start: number, { within, dueAt, dueOn, zone = 'Etc/UTC' }: Duty): number | undefined {
  const known = isZone(zone) ? zone : 'Etc/UTC'
  if (within !== undefined) return isDuration(within) ? addDuration(start, within, known) : undefined
  if (dueOn !== undefined) return /^\d{4}-\d\d-\d\d$/.test(dueOn) ? endOfDay(dueOn, known) : undefined
  return dueAt
}

/** Ends the matching open clocks as fulfilled at the act's (scenario) time; returns how many there were. */
export async function fulfil(tx: Tx, act: ProjectedAct, match: ClockMatch): Promise<number> {
  const done = await touched(tx, act, match).set({ met_by: act.hash, met_at: act.scenarioTime }).executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/**
 * Somebody else held the fulfilling act before its leaf time: clocks that it met count as met then, if that is
 * earlier. `at` is scenario ms in a drill.
 */
export async function fulfilledAt(
  tx: Tx,
  { space, act, at }: { space: string; act: string; at: number },
): Promise<void> {
  await tx
    .updateTable('view.clock')
    // What was said while nobody ordered starts with its record: its answer was not there before it.
    .set((q) => ({ met_at: q.fn<number>('greatest', ['starts_at', q.val(at)]) }))
    .where('space', '=', space)
    .where('met_by', '=', act)
    .where('met_at', '>', at)
    .execute()
}

/** Ends the matching open clocks without fulfilment (withdrawn, superseded); returns how many there were. */
export async function cancelClock(tx: Tx, act: ProjectedAct, match: ClockMatch): Promise<number> {
  const done = await touched(tx, act, match).set({ cancelled_by: act.hash }).executeTakeFirst()
  return Number(done.numUpdatedRows)
}

function touched(tx: Tx, act: ProjectedAct, { about, regime, item, duty = act.statement.author }: ClockMatch) {
  return tx
    .updateTable('view.clock')
    .where('space', '=', act.space.id)
    .where('about', '=', about)
    .where('regime', '=', regime)
    .where('met_by', 'is', null)
    .where('cancelled_by', 'is', null)
    .$if(item !== undefined, (query) => query.where('item', '=', item as string))
    .$if(duty !== 'anyone', (query) => query.where('duty', '=', duty))
}

/**
 * Effect of `clock.lapsed`: puts an expiry on the record. Only an agreed or legal deadline can lapse, only after
 * its time, and only if nothing fulfilled it earlier in the log.
 */
export async function recordLapse(tx: Tx, act: ProjectedAct<{ clock: string }>): Promise<Effect> {
  const clock = await tx
    .selectFrom('view.clock')
    .selectAll()
    .where('space', '=', act.space.id)
    .where('id', '=', act.body.clock)
    .executeTakeFirst()
  if (!clock) return { withoutEffect: 'no-such-clock' }
  if (clock.duty === nobodyOwes) return { withoutEffect: 'only-a-period' }
  if (clock.source === 'requested') return { withoutEffect: 'only-requested' }
  if (clock.met_by !== null) return { withoutEffect: 'fulfilled' }
  if (clock.cancelled_by !== null) return { withoutEffect: 'cancelled' }
  if (clock.lapsed_by !== null) return { withoutEffect: 'already-lapsed' }
  if (act.scenarioTime <= clock.due_at) return { withoutEffect: 'not-yet-due' }
  await tx
    .updateTable('view.clock')
    .set({ lapsed_by: act.hash })
    .where('space', '=', act.space.id)
    .where('id', '=', clock.id)
    .execute()
  return undefined
}
