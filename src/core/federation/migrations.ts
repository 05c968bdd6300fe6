import type { Migration } from '../storage/types.ts'
import { peersAndOutbox } from './migrations/0001-peers-and-outbox.ts'

export const migrations: Migration[] = [peersAndOutbox]
