export { confirmRecovery, pendingRecovery, readSheet, recoveryKey } from './recovery-sheet.ts'
export { foundIdentity, type Founding } from './found-identity.ts'
export type { KeyRing, ReadSecret } from './key-ring.ts'
export { KeysLocked } from './keys-locked.ts'
export { isFounded, loadIdentity, protectKeys, ringOf } from './load-identity.ts'
export { newSealingKey, newSigningKey } from './new-keys.ts'
export type { Protection, Secret } from './protection.ts'
export { type KeyEvent, readRegister, type RegisterEntry } from './read-register.ts'
export { keyFileSecret, passphrase, passphraseSecret, readSecret } from './read-secret.ts'
export {
  formerNodeKey,
  type KeyUse,
  newestOf,
  type OtherUse,
  otherUses,
  type PendingEvent,
  promoted,
  type RingContent,
  type RingKey,
  type RingSealingKey,
} from './ring-content.ts'
export { loadMlDsaCosigner } from './ml-dsa-cosigner.ts'
export type { Identity, NodeKey, PartySnapshot, RegisterState, SealingKey } from './types.ts'
