import type { Generated } from 'kysely'

export type ReportState = 'waiting' | 'taken' | 'aside'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.mail_in_report': {
      id: string
      ordinal: Generated<number>
      /** Of what makes two deliveries one message. */
      digest: string
      sha256: string
      size: number
      /** As it was delivered. */
      raw: Uint8Array
      received_at: number
      /** How often the same message was delivered. */
      copies: number
      message_id: string
      from_says: string
      to_says: string
      date_says: string
      subject: string
      words: string
      words_cut: boolean
      from_html: boolean
      /** Says of itself that a program sent it. */
      automatic: boolean
      /** What our own mail server said of where it came from. */
      server_says: string
      /** Why it could not be read. */
      trouble: string | null
      state: ReportState
      incident: string | null
      settled_by: string | null
      settled_at: number | null
      why: string | null
    }
    'home.mail_in_file': { report: string; place: number; name: string; media: string; bytes: Uint8Array }
  }
}
