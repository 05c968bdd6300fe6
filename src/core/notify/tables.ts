import type { ColumnType } from 'kysely'

/** `jsonb`: read as a value, written as JSON text. */
type JsonColumn<T> = ColumnType<T, string, string>

export interface NoticeTable {
  id: string
  /** Chosen by the sender; one notice per person and key. */
  key: string
  person: string
  message: string
  facts: JsonColumn<Record<string, string | number>>
  link: string
  urgency: 'page' | 'normal'
  /** Name of the drill it belongs to. */
  drill: string | null
  at: number
  read_at: number | null
}

export interface MailTable {
  id: string
  notice: string
  person: string
  state: 'queued' | 'sent' | 'failed' | 'no-address'
  attempts: number
  last_error: string | null
  sent_at: number | null
  /** `smtp`, or the name of the file in the mail folder. */
  went_to: string | null
  queued_at: number
}

declare module '../storage/tables.ts' {
  interface Tables {
    'home.notice': NoticeTable
    'home.mail': MailTable
  }
}
