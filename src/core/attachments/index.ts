import type { Migration } from '../storage/types.ts'
import { attachments } from './migrations/0001-attachments.ts'
import { looks } from './migrations/0002-looks.ts'
import { keptFiles } from './migrations/0004-kept-files.ts'
import { sharedFiles } from './migrations/0003-shared-files.ts'

export { type Attachments, createAttachments } from './drafts/create-attachments.ts'
export { copiesOf, type FileCopy, type KeptFile } from './drafts/copy-files.ts'
export type { DraftFile } from './drafts/draft-file.ts'
export { attachmentLimits } from './drafts/limits.ts'
export {
  adoptStagedFile,
  forgetFiles,
  listReadyFiles,
  readStagedFile,
  settleStagedFiles,
  stagedToSign,
} from './drafts/staged-files.ts'
export { draftsSharing } from './drafts/shared-files.ts'
export { sweepTask } from './drafts/sweep.ts'
export { isActiveName, plainName } from './formats/names.ts'
export { isClean } from './look-into.ts'
export type { PartLook } from './looking/part-looks.ts'
export type { Finding, FindingCode, Format, Look, ReadyFile, StagedFile } from './types.ts'

export const migrations: Migration[] = [attachments, looks, sharedFiles, keptFiles]
