import { writeCsv } from '../../../core/csv/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import type { Incident } from '../incident.ts'
import { severityLine } from '../severity/severity-words.ts'

/** A list of more lines is taken in periods. */
export const csvLines = 10_000

const columns = [
  'reference',
  'name',
  'title',
  'state',
  'category',
  'severity',
  'drill',
  'marking',
  'lead',
  'opened',
  'touched',
] as const

/** The list as a table for other programs, in the reader's language; each line passed the gate on its way to print. */
export function incidentsCsv(visit: Visit, incidents: readonly Incident[], nameOf: (person: string) => string): string {
  const { t } = visit
  const rows = incidents.map((one) => [
    one.reference,
    one.codeName,
    one.title,
    t(`incidents.state.${one.state}`),
    t(`incidents.category.${one.category}`),
    one.severity ? severityLine(visit, one) : '',
    t(`incidents.list.${one.drill ? 'yes' : 'no'}`),
    `TLP:${one.marking}`,
    nameOf(one.lead),
    new Date(one.openedAt).toISOString(),
    new Date(one.touchedAt).toISOString(),
  ])
  return writeCsv([columns.map((name) => t(`incidents.list.column.${name}`)), ...rows])
}
