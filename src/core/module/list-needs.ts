import { headlineOf, type Titled } from './headline-of.ts'
import { revealedContents } from './revealed-contents.ts'
import type { Need, Services, Viewer } from './types.ts'

export interface TodayLists {
  /** At most seven, by time left. */
  mine: Need[]
  /** How many more need this person. */
  more: number
  /** At most twenty, by time left. */
  awaited: Need[]
  /** How many more we wait for. */
  moreAwaited: number
  /** At most ten that run and ask nothing of anybody, by their end. */
  running: Need[]
}

export interface ListedNeeds {
  /** Spaces that may lie on a device, where the page will. */
  onDevice?: ReadonlySet<string>
  /** At most so many of each. */
  mine?: number
  awaited?: number
}

const mostShown = 7
const mostAwaited = 20
const mostRunning = 10

/**
 * What needs this person and what we wait for, from every module, soonest first; for a page that will lie on a device
 * only lines that may, in spaces of `onDevice`.
 */
export async function listNeeds(
  services: Services,
  viewer: Viewer,
  { onDevice = new Set(), mine: most = mostShown, awaited: mostOthers = mostAwaited }: ListedNeeds = {},
): Promise<TodayLists> {
  const { keeping } = viewer
  const asked = services.modules.filter((module) => !keeping || module.needsOnDevices)
  const lists = await Promise.all(asked.map((module) => module.needs?.(services, viewer) ?? []))
  const told = lists.flat().filter(({ space }) => !keeping || space === undefined || onDevice.has(space))
  const unique = new Map(told.map((need) => [need.key, need]))
  const sorted = [...unique.values()].toSorted(
    (a, b) => (a.dueAt ?? Number.POSITIVE_INFINITY) - (b.dueAt ?? Number.POSITIVE_INFINITY) || compare(a.key, b.key),
  )
  const mine = sorted.filter(isMine)
  const awaited = sorted.filter((need) => need.waitsFor === 'them')
  const running = sorted.filter((need) => need.waitsFor === 'nobody')
  const shown = await withSubjects(services, viewer, [
    ...mine.slice(0, most),
    ...awaited.slice(0, mostOthers),
    ...running.slice(0, mostRunning),
  ])
  return {
    mine: shown.filter(isMine),
    more: Math.max(0, mine.length - most),
    awaited: shown.filter((need) => need.waitsFor === 'them'),
    moreAwaited: Math.max(0, awaited.length - mostOthers),
    running: shown.filter((need) => need.waitsFor === 'nobody'),
  }
}

const isMine = ({ waitsFor = 'me' }: Need) => waitsFor === 'me'

/** Subjects or titles of acts, in one question for all lines that are shown; a line keeps its own headline without. */
async function withSubjects(services: Services, viewer: Viewer, needs: Need[]): Promise<Need[]> {
  const acts = needs.flatMap(({ subjectOf }) => subjectOf ?? [])
  if (acts.length === 0) return needs
  const contents = await revealedContents<unknown, Titled>(services, viewer, [...new Set(acts)])
  return needs.map((need) => {
    const text = need.subjectOf === undefined ? undefined : contents.get(need.subjectOf)?.text
    return { ...need, headline: headlineOf(text, viewer.person.language) ?? need.headline }
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
