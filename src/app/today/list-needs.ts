import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'

export interface TodayLists {
  /** At most seven, by time left. */
  mine: Need[]
  /** How many more need this person. */
  more: number
  /** At most twenty, by time left. */
  awaited: Need[]
  /** How many more we wait for. */
  moreAwaited: number
}

const mostShown = 7
const mostAwaited = 20

/** What needs this person and what we wait for, from every module, soonest first. */
export async function listNeeds(services: Services, viewer: Viewer): Promise<TodayLists> {
  const lists = await Promise.all(services.modules.map((module) => module.needs?.(services, viewer) ?? []))
  const unique = new Map(lists.flat().map((need) => [need.key, need]))
  const sorted = [...unique.values()].toSorted(
    (a, b) => (a.dueAt ?? Number.POSITIVE_INFINITY) - (b.dueAt ?? Number.POSITIVE_INFINITY) || compare(a.key, b.key),
  )
  const mine = sorted.filter((need) => need.waitsFor !== 'them')
  const awaited = sorted.filter((need) => need.waitsFor === 'them')
  const shown = await withSubjects(services, viewer, [...mine.slice(0, mostShown), ...awaited.slice(0, mostAwaited)])
  return {
    mine: shown.filter((need) => need.waitsFor !== 'them'),
    more: Math.max(0, mine.length - mostShown),
    awaited: shown.filter((need) => need.waitsFor === 'them'),
    moreAwaited: Math.max(0, awaited.length - mostAwaited),
  }
}

/** Subjects of acts, in one question for all lines that are shown. */
async function withSubjects(services: Services, viewer: Viewer, needs: Need[]): Promise<Need[]> {
  const acts = needs.flatMap(({ subjectOf }) => subjectOf ?? [])
  if (acts.length === 0) return needs
  const contents = await revealedContents<unknown, { subject?: string }>(services, viewer, acts)
  return needs.map(({ subjectOf, ...need }) =>
    subjectOf === undefined ? need : { ...need, headline: contents.get(subjectOf)?.text?.subject ?? '' },
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
