import { sealingMigrations } from '../sealing/index.ts'
import type { Migration } from '../storage/types.ts'
import { migrations as logMigrations } from './migrations.ts'

export { createLedger, sizeAfter } from './create-ledger.ts'
export { type Guard, openGuard } from './guard.ts'
export { DamagedLog, loadAdmission, needsBody, parsePart } from './space-state.ts'
export { appendEntries, emptyTree, entryOf, loadTree, type NewEntry, type Tree } from './tree.ts'
export { listGoneParts, purgeParts } from './purge.ts'
export { hostKeyOf } from './signers.ts'
export type {
  Adopted,
  Appended,
  Conflict,
  Delivery,
  GateReport,
  Handed,
  Ingested,
  KnownParty,
  LedgerOptions,
  LogLedger,
  MemberKeys,
  MissingPart,
  Promised,
  Sequenced,
  SignedDraft,
  SignedRefusal,
  SpaceHead,
} from './types.ts'

/** Schema steps of the log and of the keys it seals with. */
export const migrations: readonly Migration[] = [...logMigrations, ...sealingMigrations]
