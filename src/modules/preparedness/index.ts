import type { Module } from '../../core/module/types.ts'
import { planRecords } from './home-records.ts'
import { preparednessTables } from './migrations/0001-preparedness.ts'
import { planRoutes } from './plan-routes.tsx'
import { runRoutes } from './run-routes.tsx'
import { planClocks, planNeeds, planRooms } from './run/incident-runs.ts'
import { wordsForDraft } from './run/words-for-draft.ts'

export { addLesson, readLessons as readPlanLessons } from './run/lessons.ts'
export { readRuns, type Run } from './run/read-runs.ts'

/** Response plans made beforehand, and how they run in incidents and drills. */
export const preparedness: Module = {
  name: 'preparedness',
  migrations: [preparednessTables],
  routes: () => [...planRoutes(), ...runRoutes()],
  needs: planNeeds,
  incidentClocks: planClocks,
  incidentRooms: planRooms,
  homeRecords: planRecords,
  wordsForDraft,
}
