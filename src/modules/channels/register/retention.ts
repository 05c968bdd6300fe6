import type { Disposal } from './file-plan.ts'

/** How long a document is kept. Nothing is destroyed by itself: it says when somebody may decide. */
export type Retention =
  | { kept: 'unfiled' }
  | { kept: 'always' }
  | { kept: 'held'; reasons: string[]; endsOn?: string }
  | { kept: 'until'; endsOn: string; disposal: Disposal }

/**
 * The last day on which a document is kept: its years counted from the last thing that happened to it.
 *
 * @param lastAt - ms of dispatch, answer or ending, whichever was last.
 */
export function retentionOf(document: {
  file?: { years: number | null; disposal: Disposal }
  lastAt: number
  holds: readonly string[]
}): Retention {
  const { file, lastAt, holds } = document
  const endsOn = file?.years == null ? undefined : yearsAfter(lastAt, file.years)
  if (holds.length > 0) return { kept: 'held', reasons: [...holds], ...(endsOn !== undefined && { endsOn }) }
  if (!file) return { kept: 'unfiled' }
  return endsOn === undefined ? { kept: 'always' } : { kept: 'until', endsOn, disposal: file.disposal }
}

function yearsAfter(ms: number, years: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('UTC').toPlainDate().add({ years }).toString()
}
