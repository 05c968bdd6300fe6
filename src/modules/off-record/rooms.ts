import type { Selectable } from 'kysely'
import type { RoomFacts } from '../../core/off-record/types.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import './tables.ts'

/** A room as its space's record tells it. */
export interface Room extends Selectable<Tables['view.off_record_room']> {
  joined: { party: string; hash: string; key: string; at: number }[]
}

type Reads = Pick<Services, 'db'>

/** Everybody the room is for, who opened it first. */
export const partiesOf = (room: Room): string[] => [room.opener, ...room.with_parties]
export const hasJoined = (room: Room, party: string): boolean =>
  party === room.opener || room.joined.some((one) => one.party === party)

/** Rooms of whose words something may be left, of one space or of all; newest first. */
export async function listRooms(
  { db }: Reads,
  wanted: { space?: string; hashes?: readonly string[]; endsAfter?: number },
): Promise<Room[]> {
  const { space, hashes, endsAfter } = wanted
  if (hashes?.length === 0) return []
  const rows = await db
    .selectFrom('view.off_record_room')
    .selectAll()
    .$if(space !== undefined, (query) => query.where('space', '=', space!))
    .$if(hashes !== undefined, (query) => query.where('hash', 'in', hashes!))
    .$if(endsAfter !== undefined, (query) =>
      query.where(({ eb }) => eb(eb('until', '+', eb.ref('keep_ms')), '>', endsAfter!)),
    )
    .orderBy('opened_at', 'desc')
    .limit(500)
    .execute()
  if (rows.length === 0) return []
  const joins = await db
    .selectFrom('view.off_record_join')
    .selectAll()
    .where(
      'room',
      'in',
      rows.map((row) => row.hash),
    )
    .orderBy('at')
    .execute()
  return rows.map((row) => ({ ...row, joined: joins.filter((one) => one.room === row.hash) }))
}

/** A room this person may see; its opening carries the marking of all that is said in it. */
export async function findRoom(
  services: Services,
  viewer: Viewer,
  space: string,
  hash: string,
): Promise<Room | undefined> {
  const [room] = await listRooms(services, { space, hashes: [hash] })
  if (!room || !partiesOf(room).includes(services.party)) return undefined
  return (await revealedContents(services, viewer, [hash])).has(hash) ? room : undefined
}

/** What the node has to know to hold and forget what is said. */
export function factsOf(room: Room, party: string): RoomFacts {
  const isOpener = room.opener === party
  const own = isOpener ? room.id : room.hash
  return {
    room: room.hash,
    space: room.space,
    opener: room.opener,
    openedAt: room.opened_at,
    keepMs: room.keep_ms,
    until: room.until,
    ...(room.closed_at !== null && { closedAt: room.closed_at }),
    ...(hasJoined(room, party) && { own }),
    parties: [
      { party: room.opener, act: room.hash, key: room.key },
      ...room.joined.map((one) => ({ party: one.party, act: one.hash, key: one.key })),
    ],
    invited: room.with_parties.length,
  }
}
