import type { ComponentChildren } from 'preact'
import { Field } from './form.tsx'

/** One half of a moment: the day, or the time of day. */
interface Half {
  name: string
  label: ComponentChildren
  value?: string
  error?: string
  hint?: ComponentChildren
  required?: boolean
}

/** A moment as people write it down: a day and a time of that day, beside each other; the form says in which zone. */
export function MomentField({ date, time, required }: { date: Half; time: Half; required: boolean }) {
  return (
    <div class="row">
      <Field required={required} {...date} type="date" width="medium" />
      <Field required={required} {...time} type="time" width="short" />
    </div>
  )
}

/** Day and time of day of a moment where its reader lives, as the two fields take them. */
export function writtenMoment(zone: string, at: number): { date: string; time: string } {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return {
    date: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: 'minute' }),
  }
}
