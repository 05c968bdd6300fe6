import type { Stretch } from '../../incidents/index.ts'
import type { ServiceContent } from '../tables.ts'
import type { Course } from './course.ts'
import { momentOf } from './moment.ts'

export const targetKinds = ['by', 'rto', 'mtpd'] as const
export type TargetKind = (typeof targetKinds)[number]

/** `unsure`: the times are known too roughly to say. */
export type TargetState = 'running' | 'overdue' | 'met' | 'missed' | 'unsure'

export interface Target {
  kind: TargetKind
  dueAt: number
  /** Reckoned from the first moment at which the outage can have begun, which is known no more exactly. */
  isRough: boolean
  state: TargetState
}

const minuteMs = 60_000
const order = (at: Stretch): number | undefined => at.from ?? at.until

/** Targets of a service whose outage has a beginning that is known; where it has none, nothing can be reckoned. */
export function targetsOf(content: ServiceContent, course: Course | undefined, now: number): Target[] {
  if (!course) return []
  const start = order(course.began.at)
  const isRough = course.began.at.from !== course.began.at.until
  const after = (kind: 'rto' | 'mtpd'): Omit<Target, 'state'>[] => {
    const length = content[kind]
    return length === null || start === undefined ? [] : [{ kind, dueAt: start + length * minuteMs, isRough }]
  }
  const by = content.by && momentOf(content.by)
  const agreed: Omit<Target, 'state'>[] =
    by === null || isBeforeOutage(content, course) ? [] : [{ kind: 'by', dueAt: by, isRough: false }]
  const found = agreed.length > 0 ? [...agreed, ...after('mtpd')] : [...after('rto'), ...after('mtpd')]
  return found.map((one) => ({ ...one, state: stateOf(one.dueAt, course.enoughSince, now) }))
}

/** The day agreed for a service lies before the outage it is for. */
export function isBeforeOutage({ by }: Pick<ServiceContent, 'by'>, course: Course | undefined): boolean {
  const began = course?.began.at.from
  return by !== null && began !== undefined && momentOf(by) < began
}

function stateOf(dueAt: number, enough: Stretch | undefined, now: number): TargetState {
  if (!enough) return now > dueAt ? 'overdue' : 'running'
  if (enough.until !== undefined && enough.until <= dueAt) return 'met'
  if (enough.from !== undefined && enough.from > dueAt) return 'missed'
  return 'unsure'
}

/** How much was lost, ms, against the recovery point objective. */
export function lossOf(
  { rpo }: ServiceContent,
  course: Course | undefined,
): { ms: number; isMet?: boolean } | undefined {
  const start = course && order(course.began.at)
  if (course?.dataAsOf === undefined || start === undefined) return undefined
  const ms = Math.max(0, start - course.dataAsOf)
  return { ms, ...(rpo !== null && { isMet: ms <= rpo * minuteMs }) }
}
