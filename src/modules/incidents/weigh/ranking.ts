import { type GradedEvidence, weightOf } from './marks.ts'
import { diagnosticityOf, isSameLead, leadersThen, spreadOf, type Tally, tallyOf } from './tally.ts'

export interface RankedHypothesis {
  hypothesis: string
  /** 1 is least contradicted. Equal figures share a place. */
  place: number
  /** Weighted evidence against it: 0–32 points per item. */
  points: number
  /** Weighted evidence for it; only breaks ties. */
  support: number
}

export interface Ranking {
  ranked: RankedHypothesis[]
  /** Graded F or 6: cannot be judged, counted nowhere. */
  excluded: string[]
  /** Items without which other hypotheses would lead: item → who would lead then. */
  decisive: { evidence: string; leading: string[] }[]
  /** Counted items that stand the same to every hypothesis and so tell none from another. */
  undiagnostic: string[]
  /** Item → how far it tells hypotheses apart, 0–64. */
  diagnosticity: Record<string, number>
}

/**
 * Ranks hypotheses by what contradicts them (analysis of competing hypotheses: look for disproof, not for support).
 * The least contradicted comes first; support only breaks ties; whole figures throughout, so that every reader gets the same.
 */
export function rank(hypotheses: readonly string[], evidence: readonly GradedEvidence[]): Ranking {
  const tally = tallyOf(hypotheses, evidence)
  return {
    ranked: order(tally),
    excluded: evidence.filter((item) => weightOf(item) === undefined).map((item) => item.id),
    decisive: tally.shares
      .filter((share) => !isSameLead(tally, [share]))
      .map((share) => ({ evidence: share.item.id, leading: leadersThen(tally, [share]) })),
    undiagnostic:
      hypotheses.length < 2
        ? []
        : tally.shares.filter(({ item }) => spreadOf(hypotheses, item.marks) === 0).map(({ item }) => item.id),
    diagnosticity: Object.fromEntries(evidence.map((item) => [item.id, diagnosticityOf(hypotheses, item)])),
  }
}

/** The hypotheses in first place, in the order they were given. */
export const leaders = (ranked: readonly RankedHypothesis[]): string[] =>
  ranked.filter((one) => one.place === 1).map((one) => one.hypothesis)

function order({ hypotheses, against, support }: Tally): RankedHypothesis[] {
  const sums = hypotheses.map((hypothesis, at) => ({
    hypothesis,
    points: against[at] ?? 0,
    support: support[at] ?? 0,
  }))
  const better = (a: (typeof sums)[number], b: (typeof sums)[number]) => a.points - b.points || b.support - a.support
  return sums
    .toSorted(better)
    .map((one) => ({ ...one, place: 1 + sums.filter((other) => better(other, one) < 0).length }))
}
