import type { RecoveryPlan } from './read-plans.ts'

/** How a plan stands as a whole. */
export interface Whole {
  /** Something will not do yet. */
  isOut: boolean
  /** Services with a target that ran out. */
  overdue: string[]
  unreported: number
  silent: string[]
  notBefore?: number
  expected?: number
  /** What decides over the end, from the ground up. */
  path: string[]
  /** Services that are hidden from the reader and that others wait for. */
  hidden: number
}

export function wholeOf({ services }: Pick<RecoveryPlan, 'services'>): Whole {
  const outlooks = services.flatMap(({ outlook }) => outlook ?? [])
  const latest = outlooks
    .filter(({ notBefore }) => notBefore !== undefined)
    .toSorted((a, b) => (b.notBefore ?? 0) - (a.notBefore ?? 0) || b.path.length - a.path.length)[0]
  const silent = [...new Set(outlooks.flatMap((one) => one.silent))]
  return {
    isOut: outlooks.length > 0,
    overdue: services.filter(({ targets }) => targets.some(({ state }) => state === 'overdue')).map(({ id }) => id),
    unreported: services.filter(({ standing }) => standing === 'unreported').length,
    silent,
    path: latest?.path ?? [],
    hidden: new Set(outlooks.flatMap((one) => one.hidden)).size,
    ...(latest?.notBefore !== undefined && { notBefore: latest.notBefore }),
    ...(latest?.notBefore !== undefined && silent.length === 0 && { expected: latest.notBefore }),
  }
}
