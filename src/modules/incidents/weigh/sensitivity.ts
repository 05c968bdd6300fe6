import { type Consistency, consistencyValue, credibilities, type GradedEvidence, reliabilities } from './marks.ts'
import {
  type Figures,
  isSameLead,
  isSameLeadWith,
  leadersThen,
  type Share,
  shareOf,
  type Tally,
  tallyOf,
} from './tally.ts'

/** One grade or one mark moved by one step, after which others lead. */
export interface Turn {
  evidence: string
  what: 'reliability' | 'credibility' | 'mark'
  /** Hypothesis whose mark it is. */
  hypothesis?: string
  from: string
  to: string
  leading: string[]
}

export interface Sensitivity {
  turns: Turn[]
  /** Two items without which others lead, though neither decides alone. */
  pairs: { evidence: [string, string]; leading: string[] }[]
  /** How many such pairs there are. */
  pairCount: number
}

/** Most pairs that are named; all are counted. */
export const mostPairs = 10
/** Beyond this many items pairs are not looked for: their number grows with the square. */
export const mostItemsForPairs = 400

const scale: readonly Consistency[] = ['++', '+', '0', '-', '--']

/** Which one step, and which two items, change who leads. Exact: each is counted, none is estimated. */
export function sensitivityOf(hypotheses: readonly string[], evidence: readonly GradedEvidence[]): Sensitivity {
  const tally = tallyOf(hypotheses, evidence)
  return { turns: turnsOf(tally), ...pairsOf(tally) }
}

function turnsOf(tally: Tally): Turn[] {
  return tally.shares.flatMap((share) => [
    ...gradeSteps(share.item).flatMap((step) => turnOf(tally, share, step)),
    ...tally.hypotheses.flatMap((hypothesis, at) => {
      const mark = share.item.marks[hypothesis] ?? 'na'
      return neighbours(scale, mark)
        .filter((to) => !isSameLeadWith(tally, at, figuresWith(tally, { share, at, to })))
        .flatMap((to) => turnOf(tally, share, markStep(share.item, hypothesis, to)))
    }),
  ])
}

/** The figures of one hypothesis once an item bears another mark against it. */
function figuresWith(tally: Tally, { share, at, to }: { share: Share; at: number; to: Consistency }): Figures {
  const value = consistencyValue[to] * share.weight
  return {
    against: (tally.against[at] ?? 0) - (share.against[at] ?? 0) + Math.max(0, -value),
    support: (tally.support[at] ?? 0) - (share.support[at] ?? 0) + Math.max(0, value),
  }
}

function turnOf(tally: Tally, share: Share, { item, ...step }: Step): Turn[] {
  const moved = shareOf(tally.hypotheses, item)
  if (!moved || isSameLead(tally, [share], [moved])) return []
  return [{ evidence: item.id, ...step, leading: leadersThen(tally, [share], [moved]) }]
}

type Step = Omit<Turn, 'evidence' | 'leading'> & { item: GradedEvidence }

/** The item with each grade and each mark moved by one step. What cannot be judged has no step. */
export function stepsFrom(hypotheses: readonly string[], item: GradedEvidence): Step[] {
  const marks = hypotheses.flatMap((hypothesis) =>
    neighbours(scale, item.marks[hypothesis] ?? 'na').map((to) => markStep(item, hypothesis, to)),
  )
  return [...gradeSteps(item), ...marks]
}

function gradeSteps(item: GradedEvidence): Step[] {
  const of = (what: 'reliability' | 'credibility', grades: readonly string[]): Step[] =>
    neighbours(grades.slice(0, -1), item[what]).map((to) => ({
      ...{ what, from: item[what], to },
      item: { ...item, [what]: to },
    }))
  return [...of('reliability', reliabilities), ...of('credibility', credibilities)]
}

const markStep = (item: GradedEvidence, hypothesis: string, to: Consistency): Step => ({
  ...{ what: 'mark', hypothesis, from: item.marks[hypothesis] ?? 'na', to },
  item: { ...item, marks: { ...item.marks, [hypothesis]: to } },
})

function neighbours<T extends string>(of: readonly T[], one: string): T[] {
  const at = of.indexOf(one as T)
  return at === -1 ? [] : [of[at - 1], of[at + 1]].filter((other) => other !== undefined)
}

function pairsOf(tally: Tally): Pick<Sensitivity, 'pairs' | 'pairCount'> {
  const weighing = withinReach(
    tally,
    tally.shares.filter((share) => share.weight > 0 && isSameLead(tally, [share])),
  )
  if (tally.shares.length > mostItemsForPairs) return { pairs: [], pairCount: 0 }
  const pairs: Sensitivity['pairs'] = []
  let pairCount = 0
  for (const [at, one] of weighing.entries()) {
    for (const other of weighing.slice(at + 1)) {
      const out = [one, other]
      if (isSameLead(tally, out)) continue
      pairCount++
      if (pairs.length < mostPairs)
        pairs.push({ evidence: [one.item.id, other.item.id], leading: leadersThen(tally, out) })
    }
  }
  return { pairs, pairCount }
}

/**
 * Leaves away what no second item could complete: where one hypothesis leads, an item narrows the distance of another to
 * it by what it says more against that one, and no partner narrows it by more than the most that any does.
 */
function withinReach(tally: Tally, shares: Share[]): Share[] {
  const leader = tally.leads.indexOf(true)
  if (leader === -1 || leader !== tally.leads.lastIndexOf(true)) return shares
  const against = (sums: Int32Array, at: number) => (sums[at] ?? 0) - (sums[leader] ?? 0)
  const rivals = tally.hypotheses.map((_, at) => at).filter((at) => at !== leader)
  const distances = rivals.map((at) => ({
    at,
    left: against(tally.against, at) - shares.reduce((most, one) => Math.max(most, against(one.against, at)), 0),
  }))
  return shares.filter((share) => distances.some(({ at, left }) => against(share.against, at) >= left))
}
