import type { ColumnType } from 'kysely'
import type { Envelope, Receipt, Statement } from '../../protocol/types.ts'
import type { RegisterState } from '../identity/types.ts'

type Stored<T> = ColumnType<T, string, string>

/** One other party: where its node is and what its register said when last read. */
export interface PeerTable {
  party: string
  /** Configuration: a person may change it at any time. Empty for parties only known through a shared space. */
  url: string
  state: 'introduced' | 'pinned'
  register: Stored<RegisterState>
  names: Stored<Record<string, string>>
  introduced_at: number
  pinned_at: number | null
  pinned_by: string | null
  compared_by: string | null
  unreachable_since: number | null
}

/** Node keys by which requests of a peer are believed. */
export interface PeerKeyTable {
  kid: string
  key: string
  party: string
}

/** A space that an unpinned peer opened with us. Nothing of it was fetched. */
export interface RequestTable {
  space: string
  party: string
  since: number
}

/** An act of ours from signature to record. Rows stay: they make a repeated intention the same act. */
export interface OutboxTable {
  hash: string
  space: string
  id: string
  statement: Stored<Statement>
  envelope: Stored<Envelope>
  state: 'queued' | 'on-record' | 'refused'
  /** Order in which acts of one space are handed in. */
  place: ColumnType<number, never, never>
  signed_at: number
  attempts: ColumnType<number, number | undefined, number>
  last_error: string | null
  rule: string | null
  detail: string | null
  entry: number | null
  entry_time: number | null
  receipt: ColumnType<Receipt | null, string | null, string | null>
  /** The host's signed refusal, kept because the act might turn up on its record. */
  refusal: ColumnType<Envelope | null, string | null, string | null>
  /** Hash of the act signed instead under the same id after a refusal that allows it. */
  replaced_by: string | null
}

/** A payload a member sent before the act that names it. Swept when no act came. */
export interface UploadTable {
  party: string
  space: string
  commitment: string
  size_bytes: number
  at: number
}

/** An act that we keep because its host is silent: a member's, or our own once another member keeps it. */
export interface TenderedTable {
  hash: string
  space: string
  author: string
  statement: Stored<Statement>
  envelope: Stored<Envelope>
  /** Of its payloads that came along. */
  size_bytes: number
  from_party: string
  /** Our clock when we had it, ms. */
  since: number
  place: ColumnType<number, never, never>
  state: 'held' | 'on-record' | 'refused'
  rule: string | null
  detail: string | null
  /** The host's signed refusal. */
  refusal: ColumnType<Envelope | null, string | null, string | null>
}

/** Who else says that it keeps an act, by a signed receipt. */
export interface TenderReceiptTable {
  act: string
  party: string
  at: number
  receipt: Stored<Envelope>
}

/** An act of ours that our own register names, because nobody but the host could keep it. */
export interface AnchorTable {
  act: string
  space: string
  /** Act hash of the `register.anchored`. */
  anchored_by: string
  at: number
}

declare module '../storage/tables.ts' {
  interface Tables {
    'home.peer': PeerTable
    'home.peer_key': PeerKeyTable
    'home.request': RequestTable
    'home.outbox': OutboxTable
    'home.upload': UploadTable
    'home.tendered': TenderedTable
    'home.tender_receipt': TenderReceiptTable
    'home.anchor': AnchorTable
  }
}
