import type { Translate } from '../../text/index.ts'
import type { MeasureStatus } from './measures.ts'

/** The measures as a table (RFC 4180, UTF-8): states and counts; not whose contact or whose answer it was. */
export function measuresCsv(statuses: readonly MeasureStatus[], t: Translate): string {
  const head = ['number', 'measure', 'state', 'recent', 'needed', 'months', 'newest', 'shownUntil']
  const rows = statuses.map(({ measure, state, evidence, recent, shownUntil }) => [
    measure.number,
    t(`confidence.measure.${measure.number}`),
    state,
    measure.evidence.length > 0 ? recent : '',
    measure.evidence.length > 0 ? (measure.count ?? 1) : '',
    measure.months ?? '',
    dateOf(evidence[0]?.at),
    dateOf(shownUntil),
  ])
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

const dateOf = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString().slice(0, 10))

const cell = (value: string | number): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
