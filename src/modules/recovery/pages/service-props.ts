import type { Visit } from '../../../core/module/types.ts'
import type { Returned } from '../../frame/index.ts'
import type { Origin } from '../from-plan/planned-of.ts'
import type { Loaded } from '../load-page.ts'
import type { Service } from '../plan/read-plans.ts'

/** What every part of the page of a service shows from. */
export interface ServiceProps {
  visit: Visit
  loaded: Loaded
  service: Service
  /** Where it came from a response plan. */
  origin?: Origin | undefined
  returned?: Returned
}
