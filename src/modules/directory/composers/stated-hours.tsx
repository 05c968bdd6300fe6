import { InvalidInput } from '../../../core/http/index.ts'
import type { ComposerProps } from '../../../core/module/types.ts'
import { weekdayName } from '../../../text/index.ts'
import { Field, Quiet } from '../../../web/index.ts'
import type { WeekSpan } from '../office-hours.ts'

const days = [1, 2, 3, 4, 5, 6, 7]
const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d$/

/** From and until for each day of the week; a day left empty is closed. */
export function statedHours({ values, errors, t, language }: ComposerProps) {
  const field = (name: string, label: string) => (
    <Field
      name={name}
      type="time"
      label={label}
      value={String(values[name] ?? '')}
      error={errors[name]}
      width="short"
    />
  )
  return (
    <fieldset>
      <legend>{t('directory.week.title')}</legend>
      <Quiet>{t('directory.week.hint')}</Quiet>
      {days.map((day) => (
        <div class="row" key={day}>
          {field(`from_${day}`, t('directory.week.from', { day: weekdayName(day, language) }))}
          {field(`until_${day}`, t('directory.week.until', { day: weekdayName(day, language) }))}
        </div>
      ))}
    </fieldset>
  )
}

/**
 * The week as it was typed, days with the same hours together.
 *
 * @throws {@link InvalidInput} at the field, where a day has one time only, or no day has any
 */
export function readWeek(input: Record<string, unknown>): WeekSpan[] {
  const byHours = new Map<string, number[]>()
  for (const day of days) {
    const [from, until] = [`from_${day}`, `until_${day}`].map((name) => timeOf(input, name))
    if (!from && !until) continue
    if (!from) throw InvalidInput.at(`from_${day}`, 'directory.week.both')
    if (!until) throw InvalidInput.at(`until_${day}`, 'directory.week.both')
    byHours.set(`${from} ${until}`, [...(byHours.get(`${from} ${until}`) ?? []), day])
  }
  if (byHours.size === 0) throw InvalidInput.at('from_1', 'directory.week.none')
  return [...byHours].map(([hours, on]) => {
    const [from = '', until = ''] = hours.split(' ')
    return { days: on, from, until }
  })
}

function timeOf(input: Record<string, unknown>, name: string): string {
  const typed = String(input[name] ?? '').trim()
  // Some browsers send seconds.
  const time = typed.replace(/^(\d\d:\d\d):\d\d$/, '$1')
  if (time !== '' && !timeOfDay.test(time)) throw InvalidInput.at(name, 'directory.week.not-a-time')
  return time
}
