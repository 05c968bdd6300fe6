import { isZone } from '../../../text/index.ts'
import type { Line } from './read-calendar.ts'

/** Rules of a zone as a file brings them: other programs name zones as they like. */
export type ReadZone = readonly Rule[]

interface Rule {
  /** Local time of its first change, as if it were UTC (ms). */
  first: number
  offsetMs: number
  offsetBeforeMs: number
  /** Each year anew: month, and day by week of the month (negative: from its end) and weekday. */
  yearly?: { month: number; week: number; weekday: number; until: number }
}

export const isKnownZone = (name: string): boolean => isZone(name)

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** Rules of one VTIMEZONE; what cannot be read of them is left out. */
export function readZone(lines: readonly Line[]): ReadZone {
  const rules: Rule[] = []
  let own: Record<string, string> | undefined
  for (const { name, value } of lines) {
    if (name === 'BEGIN') own = {}
    else if (name === 'END') {
      const rule = own && readRule(own)
      if (rule) rules.push(rule)
      own = undefined
    } else if (own) own[name] ??= value
  }
  return rules
}

function readRule(own: Record<string, string>): Rule | undefined {
  const first = localMs(own.DTSTART ?? '')
  const offsetMs = readOffset(own.TZOFFSETTO)
  const offsetBeforeMs = readOffset(own.TZOFFSETFROM)
  if (first === undefined || offsetMs === undefined || offsetBeforeMs === undefined) return undefined
  const rule = Object.fromEntries((own.RRULE ?? '').split(';').map((pair) => pair.split('=')))
  const day = /^(-?[1-5])?(SU|MO|TU|WE|TH|FR|SA)$/.exec(rule.BYDAY ?? '')
  const month = Number(rule.BYMONTH)
  if (rule.FREQ !== 'YEARLY' || !day || !(month >= 1 && month <= 12)) return { first, offsetMs, offsetBeforeMs }
  const until = localMs((rule.UNTIL ?? '').replace(/Z$/, '')) ?? Number.POSITIVE_INFINITY
  const yearly = { month, week: Number(day[1] ?? 1), weekday: weekdays.indexOf(day[2]!), until }
  return { first, offsetMs, offsetBeforeMs, yearly }
}

/** Offset (ms east of UTC) of a local time, given as if it were UTC: that of the newest change before it. */
export function offsetOf(zone: ReadZone, local: number): number {
  const changes = zone.flatMap((rule) => lastChange(rule, local) ?? []).toSorted((a, b) => a.at - b.at)
  const last = changes.at(-1)
  if (last) return last.offsetMs
  return zone.toSorted((a, b) => a.first - b.first)[0]?.offsetBeforeMs ?? 0
}

function lastChange({ first, offsetMs, yearly }: Rule, local: number): { at: number; offsetMs: number } | undefined {
  if (first > local) return undefined
  if (!yearly) return { at: first, offsetMs }
  const year = new Date(local).getUTCFullYear()
  const at = [year, year - 1]
    .map((one) => changeIn(one, first, yearly))
    .find((one) => one <= local && one <= yearly.until)
  return { at: Math.max(at ?? first, first), offsetMs }
}

function changeIn(year: number, first: number, { month, week, weekday }: NonNullable<Rule['yearly']>): number {
  const timeOfDay = ((first % 86_400_000) + 86_400_000) % 86_400_000
  const edge = week > 0 ? new Date(Date.UTC(year, month - 1, 1)) : new Date(Date.UTC(year, month, 0))
  const towards = week > 0 ? (weekday - edge.getUTCDay() + 7) % 7 : -((edge.getUTCDay() - weekday + 7) % 7)
  const weeks = week > 0 ? week - 1 : week + 1
  return edge.getTime() + (towards + weeks * 7) * 86_400_000 + timeOfDay
}

function localMs(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function readOffset(text = ''): number | undefined {
  const match = /^([+-])(\d\d)(\d\d)(\d\d)?$/.exec(text)
  if (!match) return undefined
  const seconds = Number(match[2]) * 3_600 + Number(match[3]) * 60 + Number(match[4] ?? 0)
  return (match[1] === '-' ? -1 : 1) * seconds * 1_000
}
