import type { ColumnType } from 'kysely'
import type { OtherUse } from '../identity/index.ts'

export interface KeyRequestTable {
  id: string
  kind: 'revoke' | 'recover'
  reason: string
  others: ColumnType<OtherUse[], string, string>
  asked_by: string
  asked_at: number
  agreed_by: string | null
  agreed_at: number | null
  ended_as: 'done' | 'refused' | null
  ended_by: string | null
  ended_at: number | null
}

declare module '../storage/tables.ts' {
  interface Tables {
    'home.key_request': KeyRequestTable
  }
}
