import type { ColumnType, Generated } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'

/** `taking`: a person decided to take it up, and not all of that is done. */
export type ReportState = 'waiting' | 'taking' | 'taken' | 'aside'

/** What a person decides on a report: where it goes, how it is marked, what goes along (places of files). */
export interface TakenUp {
  /** Incident it is added to; of the one that is opened where `opens` is given. */
  incident: string
  /** Of an open incident only; evidence where nothing is said. */
  as?: 'entry'
  opens?: { title: string; category: string; isRestricted: boolean }
  marking: Tlp
  files: number[]
  /** Bundles whose objects are taken in. */
  objects: number[]
}

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
      /** Until all that was decided is done. */
      taking: ColumnType<TakenUp | null, string | null | undefined, string | null>
    }
    'home.mail_in_file': { report: string; place: number; name: string; media: string; bytes: Uint8Array }
  }
}
