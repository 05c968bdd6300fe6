import admiralty from '../reference/admiralty.json' with { type: 'json' }

/** How an item of evidence stands to a hypothesis, from strongly for to strongly against; `na` says nothing either way. */
export const consistencies = ['++', '+', '0', '-', '--', 'na'] as const
export type Consistency = (typeof consistencies)[number]
/** Through which an item looks at what happened: technical, political or legal. */
export const lenses = ['technical', 'political', 'legal'] as const
export type Lens = (typeof lenses)[number]
export const reliabilities = admiralty.reliability.map((one) => one.grade)
export const credibilities = admiralty.credibility.map((one) => one.grade)
export const consistencyValue: Record<Consistency, number> = { '++': 2, '+': 1, '0': 0, '-': -1, '--': -2, na: 0 }

export interface GradedEvidence {
  id: string
  /** Admiralty A–F and 1–6. */
  reliability: string
  credibility: string
  /** Hypothesis id → mark; a missing mark counts as `na`. */
  marks: Readonly<Record<string, Consistency>>
}

const stepOf = (grades: readonly { grade: string; step: number | null }[]) =>
  new Map(grades.map(({ grade, step }) => [grade, step]))
const sourceSteps = stepOf(admiralty.reliability)
const informationSteps = stepOf(admiralty.credibility)

/** 0–16: reliability step × credibility step; undefined where nothing can be judged (F or 6). */
export function weightOf({
  reliability,
  credibility,
}: Pick<GradedEvidence, 'reliability' | 'credibility'>): number | undefined {
  const source = sourceSteps.get(reliability)
  const information = informationSteps.get(credibility)
  return source == null || information == null ? undefined : source * information
}
