export {
  type AddCheckpoint,
  formatAddCheckpoint,
  judgeSubmission,
  parseAddCheckpoint,
  parseKnownSize,
  sizeMediaType,
  type Witnessed,
  type WitnessVerdict,
} from './add-checkpoint.ts'
export { type AdmissionFacts, admit, coverToleranceMs, undecidableRules } from './admit.ts'
export {
  type AdmissionState,
  type AdmittedMember,
  cosignerAt,
  hostAt,
  type HostSpan,
  isMemberAt,
  keyAt,
  presentMembers,
  stateFromJson,
  stateToJson,
} from './admission-state.ts'
export { advance, backersOf, changesState, type NoEffect, type Outcome, outcomeOf, step } from './advance.ts'
export {
  type CheckSignatures,
  readEnvelope,
  readStatement,
  signAct,
  type SignatureCheck,
  statementSchema,
  verifyAct,
  verifyActsAhead,
} from './acts.ts'
export { newBlob, openBlob, saltBytes } from './blobs.ts'
export { fromBase64url, sha256, toBase64url, utf8 } from './bytes.ts'
export { canonicalBytes, parseCanonical } from './canonical.ts'
export { didLine, didOf, type DidSubject, type DidVersion, isDidKey, mayContinueDid } from './did-log.ts'
export { readFingerprint, registerFingerprint } from './fingerprint.ts'
export * from './governance.ts'
export { isId, isParty, newId } from './ids.ts'
export {
  checkEquationBy,
  type Equation,
  generateEd25519,
  isUsableKey,
  kidOf,
  type SigningKey,
  signingKey,
  verifyStrict,
} from './keys.ts'
export { type IgnoredAct, ignoredGraceMs, judgeIgnored } from './ignored-act.ts'
export { bindMlDsaKey, readMlDsaBinding } from './key-binding.ts'
export { leafBytes, readLeaf } from './leaves.ts'
export { limits, maxAuthorAheadMs } from './limits.ts'
export { generateMlDsa44, type PqSigningKey, pqSigningKey } from './ml-dsa.ts'
export { formatNoteKey, type NoteKey, noteKeyDigest, parseNoteKey } from './note-keys.ts'
export {
  appendNodes,
  consistencyNodes,
  consistencyPath,
  emptyRoot,
  inclusionNodes,
  inclusionPath,
  inclusionPaths,
  leafHash,
  type NodeAt,
  nodeHash,
  type ReadNode,
  rootFrom,
  rootNodes,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'
export {
  type Checkpoint,
  cosignatureBy,
  cosignCheckpoint,
  cosignerKey,
  cosignWithMlDsa44,
  noteKey,
  peekCheckpoint,
  peekOrigin,
  readCheckpoint,
  readCosignatures,
  signCheckpoint,
  splitNote,
  withLines,
} from './notes.ts'
export { openSpace } from './open-space.ts'
export {
  defaultPolicy,
  defaultThreshold,
  enoughOf,
  formatPolicy,
  meetsPolicy,
  missingFor,
  mostForAll,
  parsePolicy,
  type Policy,
  PolicyError,
  type PolicyProblem,
  policyReach,
  type PolicyWitness,
} from './policy.ts'
export { ProtocolError } from './protocol-error.ts'
export { type Replay, type ReplayedEntry, ReplayError, replayLog } from './replay.ts'
export { formatReceipt, parseReceipt, verifyReceipt } from './receipts.ts'
export { readRefusal, type RefusalStatement, signRefusal } from './refusals.ts'
export { readRegisterChain } from './register-chain.ts'
export { keyCommitment, type KeySpan, type RegisterCommitments } from './register-keys.ts'
export { type Rule, rules } from './rules.ts'
export {
  chunkBytes,
  chunkNonce,
  type KeySet,
  keySetReaches,
  keySetSchema,
  readKeySet,
  isSealed,
  readSealedPart,
  sealedAlgorithm,
  type SealedPart,
  sealedPartBytes,
  sealedSize,
  sealedSuite,
  sealedTerm,
} from './sealed.ts'
export {
  convictsSealer,
  openChunks,
  openContentKey,
  readSealedBlob,
  sealBlob,
  type SealedBlob,
  sealedSizeOf,
} from './sealed-content.ts'
export { type StoredPart, storedParts } from './stored-parts.ts'
export {
  decodeBundle,
  encodeBundle,
  parseTilePath,
  type TileAt,
  tileBytes,
  tileHeight,
  tilePath,
  tilesOf,
  tileWidth,
} from './tiles.ts'
export { readTenderReceipt, signTenderReceipt, type TenderReceipt } from './tender-receipts.ts'
export * from './types.ts'
export { answersNonce, type TimeStamp, timeStampRequest, verifyTimeStamp } from './time-stamp/index.ts'
