import { incidentPlaces, type IncidentRoom } from '../../../core/module/incident-rooms.ts'
import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import { Quiet, Section } from '../../../web/index.ts'

/** Every room of work on an incident that this person may enter, in the order of the page. */
export async function listRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const lists = await Promise.all(
    services.modules.map((module) => module.incidentRooms?.(services, viewer, incident) ?? []),
  )
  const isOpen = ({ permission }: IncidentRoom) =>
    permission === 'signed-in' || permission === 'public' || viewer.may(permission as Parameters<Viewer['may']>[0])
  return lists
    .flat()
    .filter(isOpen)
    .toSorted((a, b) => incidentPlaces.indexOf(a.place) - incidentPlaces.indexOf(b.place))
}

/** "Work on this incident": one line per room, with how it stands there and what waits. */
export function IncidentRooms({ visit: { t }, rooms }: { visit: Visit; rooms: readonly IncidentRoom[] }) {
  return (
    <Section title={t('incidents.rooms.title')} id="work">
      <ul class="rooms">
        {rooms.map(({ href, label, state, needs }) => (
          <li key={href}>
            <a href={href}>{t(label)}</a>
            {state && <Quiet small>{t(state.key, state.facts)}</Quiet>}
            {needs !== undefined && needs > 0 && (
              <p class="small waits">{t('incidents.rooms.needs', { count: needs })}</p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
