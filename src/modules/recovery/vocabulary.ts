/** How a service stands, from worst to best. */
export const states = ['down', 'degraded', 'workaround', 'restored', 'verified'] as const
export type State = (typeof states)[number]

/** The least state in which a service will do (ISO 22301: minimum business continuity objective). */
export const enoughStates = ['degraded', 'workaround', 'restored', 'verified'] as const satisfies readonly State[]
export type EnoughState = (typeof enoughStates)[number]

export const priorities = ['critical', 'high', 'medium', 'low'] as const
export type Priority = (typeof priorities)[number]

/** On what somebody says how a service stands. */
export const bases = ['measured', 'seen', 'operator', 'authority', 'third-party', 'public'] as const
export type Basis = (typeof bases)[number]

/** What becomes of a lesson: a lesson of a response plan, a text to agree on, a request for help, nothing that leaves. */
export const lessonAnswers = ['plan', 'commitment', 'capacity', 'done', 'aside'] as const
export type LessonAnswer = (typeof lessonAnswers)[number]

export const isEnough = (state: State, enough: EnoughState): boolean => states.indexOf(state) >= states.indexOf(enough)
/** Whether a service is back, not merely bearable. */
export const isBack = (state: State): boolean => state === 'restored' || state === 'verified'
