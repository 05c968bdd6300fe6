import { formatList, type Translate, weekdayName } from '../../text/index.ts'
import type { WeekSpan } from './office-hours.ts'

/** "Monday, Tuesday and Friday 08:30–16:00; Sunday 10:00–12:00", or what stands for usual hours. */
export function hoursInWords(
  { hours, week }: { hours: string; week?: readonly WeekSpan[] | null },
  language: string,
  t: Translate,
): string {
  if (hours !== 'stated' || !week) return t(`directory.hours-${hours}`)
  return week.map((span) => `${daysInWords(span.days, language)} ${span.from}–${span.until}`).join('; ')
}

/** Three days and more that follow each other are said by the first and the last. */
function daysInWords(days: readonly number[], language: string): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b)
  const [first = 1, last = first] = [sorted[0], sorted.at(-1)]
  const isRow = sorted.length > 2 && last - first === sorted.length - 1
  if (isRow) return `${weekdayName(first, language)}–${weekdayName(last, language)}`
  return formatList(
    sorted.map((day) => weekdayName(day, language)),
    language,
  )
}
