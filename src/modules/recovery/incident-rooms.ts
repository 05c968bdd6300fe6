import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { readPlan } from './plan/read-plans.ts'
import { wholeOf } from './plan/whole.ts'

/** Recovery of an incident: how many services will not do yet, and how many targets ran out. */
export async function recoveryRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const plan = await readPlan(services, viewer, incident)
  const { overdue } = wholeOf(plan)
  const out = plan.services.filter(({ standing }) => standing === 'not-enough').length
  return [
    {
      place: 'recovery',
      href: `/incidents/${incident}/recovery`,
      label: 'recovery.title',
      permission: 'incidents:read',
      state: { key: 'recovery.room', facts: { count: plan.services.length, out, overdue: overdue.length } },
      needs: overdue.length,
    },
  ]
}
