import type { Module } from '../../core/module/types.ts'
import { roomComposer } from './composers/room-composer.tsx'
import { roomClosedFace, roomJoinedFace, roomOpenedFace } from './faces/room-faces.tsx'
import { offRecordRooms } from './migrations/0001-off-record.ts'
import { offRecordNeeds } from './needs.ts'
import { offRecordActs } from './projection.ts'
import { followRooms, offRecordRoutes } from './routes.tsx'

/** Rooms in which nothing said is signed, recorded or kept. */
export const offRecord: Module = {
  name: 'off-record',
  acts: offRecordActs,
  faces: [roomOpenedFace, roomJoinedFace, roomClosedFace],
  composers: [roomComposer],
  migrations: [offRecordRooms],
  views: ['view.off_record_room', 'view.off_record_join'],
  routes: offRecordRoutes,
  needs: offRecordNeeds,
  tick: followRooms,
}
