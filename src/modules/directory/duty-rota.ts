import { newId } from '../../protocol/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import type { Services } from '../../core/module/types.ts'
import './tables.ts'

export interface Shift {
  id: string
  person: string
  name: string
  /** 1 is paged first. */
  rank: number
  fromAt: number
  untilAt?: number
}

/**
 * Puts a person on duty. The same id again changes nothing.
 *
 * @throws Refusal `directory-no-such-person` when nobody here has that id.
 * @throws Refusal `directory-shift-ends-before` when the end is not after the start.
 */
export async function startShift(
  { db, people }: Pick<Services, 'db' | 'people'>,
  shift: { id?: string; person: string; rank: number; fromAt: number; untilAt?: number },
): Promise<void> {
  if (!(await people.find(shift.person))) throw new Refusal('directory-no-such-person')
  if (shift.untilAt !== undefined && shift.untilAt <= shift.fromAt) throw new Refusal('directory-shift-ends-before')
  await db
    .insertInto('home.directory_shift')
    .values({
      id: shift.id ?? newId(),
      person: shift.person,
      rank: shift.rank,
      from_at: shift.fromAt,
      until_at: shift.untilAt ?? null,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Ends a shift now. */
export async function endShift({ db, clock }: Pick<Services, 'db' | 'clock'>, id: string): Promise<void> {
  await db
    .updateTable('home.directory_shift')
    .set({ ended_at: clock.now() })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

/** Who is on duty at `at` (real ms), first to be paged first. */
export async function listOnDuty({ db, people }: Pick<Services, 'db' | 'people'>, at: number): Promise<Shift[]> {
  const rows = await db
    .selectFrom('home.directory_shift')
    .selectAll()
    .where('from_at', '<=', at)
    .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', at)]))
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', at)]))
    .orderBy('rank')
    .orderBy('from_at', 'desc')
    .limit(50)
    .execute()
  const names = new Map((await people.list()).map((person) => [person.id, person.name]))
  return rows.flatMap((row) => {
    const name = names.get(row.person)
    // Somebody who has left the house cannot be paged.
    if (name === undefined) return []
    return [
      {
        id: row.id,
        person: row.person,
        name,
        rank: row.rank,
        fromAt: row.from_at,
        untilAt: row.until_at ?? undefined,
      },
    ]
  })
}
