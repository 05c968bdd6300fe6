import type { Migration } from '../storage/types.ts'
import { attachments } from './migrations/0001-attachments.ts'

export {
  attachmentLimits,
  type Attachments,
  createAttachments,
  type DraftFile,
  sweepTask,
} from './create-attachments.ts'
export { isActiveName, plainName } from './formats/names.ts'
export { isClean, lookInto } from './look-into.ts'
export {
  adoptStagedFile,
  forgetFiles,
  listStagedFiles,
  readStagedFile,
  settleStagedFiles,
} from './staged-files.ts'
export type { Finding, FindingCode, Format, Look, StagedFile } from './types.ts'

export const migrations: Migration[] = [attachments]
