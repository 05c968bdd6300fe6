import type { Selectable } from 'kysely'
import { answered, once } from '../storage/index.ts'
import type { Tables } from '../storage/tables.ts'
import type { Reader } from '../storage/types.ts'
import { type Clock, type DeadlineSource, nobodyOwes } from './types.ts'
import './tables.ts'

export interface ClockFilter {
  space?: string
  regime?: string
  /** Party that owes it. */
  duty?: string
  /** Everything this party does not owe itself: what it waits for. */
  waiting?: string
  /** At most this many, soonest first; 500 if not said. */
  limit?: number
}

const mostOpen = 500

/** Duties that nothing has met or cancelled, soonest due first; those past their time are among them. */
export async function openClocks(db: Reader, filter: ClockFilter = {}): Promise<Clock[]> {
  const { limit = mostOpen } = filter
  const question = (of: ClockFilter) => `open-clocks ${JSON.stringify([of.space, of.regime, of.duty, of.waiting])}`
  const all = limit > mostOpen ? undefined : await answered<Clock[]>(db, question({}))
  // A list that was not cut holds the answer to every narrower question.
  if (all && all.length < mostOpen) return all.filter((clock) => fits(clock, filter)).slice(0, limit)
  if (limit === mostOpen) return once(db, question(filter), () => readOpen(db, filter, limit))
  return readOpen(db, filter, limit)
}

const fits = (clock: Clock, { space, regime, duty, waiting }: ClockFilter) =>
  (space === undefined || clock.space === space) &&
  (regime === undefined || clock.regime === regime) &&
  (duty === undefined || clock.duty === duty) &&
  (waiting === undefined || clock.duty !== waiting)

async function readOpen(db: Reader, { space, regime, duty, waiting }: ClockFilter, limit: number): Promise<Clock[]> {
  const rows = await db
    .selectFrom('view.clock')
    .selectAll()
    .where('met_by', 'is', null)
    .where('cancelled_by', 'is', null)
    .where('duty', '!=', nobodyOwes)
    .$if(space !== undefined, (query) => query.where('space', '=', space as string))
    .$if(regime !== undefined, (query) => query.where('regime', '=', regime as string))
    .$if(duty !== undefined, (query) => query.where('duty', '=', duty as string))
    .$if(waiting !== undefined, (query) => query.where('duty', '!=', waiting as string))
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toClock)
}

/** All clocks about these acts, open or not: act hash → clocks, soonest due first. */
export async function clocksAbout(db: Reader, acts: string[]): Promise<Map<string, Clock[]>> {
  if (acts.length === 0) return new Map()
  const rows = await db
    .selectFrom('view.clock')
    .selectAll()
    .where('about', 'in', acts)
    .orderBy('due_at')
    .orderBy('id')
    .execute()
  return Map.groupBy(rows.map(toClock), (clock) => clock.about)
}

/** One clock, or undefined. */
export async function findClock(db: Reader, id: string): Promise<Clock | undefined> {
  const row = await db.selectFrom('view.clock').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toClock(row)
}

function toClock(row: Selectable<Tables['view.clock']>): Clock {
  return {
    id: row.id,
    space: row.space,
    regime: row.regime,
    source: row.source as DeadlineSource,
    duty: row.duty,
    startedBy: row.started_by,
    about: row.about,
    ...(row.item !== '' && { item: row.item }),
    startsAt: row.starts_at,
    dueAt: row.due_at,
    ...(row.met_by !== null && { metBy: row.met_by }),
    ...(row.met_at !== null && { metAt: row.met_at }),
    ...(row.cancelled_by !== null && { cancelledBy: row.cancelled_by }),
    ...(row.lapsed_by !== null && { lapsedBy: row.lapsed_by }),
  }
}

/** Clocks of a party that were met or cancelled since a moment (scenario ms in a drill), 500 at most. */
export async function endedClocks(db: Reader, { duty, since }: { duty: string; since: number }): Promise<Clock[]> {
  const rows = await db
    .selectFrom('view.clock')
    .selectAll()
    .where('duty', '=', duty)
    .where('due_at', '>', since)
    .where((eb) => eb.or([eb('met_by', 'is not', null), eb('cancelled_by', 'is not', null)]))
    .orderBy('due_at', 'desc')
    .limit(500)
    .execute()
  return rows.map(toClock)
}
