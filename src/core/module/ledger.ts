import type {
  Envelope,
  MemberSnapshot,
  Part,
  Receipt,
  SpaceKind,
  SpaceOpening,
  Statement,
} from '../../protocol/types.ts'
import type { Marked } from '../markings/types.ts'
import type { GrantWrap } from '../sealing/types.ts'
import type { Tx } from '../storage/types.ts'
import type { ActContent, ActDraft, LoggedAct, SignedAct, SpaceFacts } from './acts.ts'

/** What convicts an author that sealed something else than it signed. */
export interface SealedProof {
  envelope: Envelope
  /** Commitment of the part, as signed. */
  part: string
  /** One-use key under which the sealed bytes open. */
  contentKey: Uint8Array
  sealed: Uint8Array
  /** Evidence file that strangers verify; absent while the author's register is not here. */
  file?: Uint8Array
}

/** What a grant of history would hand over. */
export interface HistoryPlan {
  to: string
  from: number
  /** Acts that become readable to `to`, in order. */
  acts: { hash: string; index: number; author: string; type: string }[]
  /** Acts from `from` on that this node cannot open either. */
  dark: number
  /** Acts from `from` on that `to` can read already. */
  readable: number
}

/** Content of an attachment, read as fast as it is taken. */
export interface AttachmentBytes {
  size: number
  /**
   * At most 1 MiB each, one in memory at a time; what lies here sealed is opened whole first. Throws at the end where
   * the bytes are not what the act promises.
   */
  pieces(): AsyncIterable<Uint8Array>
}

export interface Ledger {
  /** Opens a space hosted here; signs `space.opened` as entry 0. The same id again returns the space unchanged. */
  open(opening: NewSpace): Promise<SpaceFacts>
  find(space: string): Promise<SpaceFacts | undefined>
  /** Registers only where `kind` or `among`, ids of spaces, asks for them. */
  list(filter?: { kind?: SpaceKind; member?: string; among?: readonly string[] }): Promise<SpaceFacts[]>
  acts(space: string, range?: { from?: number; limit?: number; types?: string[] }): Promise<LoggedAct[]>
  findAct(hash: string): Promise<LoggedAct | undefined>
  /** Several at once, those that are here, in no order. */
  findActs(hashes: readonly string[]): Promise<LoggedAct[]>
  /** Content behind the marking gate; open with `reveal` of core/markings. */
  content(hashes: string[]): Promise<Map<string, Marked<ActContent>>>
  attachment(act: string, partHash: string): Promise<Marked<Uint8Array> | undefined>
  /** The same piece by piece, for what may be large: see {@link AttachmentBytes}. */
  attachmentPieces(act: string, partHash: string): Promise<Marked<AttachmentBytes> | undefined>
  /**
   * Blobs (salt and content) of the parts of an act that can be read here, by commitment: only for a file that proves,
   * and, of the body alone, for what only those can compute who hold it.
   */
  payload(act: string, only?: Part['role']): Promise<Map<string, Uint8Array>>
  /** A sealed part of an act that opens to something else than its author signed; undefined where there is none. */
  sealedProof(act: string): Promise<SealedProof | undefined>
  /** What a member that came later would be able to read by a grant from an index on. */
  planHistory(space: string, grant: { to: string; from: number }): Promise<HistoryPlan>
  /** Bodies' wraps of the acts `space.history-granted` that make it so; one list per act. */
  wrapHistory(space: string, grant: { to: string; from: number }): Promise<GrantWrap[][]>
  receipt(hash: string): Promise<Receipt | undefined>
  /** Acts of records that were left for the one of another host, oldest first. */
  orphans(space?: string): Promise<OrphanedAct[]>
  /** Parties that ever ordered a space, each with the index of the act that made it so; the present one last. */
  hosts(space: string): Promise<{ party: string; from: number }[]>
  /** What `space.host-changed` says of our own party as the host of a space. */
  asHost(space: string): { party: string; origin: string; key: string }
  /** Leaf bytes in order: what a dossier and "check it yourself" hand out. */
  entries?(space: string, from: number, limit: number): Promise<Uint8Array[]>
  checkpoint(space: string): Promise<string>
  /** The same, with the cosignatures that found no place on it. */
  cosigned(space: string): Promise<{ note: string; apart: string[] }>
  /** Who cosigned a checkpoint covering this index, and when (ms). */
  finality(space: string, index: number): Promise<{ party: string; at: number }[]>
  /** Scenario now of a drill space, else real now. */
  scenarioNow(space: SpaceFacts | string): Promise<number>
  /** Real time at which a drill space's clock will show `scenario`; undefined when it stands still before it. */
  realTimeOf(space: string, scenario: number): Promise<number | undefined>
  /** Called after acts of a space were projected. */
  onProjected(listener: (space: string, acts: LoggedAct[]) => void): () => void
}

export interface NewSpace {
  id: string
  kind: SpaceKind
  title: Record<string, string>
  purpose: string
  office: string
  /** Parties beside ourselves; each must be a pinned peer. */
  members: { party: string; role: MemberSnapshot['role'] }[]
  ownRole?: MemberSnapshot['role']
  drill?: SpaceOpening['drill']
  terms?: SpaceOpening['terms']
  under?: SpaceOpening['under']
  /** Only its members' nodes can read what is said in it. */
  sealed?: boolean
  /** Party that orders it, if not ourselves; one that is no member orders sealed spaces only. */
  host?: string
}

export type Submission =
  | { state: 'on-record'; hash: string; index: number; time: number }
  | { state: 'signed'; hash: string }
  /** The host is silent; these members keep it, each since its own time (ms). */
  | { state: 'tendered'; hash: string; heldBy: { party: string; at: number }[] }
  | { state: 'refused'; hash: string; rule: string; detail: string }

/** Signs, queues and carries acts to the host of their space, here or elsewhere. */
export interface Outbox {
  /** Signs in the caller's transaction; the same (space, id) again returns the first act unchanged. */
  enqueue(tx: Tx, draft: ActDraft): Promise<SignedAct>
  /** Waits for the receipt up to `settings.submitWaitMs`. Call after commit. */
  settle(hash: string): Promise<Submission>
  /** enqueue in its own transaction, then settle. */
  send(draft: ActDraft): Promise<Submission>
  /** Opens a space that `opening.host` orders: signed here, carried there. The same id again is the same space. */
  open(opening: NewSpace): Promise<Submission>
  /**
   * Signs an act of ours anew under its id, because the record on which it stood was left by its members.
   *
   * @throws Refusal `not-found` unless it is one of {@link orphans}, ours, and not said again yet
   */
  sayAgain(hash: string): Promise<Submission>
  /** Signed acts of ours that are not on the record yet. */
  pending(): Promise<{ hash: string; space: string; type: string; since: number; lastError?: string }[]>
}

/** An act that stood on a record which its members left; `again`: where the same intention stands now. */
export interface OrphanedAct {
  space: string
  hash: string
  /** Its place and time on the record that was left. */
  index: number
  time: number
  /** Party that had ordered it there. */
  host: string
  foundAt: number
  statement: Statement
  envelope: Envelope
  again?: { index: number; hash: string }
}

/** An act that its host has not put on the record and that members keep meanwhile. */
export interface TenderedAct {
  space: string
  hash: string
  statement: Statement
  /** Since when this node has it, ms. */
  since: number
  /** Members that gave a signed receipt for it, ourselves included, earliest first. */
  heldBy: { party: string; at: number }[]
  /** Set once the host refused it for good. */
  refused?: { rule: string; detail: string }
  /** Entry of our own register that names it, where no other member could keep it. */
  anchoredBy?: string
}

/** What is tendered and not yet on the record. */
export interface Tenders {
  /** Of one space in the order it came; acts refused within the last day are among them. */
  list(space: string): Promise<TenderedAct[]>
  /** Of all spaces, without what was refused. */
  waiting(): Promise<TenderedAct[]>
  find(hash: string): Promise<TenderedAct | undefined>
  /** Content behind the marking gate; open with `reveal` of core/markings. */
  content(acts: readonly Pick<TenderedAct, 'hash' | 'statement'>[]): Promise<Map<string, Marked<ActContent>>>
  /** A file by which a stranger sees that the host went on without the act; undefined where it did not, so far. */
  evidence(hash: string): Promise<Uint8Array | undefined>
  /** Signed receipts of members for an act. */
  receipts(hash: string): Promise<Envelope[]>
  /** Called when something of a space was tendered, receipted, recorded or refused. */
  onChanged(listener: (space: string) => void): () => void
}
