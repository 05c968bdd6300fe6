import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { readMatters } from './matters.ts'

/** The legal clocks of an incident: how many terms run, and how many are past. */
export async function legalClockRooms(services: Services, _viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const terms = (await readMatters(services, incident)).flatMap((matter) => matter.terms)
  const overdue = terms.filter(({ state }) => state === 'overdue').length
  const running = terms.filter(({ state }) => state === 'running').length
  return [
    {
      place: 'clocks',
      href: `/incidents/${incident}/clocks`,
      label: 'legal-clocks.action',
      permission: 'incidents:read',
      state: { key: 'legal-clocks.room', facts: { running, overdue } },
      needs: overdue + running,
    },
  ]
}
