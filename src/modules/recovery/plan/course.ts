import type { Stretch } from '../../incidents/index.ts'
import { type EnoughState, isBack, isEnough, type State } from '../vocabulary.ts'

/** That a service came into a state, at some time within a stretch. */
export interface Turn {
  id: string
  state: State
  at: Stretch
  /** Its place among all that was told. */
  ordinal: number
  /** To which moment data could be put back, ms. */
  dataAsOf?: number
}

/** Whether one was over before the other can have begun. */
const isBefore = (one: Stretch, other: Stretch): boolean =>
  one.until !== undefined && other.from !== undefined && one.until < other.from

/**
 * Turns in the order in which they happened. What is told later comes after what was told before it, unless it was over
 * before that can have begun: times that overlap say nothing of their order.
 *
 * @param told - In the order in which they were told.
 */
export function inOrder(told: readonly Turn[]): Turn[] {
  const placed: Turn[] = []
  for (const turn of told) {
    let at = placed.length
    while (at > 0 && isBefore(turn.at, (placed[at - 1] as Turn).at)) at -= 1
    placed.splice(at, 0, turn)
  }
  return placed
}

/** What of a course cannot be; the last turn told is to blame. */
export function faultIn(turns: readonly Turn[]): 'back-before-out' | 'verified-before-restored' | undefined {
  const [first] = turns
  if (first && isBack(first.state)) return 'back-before-out'
  const unproved = turns.some(({ state }, at) => state === 'verified' && !isBack(turns[at - 1]?.state ?? 'down'))
  return unproved ? 'verified-before-restored' : undefined
}

/** How a service stands, and since when; nothing of it is known where nobody told. */
export interface Course {
  state: State
  since: Stretch
  /** When the outage began that runs, or the last one where the service is back. */
  began: Turn
  /** Since when it will do without a break. */
  enoughSince?: Stretch
  /** Since when it is back. */
  backSince?: Stretch
  /** Data of the last return, ms. */
  dataAsOf?: number
}

/** @param turns - In order, without a fault. */
export function courseOf(turns: readonly Turn[], enough: EnoughState): Course | undefined {
  const last = turns.at(-1)
  if (!last) return undefined
  const lastOut = turns.findLastIndex(({ state }) => !isBack(state))
  const before = turns.slice(0, Math.max(0, lastOut)).findLastIndex(({ state }) => isBack(state))
  const began = turns[before + 1] ?? last
  const episode = turns.slice(before + 1)
  const enoughAt = episode.findLastIndex(({ state }) => !isEnough(state, enough)) + 1
  const back = isBack(last.state) ? turns[lastOut + 1] : undefined
  const dataAsOf = episode.findLast((turn) => turn.dataAsOf !== undefined)?.dataAsOf
  const enoughSince = episode[enoughAt]?.at
  return {
    state: last.state,
    since: last.at,
    began,
    ...(enoughSince && { enoughSince }),
    ...(back && { backSince: back.at }),
    ...(dataAsOf !== undefined && { dataAsOf }),
  }
}
