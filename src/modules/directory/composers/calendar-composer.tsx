import { z } from 'zod'
import { InvalidInput } from '../../../core/http/index.ts'
import type { Composer } from '../../../core/module/types.ts'
import { TextArea } from '../../../web/index.ts'
import type { CalendarDay } from '../acts.ts'
import { calendarDays } from '../contacts.ts'
import { mayNominate } from './contact-composers.tsx'

const calendarInput = z.object({ days: z.string().max(40_000) })
const hours = String.raw`((?:[01]\d|2[0-3]):[0-5]\d)\s*[-–]\s*((?:[01]\d|2[0-3]):[0-5]\d)`
/** Date, perhaps hours, and what day it is; what looks like hours and is none is no name. */
const line = new RegExp(String.raw`^(\d{4}-\d{2}-\d{2})(?:\s+${hours})?\s+(?!\d{1,2}\s*[-–:.])(\S.{0,79})$`, 'u')
const maxDays = 400

/** The days of our offices that are not as usual: a line each, as people keep such lists. */
export const calendarComposer: Composer<z.infer<typeof calendarInput>> = {
  type: 'directory.calendar-published',
  wish: 'directory.wish.calendar',
  input: calendarInput,
  mayStart: async (services, viewer, space) =>
    mayNominate(space, services.party) && viewer.may('directory.calendar-published:draft'),
  async Fields({ values, errors, t, services, space }) {
    const typed = values.days ?? (await calendarDays(services, space.id, services.party)).map(lineOf).join('\n')
    return (
      <TextArea
        name="days"
        label={t('directory.calendar.days')}
        hint={t('directory.calendar.hint')}
        value={String(typed)}
        error={errors.days}
        rows={16}
      />
    )
  },
  compose: async (_services, _viewer, _space, { days }) => ({ body: { days: readDays(days) } }),
}

/** @throws {@link InvalidInput} naming the first line that is no day, or a day that stands twice */
export function readDays(typed: string): CalendarDay[] {
  const found = new Map<string, CalendarDay>()
  for (const [at, text] of typed.split(/\r?\n/).entries()) {
    if (text.trim() === '') continue
    const [, date = '', from, until, name = ''] = line.exec(text.trim()) ?? []
    if (!isDate(date)) throw InvalidInput.at('days', 'directory.calendar.not-a-day', { line: at + 1 })
    if (found.has(date)) throw InvalidInput.at('days', 'directory.calendar.twice', { line: at + 1 })
    found.set(date, { date, name, ...(from && until ? { from, until } : {}) })
  }
  if (found.size > maxDays) throw InvalidInput.at('days', 'directory.calendar.too-many', { max: maxDays })
  return [...found.values()].toSorted((a, b) => a.date.localeCompare(b.date))
}

function isDate(text: string): boolean {
  return z.iso.date().safeParse(text).success
}

function lineOf(day: CalendarDay): string {
  return [day.date, 'from' in day ? `${day.from}–${day.until}` : '', day.name].filter(Boolean).join(' ')
}
