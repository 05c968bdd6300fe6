import type { Module } from '../../core/module/types.ts'
import { endedComposer, sharedComposer, updatedComposer } from './composers/picture-composers.tsx'
import { recoveryFaces } from './faces/picture-faces.tsx'
import { recoveryRecords } from './home-records.ts'
import { recoveryRooms } from './incident-rooms.ts'
import { recoveryTables } from './migrations/0001-recovery.ts'
import { recoveryShared } from './migrations/0002-shared.ts'
import { recoveryLessons } from './migrations/0003-lessons.ts'
import { recoveryPlanned } from './migrations/0004-planned.ts'
import { lessonNotes } from './lessons/became.ts'
import { wordsForDraft } from './lessons/words-for-draft.ts'
import { recoveryClocks, recoveryNeeds } from './needs.ts'
import { recoveryActs } from './projection.ts'
import { recoveryRoutes } from './routes.tsx'
import { checkPictureLeaving } from './share/check-leaving.ts'
import { forgetShared } from './share/shared-rows.ts'

/** Services an incident hit: what each needs, how it stands, and what can be expected against its targets. */
export const recovery: Module = {
  name: 'recovery',
  acts: recoveryActs,
  faces: recoveryFaces,
  composers: [sharedComposer, updatedComposer, endedComposer],
  migrations: [recoveryTables, recoveryShared, recoveryLessons, recoveryPlanned],
  views: ['view.recovery_picture', 'view.recovery_told'],
  routes: recoveryRoutes,
  needs: recoveryNeeds,
  incidentClocks: recoveryClocks,
  incidentRooms: recoveryRooms,
  homeRecords: recoveryRecords,
  checkLeaving: checkPictureLeaving,
  draftDiscarded: forgetShared,
  wordsForDraft,
  actNotes: lessonNotes,
}
