import type { Module } from '../../core/module/types.ts'
import { meetingComposer, readOutComposer } from './composers.tsx'
import { talksFaces } from './faces/talks-faces.tsx'
import { talksTables } from './migrations/0001-talks.ts'
import { readOutsInOrder } from './migrations/0002-read-outs-in-order.ts'
import { talksNeeds } from './needs.ts'
import { talksActs } from './projection.ts'
import { roomOfTalks } from './room/room-of-talks.ts'
import { roomRoutes } from './room/room-routes.tsx'
import { registered } from './registered.ts'
import { talksRoutes } from './routes.tsx'

export { momentIn } from './calendar/moment.ts'
export { keepReadOut, listGivenReadOuts, ownReadOuts } from './read-outs.ts'

/** Talks: a time found across zones, who comes, a written conversation, minutes and read-outs beside each other. */
export const talks: Module = {
  name: 'talks',
  acts: talksActs,
  faces: talksFaces,
  composers: [meetingComposer, readOutComposer],
  migrations: [talksTables, readOutsInOrder],
  views: ['view.talks_meeting', 'view.talks_confirmation', 'view.talks_said'],
  registered,
  routes: (services) => [...talksRoutes(services), ...roomRoutes(services)],
  needsOnDevices: true,
  roomOf: roomOfTalks,
  tick: ({ meetingRooms }) => meetingRooms.sweep(),
  needs: talksNeeds,
  navigation: [{ href: '/talks', label: 'talks.title', permission: 'talks:read', order: 24, group: 'meetings' }],
}
