import { migrations as attachments, sweepTask } from '../attachments/index.ts'
import type { Json, Services } from '../module/types.ts'
import type { Migration } from '../storage/types.ts'
import { signDueTask } from './clear-draft.ts'
import { forgetOldFiles } from './draft-files.ts'
import { drafts } from './migrations/0001-drafts.ts'
import { emergencies } from './migrations/0002-emergency.ts'
import { emergencyWithout } from './migrations/0003-emergency-without.ts'
import './tables.ts'

export { type Approved, approvalOf, contentHash } from './approval.ts'
export type { DraftServices } from './context.ts'
export { createDrafts, maySeeDraft } from './create-drafts.ts'
export { emergencyConfirmed, emergencyDeclared } from './emergency.ts'
export { countFiles, requireFilesOpen } from './draft-files.ts'
export { type Footing, footingOf } from './footing.ts'
export { type Step, takeStep } from './take-step.ts'

/** Jobs of this room, for the app to register. */
export const tasks: Record<string, (services: Services, payload: Json) => Promise<void>> = {
  [signDueTask]: (services) => services.drafts.signDue(),
  async [sweepTask](services) {
    await services.attachments.sweep()
    for (const id of await forgetOldFiles(services)) services.live.publish(`draft:${id}`)
  },
}

/** With the tables of files, of which every draft asks. */
export const migrations: readonly Migration[] = [...attachments, drafts, emergencies, emergencyWithout]
