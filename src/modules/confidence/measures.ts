import type { Evidence, EvidenceKind } from './list-evidence.ts'
import list from './reference/osce.json' with { type: 'json' }

/** A measure of a regional organisation: its words are messages (`confidence.measure.<number>`). */
export interface Measure {
  number: number
  /** What on the record shows that it is lived; none: nothing that this house keeps does. */
  evidence: readonly EvidenceKind[]
  /** How often it is to be shown: so many times in so many months. Absent: what stands, stands. */
  count?: number
  months?: number
}

export const source: string = list.source
export const measures = list.measures as readonly Measure[]

export type MeasureState = 'shown' | 'too-little' | 'none' | 'not-kept'

export interface MeasureStatus {
  measure: Measure
  state: MeasureState
  /** Newest first. */
  evidence: Evidence[]
  /** How much of it lies within the time that counts. */
  recent: number
  /** Until when it stays shown if nothing more happens, ms; absent where time does not matter. */
  shownUntil?: number
}

/** The state of a measure, computed from what is on the record and from nothing else. */
export function statusOf(measure: Measure, all: readonly Evidence[], now: number): MeasureStatus {
  if (measure.evidence.length === 0) return { measure, state: 'not-kept', evidence: [], recent: 0 }
  const evidence = all.filter(({ kind }) => measure.evidence.includes(kind)).toSorted((a, b) => b.at - a.at)
  const { count = 1, months } = measure
  if (months === undefined)
    return { measure, state: evidence.length > 0 ? 'shown' : 'none', evidence, recent: evidence.length }
  const recent = evidence.filter(({ at }) => inMonths(at, months) > now).length
  const deciding = evidence[count - 1]
  if (recent >= count && deciding)
    return { measure, state: 'shown', evidence, recent, shownUntil: inMonths(deciding.at, months) }
  return { measure, state: evidence.length > 0 ? 'too-little' : 'none', evidence, recent }
}

function inMonths(at: number, months: number): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC').add({ months }).epochMilliseconds
}
