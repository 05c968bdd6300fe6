import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { readDecisions } from './decide/decisions.ts'
import { readClaims } from './register/claims.ts'
import { readStatements } from './release/statements.ts'

/** Attribution of an incident: how many are kept, what stands decided, and what waits for a second person. */
export async function attributionRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const [{ claims }, [standing], statements] = await Promise.all([
    readClaims(services, viewer, incident),
    readDecisions(services.db, incident),
    readStatements(services.db, incident),
  ])
  return [
    {
      place: 'attribution',
      href: `/incidents/${incident}/attributions`,
      label: 'attributions.action.open',
      permission: 'incidents:read',
      state: { key: 'attributions.room', facts: { count: claims.length, choice: standing?.choice ?? 'none' } },
      needs: statements.filter(({ state }) => state === 'proposed').length,
    },
  ]
}
