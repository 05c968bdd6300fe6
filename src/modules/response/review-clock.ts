import { type Clock, endOfDay } from '../../core/clocks/index.ts'
import type { Services } from '../../core/module/types.ts'
import type { Decision } from './decisions.ts'

/** The review of a decision as a clock: set by this house, over when the day of review ends. */
export function reviewClock(
  { party }: Pick<Services, 'party'>,
  { id, reviewOn, at }: Pick<Decision, 'id' | 'reviewOn' | 'at'>,
  zone: string,
): Clock | undefined {
  if (reviewOn === undefined) return undefined
  return {
    id,
    space: '',
    regime: 'response-review',
    source: 'house',
    duty: party,
    startedBy: '',
    about: '',
    startsAt: at,
    dueAt: endOfDay(reviewOn, zone),
  }
}
