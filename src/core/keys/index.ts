import type { Migration } from '../storage/types.ts'
import { keyRequests } from './migrations/0001-requests.ts'

export { createKeys } from './create-keys.ts'
export { didText } from './did.ts'
export {
  agreeKeyRequest,
  askKeyRequest,
  findKeyRequest,
  type KeyRequest,
  recoverAsAgreed,
  refuseKeyRequest,
  revocationReasons,
} from './key-requests.ts'
export type {
  BehindSpace,
  BringingPace,
  KeyOverview,
  Keys,
  KeysOptions,
  ListedKey,
  PublishedDid,
  Rotation,
  UnderWay,
} from './types.ts'

export const migrations: readonly Migration[] = [keyRequests]
