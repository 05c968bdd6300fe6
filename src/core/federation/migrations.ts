import type { Migration } from '../storage/types.ts'
import { peersAndOutbox } from './migrations/0001-peers-and-outbox.ts'
import { refusals } from './migrations/0002-refusals.ts'
import { tenders } from './migrations/0003-tenders.ts'

export const migrations: Migration[] = [peersAndOutbox, refusals, tenders]
