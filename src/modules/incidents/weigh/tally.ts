import { type Consistency, consistencyValue, type GradedEvidence, weightOf } from './marks.ts'

/** What one item adds against and for each hypothesis, in the order of the hypotheses. */
export interface Share {
  item: GradedEvidence
  weight: number
  against: Int32Array
  support: Int32Array
}

/** The sums of a matrix. What an item adds is known, so leaving it out is a subtraction and no second count. */
export interface Tally {
  hypotheses: readonly string[]
  against: Int32Array
  support: Int32Array
  /** Items that can be judged. */
  shares: Share[]
  leads: boolean[]
  /** Figures of whoever leads, and of the best that does not; none where all lead. */
  best: Figures
  next?: Figures
}

export interface Figures {
  against: number
  support: number
}

/** Below zero where the first is less contradicted, or as much and better supported. */
export const compareFigures = (one: Figures, other: Figures): number =>
  one.against - other.against || other.support - one.support

/** Counts every item once. */
export function tallyOf(hypotheses: readonly string[], evidence: readonly GradedEvidence[]): Tally {
  const shares = evidence.flatMap((item) => shareOf(hypotheses, item) ?? [])
  const against = new Int32Array(hypotheses.length)
  const support = new Int32Array(hypotheses.length)
  for (const share of shares) {
    for (let at = 0; at < hypotheses.length; at++) {
      against[at] = (against[at] ?? 0) + (share.against[at] ?? 0)
      support[at] = (support[at] ?? 0) + (share.support[at] ?? 0)
    }
  }
  const figures = hypotheses.map((_, at): Figures => ({ against: against[at] ?? 0, support: support[at] ?? 0 }))
  const [best = { against: 0, support: 0 }, ...others] = figures.toSorted(compareFigures)
  const next = others.find((one) => compareFigures(one, best) > 0)
  const leads = figures.map((one) => compareFigures(one, best) === 0)
  return { hypotheses, against, support, shares, leads, best, ...(next && { next }) }
}

/** What an item adds; undefined where its grade says that nothing can be judged. */
export function shareOf(hypotheses: readonly string[], item: GradedEvidence): Share | undefined {
  const weight = weightOf(item)
  if (weight === undefined) return undefined
  const values = hypotheses.map((one) => consistencyValue[item.marks[one] ?? 'na'])
  return {
    item,
    weight,
    against: Int32Array.from(values, (value) => weight * Math.max(0, -value)),
    support: Int32Array.from(values, (value) => weight * Math.max(0, value)),
  }
}

/** Whether the same hypotheses lead once some items are taken out and others put in. */
export function isSameLead(tally: Tally, out: readonly Share[], into: readonly Share[] = []): boolean {
  const [least, most] = bestOf(tally, out, into)
  for (let at = 0; at < tally.hypotheses.length; at++) {
    const [against, support] = sumAt(tally, at, out, into)
    if ((against === least && support === most) !== tally.leads[at]) return false
  }
  return true
}

/** The same where the figures of one hypothesis alone become others. */
export function isSameLeadWith({ hypotheses, leads, best, next }: Tally, at: number, figures: Figures): boolean {
  const isAlone = leads[at] === true && leads.indexOf(true) === leads.lastIndexOf(true)
  if (isAlone) return hypotheses.length === 1 || (next !== undefined && compareFigures(figures, next) < 0)
  const against = compareFigures(figures, best)
  return leads[at] === true ? against === 0 : against > 0
}

/** Who leads then, in the order of the hypotheses. */
export function leadersThen(tally: Tally, out: readonly Share[], into: readonly Share[] = []): string[] {
  const [least, most] = bestOf(tally, out, into)
  return tally.hypotheses.filter((_, at) => {
    const [against, support] = sumAt(tally, at, out, into)
    return against === least && support === most
  })
}

function bestOf(tally: Tally, out: readonly Share[], into: readonly Share[]): [least: number, most: number] {
  let least = Number.MAX_SAFE_INTEGER
  let most = -1
  for (let at = 0; at < tally.hypotheses.length; at++) {
    const [against, support] = sumAt(tally, at, out, into)
    if (against < least || (against === least && support > most)) {
      least = against
      most = support
    }
  }
  return [least, most]
}

function sumAt(
  tally: Tally,
  at: number,
  out: readonly Share[],
  into: readonly Share[],
): [against: number, support: number] {
  let against = tally.against[at] ?? 0
  let support = tally.support[at] ?? 0
  for (const share of out) {
    against -= share.against[at] ?? 0
    support -= share.support[at] ?? 0
  }
  for (const share of into) {
    against += share.against[at] ?? 0
    support += share.support[at] ?? 0
  }
  return [against, support]
}

/** 0–64: weight × (highest mark − lowest mark), marks from 2 (++) to −2 (−−), none as 0. */
export function diagnosticityOf(hypotheses: readonly string[], item: GradedEvidence): number {
  return (weightOf(item) ?? 0) * spreadOf(hypotheses, item.marks)
}

/** Highest mark − lowest mark. */
export function spreadOf(hypotheses: readonly string[], marks: Readonly<Record<string, Consistency>>): number {
  if (hypotheses.length < 2) return 0
  const values = hypotheses.map((one) => consistencyValue[marks[one] ?? 'na'])
  return Math.max(...values) - Math.min(...values)
}
