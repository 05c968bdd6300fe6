import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import { othersIn } from './link-space.ts'

/** The way from home to the other side, always by the same three steps. */
export function MoveLink({ visit, incident, space }: { visit: Visit; incident: { id: string }; space: SpaceFacts }) {
  const { t, services, language } = visit
  const parties = formatList(
    othersIn(services, space).map((party) => services.nameOf(party, language)),
    language,
  )
  return <a href={`/incidents/${incident.id}/shared/${space.id}/move`}>{t('incidents-sharing.action', { parties })}</a>
}
