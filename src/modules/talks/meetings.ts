import type { Services } from '../../core/module/types.ts'
import type { MeetingRow } from './tables.ts'

type Needed = Pick<Services, 'db'>

export function findMeeting({ db }: Needed, space: string, hash: string): Promise<MeetingRow | undefined> {
  return db
    .selectFrom('view.talks_meeting')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

/** Proposals whose talks end after `since` (ms), soonest first; replaced ones only if asked for. */
export async function listMeetings(
  { db }: Needed,
  { since, replaced = false }: { since: number; replaced?: boolean },
): Promise<MeetingRow[]> {
  const rows = await db
    .selectFrom('view.talks_meeting')
    .selectAll()
    .$if(!replaced, (query) => query.where('replaced_by', 'is', null))
    .orderBy('changed_at', 'desc')
    .limit(500)
    .execute()
  return rows.filter((row) => endOf(row) > since).toSorted((a, b) => startOf(a) - startOf(b))
}

/** Talks of one space that were not replaced, soonest first. */
export async function meetingsIn(services: Needed, space: string): Promise<MeetingRow[]> {
  return (await listMeetings(services, { since: 0 })).filter((row) => row.space === space)
}

const optionsOf = (row: MeetingRow) => (row.chosen === null ? row.options : [row.options[row.chosen]!])
export const startOf = (row: MeetingRow): number => Math.min(...optionsOf(row).map(({ at }) => at))
export const endOf = (row: MeetingRow): number =>
  Math.max(...optionsOf(row).map(({ at, minutes }) => at + minutes * 60_000))

export const partiesOf = (row: Pick<MeetingRow, 'author' | 'with_parties'>): string[] => [
  row.author,
  ...row.with_parties,
]

export type MeetingState = 'replaced' | 'cancelled' | 'set' | 'proposed'
export function stateOf(row: MeetingRow): MeetingState {
  if (row.replaced_by !== null) return 'replaced'
  if (row.cancelled_by !== null) return 'cancelled'
  return row.chosen === null ? 'proposed' : 'set'
}

export function confirmationsOf({ db }: Needed, row: MeetingRow) {
  return db
    .selectFrom('view.talks_confirmation')
    .selectAll()
    .where('space', '=', row.space)
    .where('proposal', '=', row.hash)
    .orderBy('at')
    .execute()
}

export function saidOf({ db }: Needed, row: MeetingRow) {
  return db
    .selectFrom('view.talks_said')
    .selectAll()
    .where('space', '=', row.space)
    .where('proposal', '=', row.hash)
    .orderBy('idx')
    .limit(1_000)
    .execute()
}

/** Minutes proposed in the space for a day on which the talks were. */
export function minutesOn({ db }: Needed, space: string, days: readonly string[]) {
  return db
    .selectFrom('view.channels_minutes')
    .selectAll()
    .where('space', '=', space)
    .where('on_date', 'in', days.length > 0 ? [...days] : [''])
    .orderBy('idx')
    .limit(50)
    .execute()
}
