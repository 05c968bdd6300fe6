import type { Migration } from '../storage/types.ts'
import { offRecordTables } from './migrations/0001-off-record.ts'
import './tables.ts'

export const migrations: Migration[] = [offRecordTables]
