import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { IncidentState } from '../incident.ts'
import { isInSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** What a line of another room says of the incident it belongs to. */
export interface NamedIncident {
  title: string
  codeName: string
  drill: boolean
  state: IncidentState
  marking: Tlp
  /** Person who leads it. */
  lead: string
}

/** What incidents in sight are called, for lines that were found by other queries; the others are not there. */
export async function incidentsNamed(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incidents: readonly string[],
): Promise<Map<string, NamedIncident>> {
  if (incidents.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('home.incidents_incident')
    .select(['id', 'title', 'code_name as codeName', 'drill', 'state', 'marking', 'lead'])
    .where('id', 'in', [...new Set(incidents)])
    .where(isInSight(services, viewer))
    .execute()
  return new Map(rows.map(({ id, ...named }) => [id, named]))
}
