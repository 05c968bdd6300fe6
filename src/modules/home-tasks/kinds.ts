import type { Audience } from '../lines/index.ts'

/** Parliamentary question; request for access to information or documents; brief for a minister. */
export const taskKinds = ['question', 'access', 'brief'] as const
export type TaskKind = (typeof taskKinds)[number]

/** How it ended; open until then. */
export const endings = ['answered', 'transferred', 'withdrawn'] as const
export type Ending = (typeof endings)[number]
export type TaskState = 'open' | Ending

/** Who looks at it before it goes; each kind names which of them, in which order (`rules/home-tasks/terms.json`). */
export const stages = ['desk', 'legal', 'head'] as const
export type Stage = (typeof stages)[number]

/** What a stage takes. */
export const powerOf = {
  desk: 'incidents.tasks:release',
  legal: 'clearance.legal:release',
  head: 'incidents.tasks-head:release',
} as const

/** Before whom the words of a task of each kind are said: decides which lines to take may be drawn. */
export const audienceOf: Record<TaskKind, Audience> = { question: 'parliament', access: 'public', brief: 'house' }

/** What becomes of one part of what was asked for. */
export const decisions = ['released', 'partly', 'withheld'] as const
export type PartDecision = (typeof decisions)[number]

export const wordsLength = 20_000
/** Of one task; beyond this nobody finds the one they need. */
export const mostParts = 100
