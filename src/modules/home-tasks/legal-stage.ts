import type { Rule } from '../clearance/index.ts'
import type { Stage, TaskKind } from './kinds.ts'
import type { StepFacts, StepKind } from './tables.ts'

/** What rules on legal clearance call a task of this kind. */
export const documentOf = (kind: TaskKind): string => `home-tasks.${kind}`

/** Why a legal adviser has to look at a task, beyond the order that the file of terms gives it. */
export interface LegalDemand {
  /** First day of the rule of the house, YYYY-MM-DD. */
  since?: string
  /** Whoever asked for it, with the reason. */
  asked?: { by: string; at: number; reason: string }
}

interface Step {
  kind: StepKind
  facts: StepFacts
  by: string
  at: number
}

/** Stages of a task: the legal adviser comes in where a rule of the house or a person asks for it, before the head. */
export function stagesWith(
  stages: readonly Stage[],
  { rule, steps, isOver }: { rule: Rule | undefined; steps: readonly Step[]; isOver: boolean },
): { stages: readonly Stage[]; legal?: LegalDemand } {
  const step = steps.find(({ kind }) => kind === 'legal-asked')
  const asked = step && { by: step.by, at: step.at, reason: step.facts.reason ?? '' }
  const legal = { ...(rule && { since: rule.from_day }), ...(asked && { asked }) }
  // What was over before a rule came is not asked for it any more.
  const wasCleared = steps.some(({ kind, facts }) => kind === 'cleared' && facts.stage === 'legal')
  const isWanted = asked !== undefined || (isOver ? wasCleared : rule !== undefined)
  if (!isWanted) return { stages }
  if (stages.includes('legal')) return { stages, legal }
  const head = stages.indexOf('head')
  return { stages: stages.toSpliced(head === -1 ? stages.length : head, 0, 'legal'), legal }
}
