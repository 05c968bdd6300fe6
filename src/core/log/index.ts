export { createLedger, sizeAfter } from './create-ledger.ts'
export { migrations } from './migrations.ts'
export type {
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
