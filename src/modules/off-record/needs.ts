import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import { hasJoined, listRooms, type Room } from './rooms.ts'
import { recordsRule } from './rule.ts'

/** Rooms that ask us in, and rooms in which something was said since this person looked; never what was said. */
export async function offRecordNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const now = services.clock.now()
  const rooms = await listRooms(services, { endsAfter: now })
  if (rooms.length === 0) return []
  const [unseen, visible, rule] = await Promise.all([
    services.offRecord.unseen(viewer.person.id),
    revealedContents(
      services,
      viewer,
      rooms.map((room) => room.hash),
    ),
    recordsRule(services),
  ])
  const mayJoin = viewer.may('off-record.room-joined:send') && rule?.allowed !== false
  const verbOf = (room: Room): string | undefined => {
    if ((unseen.get(room.hash) ?? 0) > 0) return 'off-record.action.listen'
    const isAsked = room.with_parties.includes(services.party) && !hasJoined(room, services.party)
    return isAsked && mayJoin && room.closed_at === null && now <= room.until ? 'off-record.action.join' : undefined
  }
  return rooms.flatMap((room): Need[] => {
    const verb = visible.has(room.hash) ? verbOf(room) : undefined
    if (verb === undefined) return []
    return [
      {
        key: `off-record:${room.hash}`,
        verb,
        form: 'off-record.form',
        from: room.opener,
        headline: '',
        href: `/spaces/${room.space}/off-record/${room.hash}`,
        space: room.space,
        waitsFor: 'me',
      },
    ]
  })
}
