import type { CheckedRow, Misfit } from './cells.ts'
import type { ReadSet } from './read-set.ts'
import { type FileKind, saysNothing } from './vocabulary.ts'

/** An incident of a set, as it is kept. Days are ISO; words are the set's, codes ours. */
export interface ReadIncident {
  ref: string
  name: string
  description: string
  start: string | null
  end: string | null
  intensity: number | null
  types: string[]
  victims: string[]
  initiators: string[]
  categories: string[]
  sectors: string[]
  subsectors: string[]
  /** Bases by the row of the incident itself; rows of attributions say more where they are given. */
  bases: string[]
  sources: string[]
  cells: Record<string, string>
  /** Tells whether anything of it, of its attributions or receivers is another than before. */
  digest: string
}

export interface ReadAttribution {
  ref: string
  attribution: string | null
  day: string | null
  kind: string | null
  basis: string | null
  actor: string | null
  company: string | null
  byCountry: string | null
  initiator: string | null
  country: string | null
  category: string | null
}

export interface ReadReceiver {
  ref: string
  country: string | null
  regions: string | null
  name: string | null
  sector: string | null
  subsector: string | null
}

export interface ReadResponse {
  ref: string
  legal: boolean
  day: string | null
  type: string | null
  subtype: string | null
  country: string | null
  actor: string | null
}

/** Adds what a row says to the set, and returns remarks on what it says against itself. */
type RowReader = (set: ReadSet, ref: string, row: CheckedRow) => Misfit[]

export const rowReaders: Readonly<Record<FileKind, RowReader>> = {
  incidents: readIncident,
  attributions: readAttribution,
  receivers: readReceiver,
}

const said = (parts: readonly (string | undefined)[]): string[] => [
  ...new Set(parts.filter((part) => part !== undefined)),
]
const word = (cell: string | undefined): string | null => (cell === undefined || saysNothing(cell) ? null : cell.trim())

function readIncident(set: ReadSet, ref: string, row: CheckedRow): Misfit[] {
  const { cells, parts } = row
  const [start = null] = parts('start_date')
  const [end = null] = parts('end_date')
  const intensity = parts('weighted_cyber_intensity')[0]
  set.incidents.push({
    ref,
    name: cells.name?.trim() || ref,
    description: cells.description?.trim() ?? '',
    start,
    end,
    intensity: intensity === undefined ? null : Number(intensity),
    types: said(parts('incident_type')),
    victims: said(parts('receiver_country')),
    initiators: said(parts('initiator_country')),
    categories: said(parts('initiator_category')),
    sectors: said(parts('receiver_category')),
    subsectors: said(parts('receiver_category_subcode')),
    bases: said(parts('attribution_basis')),
    sources: said([...parts('sources_url'), ...parts('sources_attribution')]),
    cells,
    digest: '',
  })
  return [
    ...orderOf(cells, start, end),
    ...readResponses(set, ref, row, 'political_response', 'number_of_political_responses'),
    ...readResponses(set, ref, row, 'legal_response', 'number_of_legal_responses'),
  ]
}

/** An end before the start is kept as published, and said. */
function orderOf(cells: Record<string, string>, start: string | null, end: string | null): Misfit[] {
  if (start === null || end === null || end >= start) return []
  return [{ column: 'end_date', value: `${cells.start_date} – ${cells.end_date}`, reason: 'order', expected: 'order' }]
}

function readResponses(set: ReadSet, ref: string, { cells, parts }: CheckedRow, prefix: string, counted: string) {
  const types = parts(`${prefix}_type`)
  const days = parts(`${prefix}_date`)
  const remarks: Misfit[] = []
  const allotted = (column: string): (string | null)[] => {
    const values = (cells[column] ?? '').split(/; ?/).map((value) => word(value))
    if (values.length === types.length) return values
    if (word(cells[column]) !== null && types.length > 0)
      remarks.push({ column, value: cells[column] ?? '', reason: 'not-allotted', expected: 'allotted' })
    return []
  }
  const [subtypes, countries, actors] = ['type_subcode', 'country', 'actor'].map((end) => allotted(`${prefix}_${end}`))
  for (const [at, type] of types.entries()) {
    set.responses.push({
      ref,
      legal: prefix === 'legal_response',
      day: days.length === types.length ? (days[at] ?? null) : null,
      type: type ?? null,
      subtype: subtypes?.[at] ?? null,
      country: countries?.[at] ?? null,
      actor: actors?.[at] ?? null,
    })
  }
  const count = parts(counted)[0]
  if (count !== undefined && Number(count) !== types.length)
    remarks.push({ column: counted, value: count, reason: 'count-differs', expected: 'count-of' })
  return remarks
}

function readAttribution(set: ReadSet, ref: string, { cells, parts }: CheckedRow): Misfit[] {
  set.attributions.push({
    ref,
    attribution: word(cells.attribution_ID)?.replace(/\.0$/, '') ?? null,
    day: parts('attribution_date')[0] ?? null,
    kind: parts('attribution_type')[0] ?? null,
    basis: parts('attribution_basis')[0] ?? null,
    actor: word(cells.attributing_actor),
    company: word(cells.attribution_it_company),
    byCountry: word(cells.attributing_country),
    initiator: word(cells.attributed_initiator),
    country: word(cells.attributed_initiator_country),
    category: parts('attributed_initiator_category')[0] ?? null,
  })
  return []
}

function readReceiver(set: ReadSet, ref: string, { cells, parts }: CheckedRow): Misfit[] {
  set.receivers.push({
    ref,
    country: word(cells.receiver_country),
    regions: word(cells.receiver_region),
    name: word(cells.receiver_name),
    sector: parts('receiver_category')[0] ?? null,
    subsector: word(cells.receiver_category_subcode),
  })
  return []
}
