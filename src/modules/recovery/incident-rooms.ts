import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { readLessons } from './lessons/read-lessons.ts'
import { readPlan } from './plan/read-plans.ts'
import { wholeOf } from './plan/whole.ts'

/** Recovery of an incident: how many services will not do yet, how many targets ran out, and how many lessons are open. */
export async function recoveryRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const plan = await readPlan(services, viewer, incident)
  const { lessons } = await readLessons(services, viewer, { incident })
  const { overdue } = wholeOf(plan)
  const open = lessons.filter(({ answer }) => !answer)
  const late = open.filter(({ isOverdue }) => isOverdue).length
  const out = plan.services.filter(({ standing }) => standing === 'not-enough').length
  return [
    {
      place: 'recovery',
      href: `/incidents/${incident}/recovery`,
      label: 'recovery.title',
      permission: 'incidents:read',
      state: {
        key: 'recovery.room',
        facts: { count: plan.services.length, out, overdue: overdue.length, lessons: open.length, late },
      },
      needs: overdue.length + late,
    },
  ]
}
