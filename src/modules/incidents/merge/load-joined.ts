import { tlpRank } from '../../../core/markings/index.ts'
import type { IncidentRoom, Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { Incident } from '../incident.ts'
import { listRooms } from '../read/incident-rooms.tsx'
import { type LoadedIncident, loadIncident } from '../read/load-incident.ts'
import { type Joining, listJoinings, listMergedIds, type OtherIncident } from './list-merges.ts'

/** What the page of an incident shows of others it was merged with or split from. */
export interface Joined {
  /** Read through this one, each as this person may read it by itself. */
  merged: (LoadedIncident & { rooms: IncidentRoom[] })[]
  into?: OtherIncident
  history: (Joining & { byName: string })[]
}

export async function loadJoined(services: Services, viewer: Viewer, { incident }: LoadedIncident): Promise<Joined> {
  const [history, ids] = await Promise.all([
    listJoinings(services, viewer, incident.id),
    listMergedIds(services, viewer, incident.id),
  ])
  const merged = await Promise.all(
    ids.map(async (id) => ({
      ...(await loadIncident(services, viewer, id)),
      rooms: await listRooms(services, viewer, id),
    })),
  )
  const into = standing(history)
  const named = await Promise.all(
    history.map(async (one) => ({ ...one, byName: (await services.people.find(one.by))?.name ?? one.by })),
  )
  return { merged, history: named, ...(into && { into }) }
}

/** Of the narrowest of several incidents: the marking of a page that shows them together. */
export const narrowest = (incidents: readonly Pick<Incident, 'marking'>[]): Tlp =>
  incidents.reduce<Tlp>((a, { marking }) => (tlpRank(marking) > tlpRank(a) ? marking : a), 'CLEAR')

function standing(history: readonly Joining[]): OtherIncident | undefined {
  const merge = history.findLast(({ kind }) => kind === 'merged-into')
  return merge && !history.some(({ id }) => id === `${merge.id}-undone`) ? merge.other : undefined
}
