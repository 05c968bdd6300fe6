import type { DatedData } from '../../core/dated-data/index.ts'
import type { Services, Viewer, Visit } from '../../core/module/types.ts'
import { formatDateTime } from '../../text/index.ts'
import { type Incident, loadIncident } from '../incidents/index.ts'
import { type Matter, readMatters } from './matters.ts'
import { readRegimes, type RegimeFile } from './regimes.ts'

export interface LoadedClocks {
  incident: Incident
  matters: Matter[]
  file: DatedData<RegimeFile>
  nameOf(person: string): string
  /** What the record has for a field that nobody has drafted yet. */
  onRecord(matter: Matter, field: string): string
}

/** Everything the pages about legal clocks show. @throws Refusal `incidents.not-found` */
export async function loadClocks(
  { services, viewer, t, language }: Pick<Visit, 't' | 'language'> & { services: Services; viewer: Viewer },
  id: string,
): Promise<LoadedClocks> {
  const { incident, bottomLine } = await loadIncident(services, viewer, id)
  const file = readRegimes(services)
  const matters = await readMatters(services, incident.id)
  const people = matters.flatMap(({ trigger, earlier, terms }) => [
    ...[trigger, ...earlier].map(({ by }) => by),
    ...terms.flatMap(({ draft, sendings }) => [...(draft ? [draft.by] : []), ...sendings.map(({ by }) => by)]),
  ])
  const names = new Map(
    await Promise.all([...new Set(people)].map(async (one) => [one, (await services.people.find(one))?.name] as const)),
  )
  return {
    incident,
    matters,
    file,
    nameOf: (person) => names.get(person) ?? person,
    onRecord: ({ trigger }, field) => {
      const from = file.content.fields.find((one) => one.id === field)?.from
      if (from === 'title') return incident.title
      if (from === 'category') return t(`incidents.category.${incident.category}`)
      if (from === 'aware')
        return `${formatDateTime(trigger.awareAt, trigger.zone, language)} · ${trigger.who}: ${trigger.what}`
      return from === 'bottom-line' ? (bottomLine?.sentences.join(' ') ?? incident.summary) : ''
    },
  }
}
