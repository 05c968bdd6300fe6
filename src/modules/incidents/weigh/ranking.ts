import admiralty from '../reference/admiralty.json' with { type: 'json' }

/** How an item of evidence stands to a hypothesis, from strongly for to strongly against; `na` says nothing either way. */
export const consistencies = ['++', '+', '0', '-', '--', 'na'] as const
export type Consistency = (typeof consistencies)[number]
export const reliabilities = admiralty.reliability.map((one) => one.grade)
export const credibilities = admiralty.credibility.map((one) => one.grade)

export interface GradedEvidence {
  id: string
  /** Admiralty A–F and 1–6. */
  reliability: string
  credibility: string
  /** Hypothesis id → mark; a missing mark counts as `na`. */
  marks: Readonly<Record<string, Consistency>>
}

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
}

const against: Record<Consistency, number> = { '++': 0, '+': 0, '0': 0, '-': 1, '--': 2, na: 0 }
const forIt: Record<Consistency, number> = { '++': 2, '+': 1, '0': 0, '-': 0, '--': 0, na: 0 }

/** 0–16: reliability step × credibility step; undefined where nothing can be judged (F or 6). */
export function weightOf({
  reliability,
  credibility,
}: Pick<GradedEvidence, 'reliability' | 'credibility'>): number | undefined {
  const source = admiralty.reliability.find((one) => one.grade === reliability)?.step
  const information = admiralty.credibility.find((one) => one.grade === credibility)?.step
  return source == null || information == null ? undefined : source * information
}

/**
 * Ranks hypotheses by what contradicts them (analysis of competing hypotheses: look for disproof, not for support).
 * The least contradicted comes first; support only breaks ties; whole figures throughout, so that every reader gets the same.
 */
export function rank(hypotheses: readonly string[], evidence: readonly GradedEvidence[]): Ranking {
  const ranked = order(hypotheses, evidence)
  const counted = evidence.filter((item) => weightOf(item) !== undefined)
  const leading = leaders(ranked).join()
  return {
    ranked,
    excluded: evidence.filter((item) => weightOf(item) === undefined).map((item) => item.id),
    decisive: counted
      .map((item) => ({
        evidence: item.id,
        leading: leaders(
          order(
            hypotheses,
            evidence.filter((one) => one !== item),
          ),
        ),
      }))
      .filter((without) => without.leading.join() !== leading),
    undiagnostic:
      hypotheses.length < 2 ? [] : counted.filter((item) => isSame(item, hypotheses)).map((item) => item.id),
  }
}

/** The hypotheses in first place, in the order they were given. */
export const leaders = (ranked: readonly RankedHypothesis[]): string[] =>
  ranked.filter((one) => one.place === 1).map((one) => one.hypothesis)

function order(hypotheses: readonly string[], evidence: readonly GradedEvidence[]): RankedHypothesis[] {
  const sums = hypotheses.map((hypothesis) => ({
    hypothesis,
    points: total(hypothesis, evidence, against),
    support: total(hypothesis, evidence, forIt),
  }))
  const better = (a: (typeof sums)[number], b: (typeof sums)[number]) => a.points - b.points || b.support - a.support
  return sums
    .toSorted(better)
    .map((one) => ({ ...one, place: 1 + sums.filter((other) => better(other, one) < 0).length }))
}

function total(hypothesis: string, evidence: readonly GradedEvidence[], value: Record<Consistency, number>): number {
  return evidence.reduce((sum, item) => sum + (weightOf(item) ?? 0) * value[item.marks[hypothesis] ?? 'na'], 0)
}

const isSame = (item: GradedEvidence, hypotheses: readonly string[]): boolean =>
  new Set(hypotheses.map((one) => item.marks[one] ?? 'na')).size === 1
