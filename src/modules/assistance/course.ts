/** How far a request for assistance has come, as both sides read it from the record. */
export const states = [
  'sent',
  'received',
  'accepted',
  'partly',
  'postponed',
  'refused',
  'executed',
  'closed',
  'withdrawn',
  'returned',
  'superseded',
] as const
export type State = (typeof states)[number]

export const steps = [
  'accepted',
  'partly',
  'refused',
  'postponed',
  'handed-over',
  'executed',
  'supplemented',
  'extension-requested',
  'extension-granted',
  'extension-refused',
  'closed',
] as const
export type Step = (typeof steps)[number]

export interface Standing {
  state: State
  /** Day until which data is kept. */
  keptUntil: string | null
  /** The act that asks for a longer time and has no answer. */
  extension: string | null
}

/** Which side takes a step. */
export const sideOf: Readonly<Record<Step, 'asking' | 'asked'>> = {
  accepted: 'asked',
  partly: 'asked',
  refused: 'asked',
  postponed: 'asked',
  'handed-over': 'asked',
  executed: 'asked',
  supplemented: 'asking',
  'extension-requested': 'asking',
  'extension-granted': 'asked',
  'extension-refused': 'asked',
  closed: 'asking',
}

const open: readonly State[] = ['received', 'accepted', 'partly', 'postponed']
const ended: readonly State[] = ['closed', 'withdrawn', 'returned', 'superseded']

const from: Readonly<Record<Step, readonly State[]>> = {
  accepted: ['received', 'postponed', 'partly'],
  partly: ['received', 'postponed'],
  refused: open,
  postponed: open,
  'handed-over': ['accepted', 'partly'],
  executed: ['accepted', 'partly'],
  supplemented: ['sent', ...open],
  'extension-requested': ['executed'],
  'extension-granted': ['executed'],
  'extension-refused': ['executed'],
  closed: ['executed', 'refused', 'partly', 'accepted'],
}

export const hasEnded = (state: State): boolean => ended.includes(state)

/** Whether a step can be taken where a request stands; who takes it is another question. */
export function canTake(step: Step, { state, keptUntil, extension }: Standing): boolean {
  if (!from[step].includes(state)) return false
  if (step === 'extension-requested') return keptUntil !== null && extension === null
  if (step === 'extension-granted' || step === 'extension-refused') return extension !== null
  return true
}

/** Where a request stands after a step that could be taken. */
export function after(step: Step, before: Standing, { act, keptUntil }: { act: string; keptUntil?: string }): Standing {
  switch (step) {
    case 'supplemented':
    case 'handed-over':
      return before
    case 'extension-requested':
      return { ...before, extension: act }
    case 'extension-granted':
      return { ...before, extension: null, keptUntil: keptUntil ?? before.keptUntil }
    case 'extension-refused':
      return { ...before, extension: null }
    case 'executed':
      return { ...before, state: 'executed', keptUntil: keptUntil ?? null }
    default:
      return { ...before, state: step }
  }
}
