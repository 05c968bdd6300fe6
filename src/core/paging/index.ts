import type { Json, Services } from '../module/types.ts'
import type { Migration } from '../storage/types.ts'
import { pagingTask } from './chain.ts'
import { pagingTables } from './migrations/0001-paging.ts'
import { runTry } from './run-try.ts'
import './tables.ts'

export {
  devicesOf,
  enrolDevice,
  numberOf,
  readPagingRule,
  removeDevice,
  setNumber,
  setPagingRule,
} from './book.ts'
export { climbChains } from './chain.ts'
export { findPage, pagesOfClock } from './paged.ts'
export { referenceOf } from './run-try.ts'
export { isPushAddress } from './web-push.ts'
export type { PagedNotice, PagingDevice, PagingRule, PagingTry } from './types.ts'

/** Jobs of this room, for the app to register. */
export const tasks: Record<string, (services: Services, payload: Json) => Promise<void>> = {
  [pagingTask]: (services, payload) => runTry(services, (payload as { id: string }).id),
}

/** After those of core/notify, whose notices are paged. */
export const migrations: readonly Migration[] = [pagingTables]
