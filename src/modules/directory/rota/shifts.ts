import { newId } from '../../../protocol/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services } from '../../../core/module/types.ts'
import { idOf } from '../id-of.ts'
import { type Absence, onDutyAt, type PlannedShift, type Rota, type Shift } from './on-duty.ts'
import '../tables.ts'

type Read = Pick<Services, 'db' | 'people'>

/**
 * Puts a person on duty. The same id again changes nothing.
 *
 * @throws Refusal `directory-no-such-person` when nobody here has that id.
 * @throws Refusal `directory-shift-ends-before` when the end is not after the start.
 */
export async function startShift(
  { db, people }: Read,
  shift: { id?: string; person: string; rank: number; fromAt: number; untilAt?: number },
): Promise<void> {
  const person = await people.find(shift.person)
  if (!person) throw new Refusal('directory-no-such-person')
  if (shift.untilAt !== undefined && shift.untilAt <= shift.fromAt) throw new Refusal('directory-shift-ends-before')
  await db
    .insertInto('home.directory_shift')
    .values({
      id: shift.id ?? newId(),
      person: shift.person,
      person_name: person.name,
      rank: shift.rank,
      from_at: shift.fromAt,
      until_at: shift.untilAt ?? null,
      ended_at: null,
      ended_why: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The same duty in so many weeks running, at the same hours by the clocks of `zone`, also where these change. */
export async function startWeeklyShifts(
  services: Read,
  shift: { id: string; person: string; rank: number; fromAt: number; untilAt?: number },
  { weeks, zone }: { weeks: number; zone: string },
): Promise<void> {
  const later = (at: number, week: number) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).add({ weeks: week }).epochMilliseconds
  for (let week = 0; week < weeks; week += 1)
    await startShift(services, {
      ...shift,
      // Computed, so that a second click plans the same duties.
      id: week === 0 ? shift.id : idOf(`${shift.id} ${week}`),
      fromAt: later(shift.fromAt, week),
      ...(shift.untilAt !== undefined && { untilAt: later(shift.untilAt, week) }),
    })
}

/** Ends a shift now; one that was to come is called off. */
export async function endShift({ db, clock }: Pick<Services, 'db' | 'clock'>, id: string): Promise<void> {
  await db
    .updateTable('home.directory_shift')
    .set({ ended_at: clock.now(), ended_why: 'ended' })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

/** What decides who is on duty between two moments, ms. Duties that were called off before they began are left out. */
export async function readRota({ db, people }: Read, from: number, until: number): Promise<Rota> {
  const [shifts, absences, known] = await Promise.all([
    db
      .selectFrom('home.directory_shift')
      .selectAll()
      .where('from_at', '<=', until)
      .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', from)]))
      .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', eb.ref('from_at'))]))
      // Who left the house counts as fallen out until the duty would have ended; a duty ended otherwise is over.
      .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', from), eb('ended_why', '=', 'left')]))
      .orderBy('from_at')
      .orderBy('id')
      .limit(2_000)
      .execute(),
    db
      .selectFrom('home.directory_absence')
      .selectAll()
      .where('from_at', '<=', until)
      .where('until_at', '>', from)
      .orderBy('from_at')
      .limit(500)
      .execute(),
    people.list(),
  ])
  return {
    shifts: shifts.map(
      (row): PlannedShift => ({
        id: row.id,
        person: row.person,
        rank: row.rank,
        fromAt: row.from_at,
        ...(row.until_at !== null && { untilAt: row.until_at }),
        ...(row.ended_at !== null && { endedAt: row.ended_at }),
        ...(row.ended_why !== null && { endedWhy: row.ended_why }),
      }),
    ),
    absences: absences.map(
      (row): Absence => ({
        id: row.id,
        person: row.person,
        ...(row.deputy !== null && { deputy: row.deputy }),
        fromAt: row.from_at,
        untilAt: row.until_at,
        notedAt: row.noted_at,
        ...(row.ended_at !== null && { endedAt: row.ended_at }),
      }),
    ),
    names: new Map(known.map((person) => [person.id, person.name])),
  }
}

/** Who is on duty at `at` (real ms), first to be paged first. */
export async function listOnDuty(services: Read, at: number): Promise<Shift[]> {
  return onDutyAt(await readRota(services, at, at), at)
}

/** Whether this house ever kept a rota: only then is an hour without anybody a gap. */
export async function keepsRota({ db }: Pick<Services, 'db'>): Promise<boolean> {
  const row = await db.selectFrom('home.directory_shift').select('id').limit(1).executeTakeFirst()
  return row !== undefined
}
