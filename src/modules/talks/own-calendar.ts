import { endedClocks, openClocks } from '../../core/clocks/index.ts'
import type { Clock } from '../../core/clocks/types.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Visit } from '../../core/module/types.ts'
import { dutyText } from '../spaces/index.ts'
import type { MeetingText } from './acts.ts'
import type { CalendarEntry } from './calendar/write-calendar.ts'
import { listMeetings, partiesOf } from './meetings.ts'
import type { MeetingRow } from './tables.ts'

const dayMs = 86_400_000

/** Talks and our deadlines as entries of a calendar file, as far as this reader may take them out of the house. */
export async function calendarEntries(services: Services, visit: Visit): Promise<CalendarEntry[]> {
  const since = services.clock.now() - 30 * dayMs
  const [rows, open, ended] = await Promise.all([
    listMeetings(services, { since, replaced: true }),
    openClocks(services.db, { duty: services.party }),
    endedClocks(services.db, { duty: services.party, since }),
  ])
  const [talks, duties] = await Promise.all([
    meetingEntries(services, visit, rows),
    deadlineEntries(services, visit, [...open, ...ended]),
  ])
  return [...talks, ...duties]
}

/** One entry for the talks once they are set or called off, and one for each time that is only proposed. */
export async function meetingEntries(
  services: Services,
  visit: Visit,
  rows: readonly MeetingRow[],
): Promise<CalendarEntry[]> {
  const { viewer, t, language } = visit
  const texts = await revealedContents<unknown, MeetingText>(
    services,
    viewer,
    rows.map(({ hash }) => hash),
    'print',
  )
  const drills = new Map(
    await Promise.all(
      [...new Set(rows.map(({ space }) => space))].map(
        async (id) => [id, (await services.ledger.find(id))?.drill?.name] as const,
      ),
    ),
  )
  return rows.flatMap((row) => {
    const text = texts.get(row.hash)?.text
    const others = partiesOf(row).filter((party) => party !== services.party)
    const names = others.map((party) => services.nameOf(party, language)).join(', ')
    const drill = drills.get(row.space)
    const entry = (uid: string, { at, minutes }: MeetingRow['options'][number]) => ({
      uid,
      stamp: row.changed_at,
      from: at,
      until: at + minutes * 60_000,
      summary: `${drill ? `DRILL ${drill}: ` : ''}${text?.subject ?? t('talks.with', { parties: names })}`,
      ...(text?.place && { location: text.place }),
      description: [
        t('talks.with', { parties: names }),
        ...(text?.agenda ?? []).map((one, at) => `${at + 1}. ${one}`),
      ].join('\n'),
      url: new URL(`/spaces/${row.space}/talks/${row.hash}`, services.settings.publicUrl).href,
    })
    const isOff = row.cancelled_by !== null || row.replaced_by !== null
    const tentative = row.options.map((option, at) => ({
      ...entry(`${uidOf(row)}-${row.idx}-${at + 1}`, option),
      sequence: isOff || row.chosen !== null ? 1 : 0,
      status: isOff || row.chosen !== null ? ('CANCELLED' as const) : ('TENTATIVE' as const),
    }))
    if (row.chosen === null || row.replaced_by !== null) return tentative
    const status = row.cancelled_by === null ? ('CONFIRMED' as const) : ('CANCELLED' as const)
    return [...tentative, { ...entry(uidOf(row), row.options[row.chosen]!), sequence: row.sequence, status }]
  })
}

/** The same on every node, for as long as the talks are the same talks. */
export const uidOf = ({ meeting }: Pick<MeetingRow, 'meeting'>): string => `chancery-talks-${meeting}`

/** Deadlines of exercises run on another clock and stand in no calendar of this world. */
async function deadlineEntries(
  services: Services,
  { t, language }: Visit,
  clocks: readonly Clock[],
): Promise<CalendarEntry[]> {
  const spaces = new Map(
    await Promise.all(
      [...new Set(clocks.map(({ space }) => space))].map(async (id) => [id, await services.ledger.find(id)] as const),
    ),
  )
  return clocks.flatMap((clock): CalendarEntry[] => {
    const space = spaces.get(clock.space)
    if (!space || space.drill) return []
    const others = space.members.filter(({ party, until }) => party !== services.party && until === undefined)
    const isOver = clock.metBy !== undefined || clock.cancelledBy !== undefined
    return [
      {
        uid: `chancery-clock-${clock.id}`,
        sequence: isOver ? 1 : 0,
        stamp: clock.metAt ?? clock.startsAt,
        from: clock.dueAt,
        until: clock.dueAt,
        status: isOver ? 'CANCELLED' : 'CONFIRMED',
        summary: t('talks.calendar.due', {
          duty: dutyText(clock, t),
          parties: others.map(({ party }) => services.nameOf(party, language)).join(', '),
        }),
        url: new URL(`/spaces/${clock.space}?act=${clock.about}`, services.settings.publicUrl).href,
      },
    ]
  })
}
