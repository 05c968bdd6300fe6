import type { ColumnType, Generated } from 'kysely'
import type { Marking } from '../../protocol/types.ts'
import type { DocumentFacts } from './transfers/transfer-facts.ts'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.channels_note': {
      space: string
      hash: string
      idx: number
      author: string
      form: string
      number: string
      your_ref: string | null
      purpose: string
      addressee: string
      in_reply_to: string | null
      reply_kind: string | null
      sent_at: number
      acknowledged_by: string | null
      acknowledged_office: string | null
      acknowledged_at: number | null
      answered_by: string | null
      answered_at: number | null
      /** How it ended before or beside an answer: `returned`, `withdrawn`, `superseded`. */
      ended: string | null
      ended_by: string | null
      ended_at: number | null
      ground: string | null
      supersedes: string | null
      /** Where the space agreed on it: the act by which its addressee reported that it was opened. */
      opened_by: string | null
      opened_at: number | null
      /** Of a request. */
      request_kind: string | null
    }
    'view.channels_correction': { space: string; hash: string; note: string; idx: number; at: number }
    'view.channels_minutes': { space: string; hash: string; idx: number; author: string; on_date: string; zone: string }
    'view.channels_minutes_confirmation': { space: string; minutes: string; party: string; hash: string; at: number }
    'view.channels_check': {
      space: string
      hash: string
      idx: number
      author: string
      called_at: number
      answered_by: string | null
      answered_party: string | null
      answered_at: number | null
    }
    'view.channels_offer': {
      space: string
      hash: string
      idx: number
      author: string
      kind: string
      accepted_by: string | null
      accepted_party: string | null
      accepted_at: number | null
    }
    /** Register numbers of our own documents: one per draft and year, never given twice. */
    'home.channels_number': { year: number; number: number; draft: string }
    /** A circular note: the separate notes it became, each a draft and later an act of its own. */
    'home.channels_circular': {
      id: string
      subject: string
      letters: { party: string; space: string; draft: string }[]
      made_by: string
      made_at: number
    }
    /** The file plan: what lies under a code, how many years it is kept, and what is then decided. */
    'home.register_file': {
      code: string
      title: string
      years: number | null
      then_what: string
      changed_by_name: string | null
      changed_at: number
    }
    'home.register_filing': { act: string; code: string; filed_by: string; filed_by_name: string; filed_at: number }
    'home.register_hold': {
      number: Generated<number>
      id: string
      code: string | null
      act: string | null
      reason: string
      set_by_name: string
      set_at: number
      lifted_by_name: string | null
      lifted_at: number | null
    }
    /** What never changes of an act in the register; its state is its module's. */
    'home.register_document': {
      act: string
      space: string
      idx: number
      kind: string
      author: string
      addressees: string[] | null
      number: string | null
      your_ref: string | null
      at: number
      /** Key of `home.register_marking`. */
      marking: string
    }
    /** Every marking in the register, so that the gate is asked once for each and not for each document. */
    'home.register_marking': { key: string; marking: ColumnType<Marking, string, never> }
    /** Parties of documents under each marking. */
    'home.register_party': { party: string; marking: string }
    /** How far the register has read a space; see `register/take-in.ts`. */
    'home.register_cursor': { space: string; size: number; stamped_from: number; left_behind: number }
    'home.register_incoming': { act: string; year: number; number: number; received_at: number }
    'home.register_no_answer': { act: string; noted_by: string; noted_by_name: string; noted_at: number }
    /** A package for an archive; see `transfers/`. */
    'home.archive_transfer': {
      id: string
      code: string
      from_day: string | null
      to_day: string | null
      archive: string
      ceiling: string
      language: string
      state: string
      fingerprint: string
      total: number
      done: number
      why: string | null
      proposed_by: string
      proposed_by_name: string
      proposed_at: number
      confirmed_by_name: string | null
      confirmed_at: number | null
      run: string | null
      sha256: string | null
      size: number | null
      made_at: number | null
      receipt: string | null
      received_on: string | null
      received_by_name: string | null
      received_at: number | null
    }
    'home.archive_document': {
      transfer: string
      act: string
      place: number
      facts: ColumnType<DocumentFacts, string, never>
    }
    /** A copy for an access request; see `access-copies/`. */
    'home.access_copy': {
      id: string
      act: string
      requester: string
      reference: string
      ceiling: string
      language: string
      choice: ColumnType<Record<string, string>, string, never>
      other_words: string | null
      grounds: ColumnType<string[], string, never>
      is_shut: boolean
      state: string
      fingerprint: string
      proposed_by: string
      proposed_by_name: string
      proposed_at: number
      confirmed_by_name: string | null
      confirmed_at: number | null
      office: string | null
      sha256: string | null
      text_sha256: string | null
      sheet: Uint8Array | null
      words: Uint8Array | null
    }
    /** Bytes of packages that were made, until their receipt. */
    'home.archive_piece': { run: string; number: number; bytes: Uint8Array }
  }
}
