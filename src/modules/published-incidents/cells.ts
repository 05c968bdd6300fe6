import { readQuotedList } from './quoted-list.ts'
import { codeOf, type FileKind, isAnyWord, isDistinctive, saysNothing, type VocabularyName } from './vocabulary.ts'

/** Why a value or a row could not be understood: message `published-incidents.reason.<reason>`. */
export type Reason =
  | 'quote-open'
  | 'quote-inside'
  | 'after-quote'
  | 'header'
  | 'column-unknown'
  | 'column-twice'
  | 'cells'
  | 'shifted'
  | 'no-id'
  | 'twice'
  | 'no-incident'
  | 'not-a-date'
  | 'impossible-date'
  | 'order'
  | 'unknown-value'
  | 'not-a-number'
  | 'not-a-list'
  | 'not-yes-no'
  | 'not-allotted'
  | 'count-differs'

/** What stood where something else was expected. `expected` is the end of `published-incidents.expected.<code>`. */
export interface Misfit {
  column: string
  value: string
  reason: Reason
  expected: string
}

/** What a column may hold. `parts`: one value, several with semicolons between, or a list in brackets. */
interface ColumnType {
  of: 'date' | 'count' | 'intensity' | 'yes-no' | 'words' | VocabularyName
  parts: 'one' | 'semicolons' | 'list'
}

const one = (of: ColumnType['of']): ColumnType => ({ of, parts: 'one' })
const several = (of: ColumnType['of']): ColumnType => ({ of, parts: 'semicolons' })
const listed = (of: ColumnType['of']): ColumnType => ({ of, parts: 'list' })

const columnTypes: Readonly<Record<FileKind, Readonly<Record<string, ColumnType>>>> = {
  incidents: {
    start_date: one('date'),
    end_date: one('date'),
    incident_type: several('types'),
    receiver_name: listed('words'),
    receiver_country: listed('words'),
    receiver_region: listed('words'),
    receiver_category: listed('sectors'),
    receiver_category_subcode: listed('words'),
    initiator_name: listed('words'),
    initiator_country: listed('words'),
    initiator_category: listed('initiatorCategories'),
    initiator_category_subcode: listed('words'),
    number_of_attributions: one('count'),
    attribution_date: several('date'),
    attribution_type: several('kinds'),
    attribution_basis: several('bases'),
    attributed_initiator_category: several('initiatorCategories'),
    sources_attribution: listed('words'),
    number_of_political_responses: one('count'),
    political_response_date: several('date'),
    political_response_type: several('responses'),
    has_disruption: one('yes-no'),
    unweighted_cyber_intensity: one('count'),
    weighted_cyber_intensity: one('intensity'),
    number_of_legal_responses: one('count'),
    legal_response_date: several('date'),
    legal_response_type: several('legalResponses'),
    sources_url: listed('words'),
  },
  attributions: {
    attribution_date: one('date'),
    attribution_type: one('kinds'),
    attribution_basis: one('bases'),
    attributed_initiator_category: one('initiatorCategories'),
  },
  receivers: { receiver_category: one('sectors') },
}

/** Values of a row by column, each as it could be understood. */
export interface CheckedRow {
  /** Cells as published, by column. */
  cells: Record<string, string>
  /** Parts of the columns that have a type; a part that was not understood is undefined. */
  parts(column: string): (string | undefined)[]
  misfits: Misfit[]
  /** First column of a row whose cells seem to stand in wrong columns. */
  shifted?: Misfit
}

/** Looks at every cell of a row that has as many as the header. `today` is ISO: no day after it was yet. */
export function checkRow(
  file: FileKind,
  header: readonly string[],
  values: readonly string[],
  today: string,
): CheckedRow {
  const cells: Record<string, string> = {}
  const parts = new Map<string, (string | undefined)[]>()
  const misfits: Misfit[] = []
  let shifted: Misfit | undefined
  for (const [at, column] of header.entries()) {
    const value = values[at] ?? ''
    cells[column] = value
    const type = columnTypes[file][column]
    if (!type) {
      if (isDistinctive(value)) shifted ??= { column, value, reason: 'shifted', expected: 'words' }
      continue
    }
    const read = readCell(type, value, today)
    parts.set(column, read.parts)
    for (const misfit of read.misfits) {
      misfits.push({ column, ...misfit })
      if (looksForeign(type, misfit))
        shifted ??= { column, value: misfit.value, reason: 'shifted', expected: misfit.expected }
    }
  }
  const [first] = misfits
  if (first && new Set(misfits.map(({ column }) => column)).size > 2) shifted ??= { ...first, reason: 'shifted' }
  return { cells, parts: (column) => parts.get(column) ?? [], misfits, ...(shifted && { shifted }) }
}

type CellMisfit = Omit<Misfit, 'column'>

function readCell({ of, parts }: ColumnType, value: string, today: string) {
  const expected = parts === 'list' && of === 'words' ? 'list' : of
  const split = parts === 'one' ? [value] : parts === 'list' ? readQuotedList(value) : splitParts(value)
  if (!split) return { parts: [], misfits: [{ value, reason: 'not-a-list', expected: 'list' }] satisfies CellMisfit[] }
  const misfits: CellMisfit[] = []
  const read = split.map((part) => {
    if (saysNothing(part)) return undefined
    const found = readPart(of, part.trim(), today)
    if (typeof found === 'string') return found
    misfits.push({ value: part, reason: found.reason, expected })
    return undefined
  })
  return { parts: read, misfits }
}

const splitParts = (value: string): string[] => (value.trim() === '' ? [] : value.split(';').map((part) => part.trim()))

function readPart(of: ColumnType['of'], value: string, today: string): string | { reason: Reason } {
  if (of === 'words') return value
  if (of === 'date') return readDay(value, today)
  if (of === 'yes-no') return /^(true|false)$/i.test(value) ? value.toLowerCase() : { reason: 'not-yes-no' }
  if (of === 'count') return /^\d{1,5}(\.0)?$/.test(value) ? String(Number(value)) : { reason: 'not-a-number' }
  if (of === 'intensity')
    return /^\d{1,2}(\.\d{1,3})?$/.test(value) && Number(value) <= 15 ? value : { reason: 'not-a-number' }
  return codeOf(of, value) ?? { reason: 'unknown-value' }
}

/** A day that was, as ISO. */
function readDay(value: string, today: string): string | { reason: Reason } {
  const day = /^(\d{4}-\d{2}-\d{2})( 00:00:00)?$/.exec(value)?.[1]
  if (day === undefined) return { reason: 'not-a-date' }
  const ms = Date.parse(`${day}T00:00:00Z`)
  const isReal = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
  return isReal && day >= '1970-01-01' && day <= today ? day : { reason: 'impossible-date' }
}

/** Whether what stands in a cell is what another column holds: a date among words, a list among numbers. */
function looksForeign({ of }: ColumnType, { value, reason }: CellMisfit): boolean {
  if (reason === 'impossible-date') return false
  const isDay = of !== 'date' && /^\d{4}-\d{2}-\d{2}/.test(value)
  const isList = value.startsWith('[') && reason !== 'not-a-list'
  return isDay || isList || isAnyWord(value) || /^(True|False)$/.test(value)
}
