import type { WeekSpan } from '../office-hours.ts'

const names = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']
const time = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`
const day = `(?:${names.join('|')})`
const span = new RegExp(String.raw`^(${day}(?:\s*[-,]\s*${day})*)\s+(${time})\s*[-–]\s*(${time})$`, 'i')

export interface HoursText {
  hours: string
  week?: readonly WeekSpan[] | null
}

/** `24/7`, `office`, or `Mo,Tu,Fr 08:30-16:00; Su 10:00-12:00`: what lists say of hours. */
export function hoursAsText({ hours, week }: HoursText): string {
  if (hours === 'always') return '24/7'
  if (hours !== 'stated' || !week) return 'office'
  return week
    .map(({ days, from, until }) => `${days.map((one) => names[one - 1]).join(',')} ${from}-${until}`)
    .join('; ')
}

/** The same the other way, and how others write it (`24x7`, `Mo-Fr 09:00-17:00`); undefined for anything else. */
export function readHoursText(text: string): HoursText | undefined {
  const said = text.trim()
  if (/^(?:24\s*[x/×*]\s*7|always|round the clock)$/i.test(said)) return { hours: 'always' }
  if (/^(?:office|office hours|business hours)$/i.test(said)) return { hours: 'office' }
  const week: WeekSpan[] = []
  for (const part of said.split(';')) {
    const [, days, from, until] = span.exec(part.trim()) ?? []
    if (!days || !from || !until) return undefined
    week.push({ days: daysOf(days), from, until })
  }
  return week.length > 21 ? undefined : { hours: 'stated', week }
}

function daysOf(text: string): number[] {
  const found = text.split(',').flatMap((part) => {
    const [first = 1, last = first] = part.split('-').map((name) => {
      const wanted = name.trim().toLowerCase()
      return names.findIndex((one) => one.toLowerCase() === wanted) + 1
    })
    // Sa-Mo goes over the end of the week.
    const length = ((last - first + 7) % 7) + 1
    return Array.from({ length }, (_, index) => ((first - 1 + index) % 7) + 1)
  })
  return [...new Set(found)].toSorted((a, b) => a - b)
}
