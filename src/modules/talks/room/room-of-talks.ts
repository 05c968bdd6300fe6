import type { RoomFacts, RoomPlace } from '../../../core/meeting-rooms/types.ts'
import type { Services } from '../../../core/module/types.ts'
import { endOf, findMeeting, partiesOf, startOf, stateOf } from '../meetings.ts'
import type { MeetingRow } from '../tables.ts'

const minuteMs = 60_000
/** People come early to try their microphone, and talks run over. Whoever is in then stays. */
const earlyMs = 30 * minuteMs
const lateMs = 120 * minuteMs

/** When people may come into the room of talks that are set, ms. */
export const roomHours = (row: MeetingRow) => ({ opensAt: startOf(row) - earlyMs, closesAt: endOf(row) + lateMs })

export function isRoomOpen(row: MeetingRow, now: number): boolean {
  const { opensAt, closesAt } = roomHours(row)
  return stateOf(row) === 'set' && now >= opensAt && now < closesAt
}

/** Only talks that are set have a room; who was asked and whoever asked may meet in it. */
export async function roomOfTalks(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { space, room }: RoomPlace,
): Promise<RoomFacts | undefined> {
  const row = await findMeeting({ db }, space, room)
  if (!row || stateOf(row) !== 'set') return undefined
  return { parties: partiesOf(row), isOpen: isRoomOpen(row, clock.now()) }
}
