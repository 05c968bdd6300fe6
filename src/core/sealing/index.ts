export { createSealing, generationLifeMs, type SealingOptions } from './create-sealing.ts'
export { canReadSealed } from './key-set.ts'
export type { Darkness, GrantedKey, GrantWrap, Opened, Recipient, SealedRef, Sealing } from './types.ts'
export { sealingMigrations } from './migrations.ts'
