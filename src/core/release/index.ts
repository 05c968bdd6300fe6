import type { Json, Services } from '../module/types.ts'
import type { Migration } from '../storage/types.ts'
import { signDueTask } from './clear-draft.ts'
import { drafts } from './migrations/0001-drafts.ts'
import './tables.ts'

export { type Approved, approvalOf, contentHash } from './approval.ts'
export type { DraftServices } from './context.ts'
export { createDrafts, maySeeDraft } from './create-drafts.ts'
export { type Footing, footingOf } from './footing.ts'
export { type Step, takeStep } from './take-step.ts'

/** Jobs of this room, for the app to register. */
export const tasks: Record<string, (services: Services, payload: Json) => Promise<void>> = {
  [signDueTask]: (services) => services.drafts.signDue(),
}

export const migrations: readonly Migration[] = [drafts]
