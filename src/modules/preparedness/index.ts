import type { Module } from '../../core/module/types.ts'
import { planRecords } from './home-records.ts'
import { preparednessTables } from './migrations/0001-preparedness.ts'
import { preparednessEmergency } from './migrations/0002-emergency.ts'
import { planRoutes } from './plan-routes.tsx'
import { runRoutes } from './run-routes.tsx'
import { planClocks, planRooms } from './run/incident-runs.ts'
import { planNeeds } from './run/plan-needs.ts'
import { wordsForDraft } from './run/words-for-draft.ts'

export { addLesson, readLessons as readPlanLessons } from './run/lessons.ts'
export type { PlanService } from './plan/content.ts'
export { listHeldPlans } from './plan/held-plans.ts'
export { inLargestUnit, lengthUnits } from './plan/lengths.ts'
export { markServices } from './run/keep-run.ts'
export { getRun, readRuns, type Run, type ServiceStanding } from './run/read-runs.ts'

/** Response plans made beforehand, and how they run in incidents and drills. */
export const preparedness: Module = {
  name: 'preparedness',
  migrations: [preparednessTables, preparednessEmergency],
  routes: () => [...planRoutes(), ...runRoutes()],
  needs: planNeeds,
  incidentClocks: planClocks,
  incidentRooms: planRooms,
  homeRecords: planRecords,
  wordsForDraft,
}
