/// <reference lib="esnext.temporal" />
import { type Clock, dueAt, endOfDay } from '../../core/clocks/index.ts'
import type { TaskTerm, TermsFile } from './terms.ts'

/** What a clock of a task hangs on. */
export interface Timed {
  id: string
  /** Day on which it came in. */
  receivedOn: string
  zone: string
  term: string | undefined
  /** Named day (`2026-11-20`), or that and an hour (`2026-11-20T09:00`). */
  dueOn: string | undefined
  extension: { dueOn?: string } | undefined
  ended: { id: string; at: number; isAnswer: boolean } | undefined
}

/** First millisecond of a day. */
const beginning = (day: string, zone: string): number =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds

/** The end of a named day, or the hour named. A moment the zone skipped is the one before it: never too late. */
export const momentOf = (named: string, zone: string): number =>
  named.includes('T')
    ? Temporal.PlainDateTime.from(named).toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds
    : endOfDay(named, zone)

/** When a term ends that began on the day it came in, and when it does once extended. */
export function termEnds(
  receivedOn: string,
  term: Pick<TaskTerm, 'within' | 'workingDays' | 'ends' | 'extension'>,
  { zone, calendar }: { zone: string; calendar: Pick<TermsFile, 'weekend' | 'holidays'> },
): { due: number; extended?: number } {
  const due = dueAt(beginning(receivedOn, zone), term, { zone, calendar }) as number
  const extended = term.extension && dueAt(due, term.extension, { zone, calendar })
  return { due, ...(extended !== undefined && { extended }) }
}

/**
 * The clock of a task by the rules as they are today; of one that is over, as it stood when it ended.
 *
 * @returns undefined where its term is not in the file any more.
 */
export function taskClock(task: Timed, rules: TermsFile, party: string): Clock | undefined {
  const { zone } = task
  const term = rules.terms.find(({ id }) => id === task.term)
  const named = task.extension?.dueOn ?? task.dueOn
  const ends = term && termEnds(task.receivedOn, term, { zone, calendar: rules })
  const due = named !== undefined ? momentOf(named, zone) : task.extension ? ends?.extended : ends?.due
  if (due === undefined) return undefined
  return {
    id: task.id,
    space: '',
    regime: 'home-task',
    source: task.term === undefined ? 'house' : 'law',
    duty: party,
    startedBy: '',
    about: '',
    startsAt: beginning(task.receivedOn, zone),
    dueAt: due,
    ...(task.ended?.isAnswer && { metBy: task.ended.id, metAt: task.ended.at }),
    ...(task.ended && !task.ended.isAnswer && { cancelledBy: task.ended.id }),
  }
}
