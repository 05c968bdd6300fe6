import type { z } from 'zod'
import type { keysChangedBody, KeySpan } from '../../protocol/index.ts'
import type { CheckSignatures, NoteKey } from '../../protocol/index.ts'
import type { Evidence, EvidenceKind } from '../../protocol/evidence/index.ts'
import type {
  Act,
  Envelope,
  Json,
  MemberSnapshot,
  Receipt,
  RuleId,
  SpaceKind,
  Statement,
} from '../../protocol/types.ts'
import type { OfferedSpace } from './accept-opening.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import type { Identity, NodeKey, PartySnapshot, RegisterState } from '../identity/types.ts'
import type { Marked } from '../markings/types.ts'
import type { ActContent, ActDefinition, ActDraft, Ledger, LoggedAct, NewSpace } from '../module/types.ts'
import type { Blobs, Db, Reader, Tx } from '../storage/types.ts'
import type { FulfilledAt } from './governance.ts'
import type { Judged } from './judge-act.ts'
import type { TakenOver } from './take-over.ts'

/** What somebody else's register says and whether a person compared its fingerprint. */
export interface KnownParty {
  state: 'introduced' | 'pinned'
  /** base64url leaf hash of the register's entry 0. */
  first: string
  /** Host key as the register gives it now, base64url raw. */
  host: string
  /** Act keys of the register that are not revoked. */
  actKeys: string[]
}

export interface LedgerOptions {
  db: Db
  blobs: Blobs
  clock: ClockSource
  log: Logger
  identity: Identity
  dataDir: string
  /** Name of this process among those that share the data folder: its own `guard/<instance>.log`. Default `node`. */
  instance?: string
  acts: readonly ActDefinition[]
  /** Tables in `view` that modules own, as `view.name`; a rebuild empties them. */
  views: readonly string[]
  /** Told by the projection when another member held an act before its leaf time: deadlines follow. */
  fulfilledAt?: FulfilledAt
  /** Snapshot of a pinned peer for `space.opened`; undefined refuses the opening. */
  snapshotOf(party: string): Promise<PartySnapshot | undefined>
  /** What is known of a party besides ourselves; decides whether a space it hosts is stored. Asked inside transactions. */
  knownParty(party: string, reader?: Reader): Promise<KnownParty | undefined>
  /** Keys beside the members' whose lines on checkpoints of a space are kept: witnesses from outside, other algorithms. */
  outsiders?(space: string): Promise<readonly NoteKey[]>
  /** Checks the signatures of many acts in other threads; without it they are checked as each act is judged. */
  checkSignatures?: CheckSignatures
  /** What is stored of a space was found not to be what was stored. */
  damaged?(space: string): void
  /** Newest checkpoints that members hold of a space; must answer within 2 s, with those that did. */
  askMembers?(space: string): Promise<{ party: string; size: number; root: string }[]>
  /** Hears what other processes on the same database tell; `gap` after something may have been missed. */
  listen?(channel: string, hear: (message: string) => void, gap?: () => void): Promise<() => Promise<void>>
}

/** One act handed in for sequencing: the envelope as parsed JSON. */
export interface Handed {
  envelope: unknown
  /**
   * Payloads that came with it, salt ‖ content by commitment: what its parts name is stored in the
   * same transaction if the act is admitted. Others are looked for among those stored.
   */
  blobs?: ReadonlyMap<string, Uint8Array>
}

/** Entries of a space hosted here that were just put on record, as a member fetches them. */
export interface Appended {
  space: string
  from: number
  size: number
  /** Signed note over `size` entries, with our own line where it is stored. */
  checkpoint: string
  /** Leaf bytes in order. */
  entries: Uint8Array[]
  /** Payloads of these entries up to 1 MiB, salt ‖ content by commitment. */
  blobs: Map<string, Uint8Array>
  members: MemberKeys[]
}

/** Signed with the host key: a flattened JWS, `typ` `chancery-refusal+json`, over {v, space, act, rule, detail, at}. */
export type SignedRefusal = Envelope

export type Sequenced =
  | { state: 'on-record'; hash: string; index: number; time: number; receipt: Receipt; repeated: boolean }
  | { state: 'refused'; hash: string; rule: RuleId; detail: string; refusal: SignedRefusal }
  /** This node may not or cannot sign now: not the host, frozen, or the start gate is shut. Try again later. */
  | { state: 'unavailable'; hash: string; reason: 'not-hosted' | 'frozen' | 'gate-shut' | 'handed-over' | 'closing' }

/** Statements of one party that cannot all be true. Kept in log.conflict; docs/protocol/evidence.md. */
export interface Conflict {
  space: string
  /** `own-key`: our own host key signed more than we hold; nobody else is accused. */
  kind: EvidenceKind | 'own-key'
  /** Party or witness from outside whose key signed them. A host that is accused freezes the space here. */
  accused: string
  role: Evidence['accused']['role']
  /** Signed notes: what we held and what came. */
  held: string
  came: string
  detail: string
  /** Newest size below the contradiction that another member cosigned over our history; 0 if there is none. */
  common: number
  /** ms. */
  foundAt: number
  /** Name under `evidence/` in the data folder; absent while the accused's register is not here. */
  file?: string
}

/** An act that a receipt promised, for evidence that it was dropped. */
export interface Promised {
  index: number
  leaf: Uint8Array
  /** Inclusion path in the receipt's checkpoint, base64url. */
  path: string[]
}

export interface Delivery {
  /** Host-signed note; entries must reach exactly its size. */
  checkpoint: string
  /** Index of the first entry given. */
  from: number
  /** Leaf bytes in order. */
  entries: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
  /** Payloads that came along, salt ‖ content by commitment, already compared with it; stored with the entries. */
  blobs?: ReadonlyMap<string, Uint8Array>
  /** Fetches salt ‖ content of a governance body that is not here; without it such an act stops the ingestion. */
  fetchBlob?(commitment: string): Promise<Uint8Array | undefined>
}

export type Ingested =
  /** `cosigned`: members whose lines on the checkpoint were stored with it. */
  | { state: 'stored'; size: number; root: string; stored: number; cosigned?: string[] }
  /** Entries before `from` are not here: ask again from `size`. */
  | { state: 'gap'; size: number }
  /** Nothing of this delivery was stored. */
  | { state: 'refused'; index: number; rule: RuleId; detail: string }
  | { state: 'conflict'; conflict: Conflict }

/** What became of the record of another host that members chose without the old one. */
export type Adopted =
  /** Entries from `base` on were left: as many as `orphaned`. */
  | { state: 'adopted'; base: number; size: number; root: string; orphaned: number; wasHosted: boolean }
  | { state: 'refused'; index: number; rule: RuleId; detail: string }

export interface MissingPart {
  index: number
  act: string
  role: string
  hash: string
  size: number
}

/** Keys of a member at the newest entry; `until` is set for one that left. */
export interface MemberKeys {
  party: string
  role: MemberSnapshot['role']
  since: number
  until?: number
  act: { kid: string; key: string }[]
  /** All act keys it ever had here, with the indices between which each counts. */
  spans: KeySpan[]
  node: string
  cosigner: string
  sealing: string
  /** First hash of the member's register. */
  first: string
}

export interface SignedDraft {
  hash: string
  space: string
  id: string
  statement: Statement
  envelope: Envelope
}

export interface GateReport {
  open: boolean
  blocked: { space: string; reason: 'ahead' | 'contradicts' | 'no-guard'; size: number; seen?: number; by?: string }[]
}

/** An act that ends our hosting and waits for the new host. */
export interface Handover {
  space: string
  act: string
  envelope: Envelope
  to: string
  /** What we signed last, base64url root. */
  size: number
  root: string
  at: number
}

/** Where a space stands in the log, whoever may read it. */
export interface SpaceHead {
  space: string
  kind: SpaceKind
  hosted: boolean
  /** Party that orders it. */
  host: string
  origin: string
  hostKey: string
  size: number
  /** base64url. */
  root: string
  time: number
  frozen: boolean
}

/** The ledger as core/federation and the app see it; modules get the `Ledger` part. */
export interface LogLedger extends Ledger {
  /** Stores the register at the first start, asks the gate, then projects what is not projected. */
  start(): Promise<GateReport>
  /** Ends batches under way and closes the guard file. */
  close(): Promise<void>
  gate(): GateReport
  /** Operator's decision: what the database holds is the truth from now on. Rewrites the guard and opens the gate. */
  acceptRollback(): Promise<GateReport>
  /** Asks once more about a space the gate is shut for; true if it is open now. */
  recheckGate(space: string): Promise<boolean>

  // Writing
  /** Signs in the caller's transaction and stores the parts' blobs; appends nothing. */
  signAct(tx: Tx, draft: ActDraft): Promise<SignedDraft>
  /**
   * The same intention anew, after a refusal that only what the author had seen was too old; sealed parts are sealed anew.
   *
   * @throws Refusal `space.readers-changed`, `space.cannot-reseal`, `space.not-a-member`
   */
  signAgain(tx: Tx, old: Statement): Promise<Act>
  /** Signs entry 0 of a space that `opening.host` is to order; stores its body in the transaction. */
  signOpening(tx: Tx, opening: NewSpace): Promise<SignedDraft>
  /** Host path of an opening somebody else signed. */
  accept(space: string, offered: OfferedSpace): Promise<Sequenced>
  /** The key by which the space judges our acts now; the newest where it counts none we hold. */
  actKey(space: string): Promise<NodeKey>
  /**
   * Host path: answers in order, after commit and guard. At most 256 at once. Projecting has begun by then;
   * `project(space, size)` waits for it.
   */
  append(space: string, handed: readonly Handed[]): Promise<Sequenced[]>
  /** Called once new entries are committed and guarded, perhaps before anything here shows them. */
  onAppended(listener: (appended: Appended) => void): () => void
  /** As `append`, and what is on record is projected before it answers. */
  sequence(space: string, handed: readonly Handed[]): Promise<Sequenced[]>
  /** Replica path: stores what verifies up to the checkpoint, or nothing. Projects before it answers. */
  ingest(space: string, delivery: Delivery): Promise<Ingested>
  /** Orders the space from here on, if these acts together say so by the rules; the same tree goes on. */
  takeOver(space: string, envelopes: readonly Envelope[]): Promise<TakenOver>
  /**
   * Leaves the entries from `delivery.from` on for the record of a host that a majority of members chose without the
   * old one. What is left is kept: {@link orphans}.
   */
  adopt(space: string, delivery: Delivery): Promise<Adopted>
  /** Spaces whose hosting we ended and whose new host has not put the deciding act on record yet. */
  handovers(): Promise<Handover[]>
  /** The new host has it, and we are no member: nothing is to be done any more. */
  handoverTaken(space: string): Promise<void>
  /** Called once this node signs no longer for a space, before the new host knows. */
  onHandedOver(listener: (space: string) => void): () => void
  /** Projects what is not projected yet; call after blobs arrived. With `upTo` only until that many entries are. */
  project(space: string, upTo?: number): Promise<void>
  /** Empties all views and replays every space, in one transaction. */
  rebuildViews(): Promise<void>

  // Reading the log
  head(space: string): Promise<SpaceHead | undefined>
  /** What memory holds of a space, and whether our line is on it; perhaps no longer true: for work that is checked where it is done. */
  recall(space: string): (Pick<SpaceHead, 'size' | 'host' | 'kind'> & { cosigned: boolean }) | undefined
  heads(): Promise<SpaceHead[]>
  /** C2SP path under `tile/`, e.g. `tile/0/000` or `tile/entries/000.p/5`; undefined beyond the log. */
  tile(space: string, path: string): Promise<Uint8Array | undefined>
  entries(space: string, from: number, limit: number): Promise<Uint8Array[]>
  /** The envelope of one act, to hand on. */
  envelope(hash: string): Promise<{ space: string; index: number; envelope: Envelope } | undefined>
  consistency(space: string, from: number, to: number): Promise<Uint8Array[]>
  /** Body, text and attachments of entries from `from` on that are neither stored nor erased; `under` limits their size in bytes. */
  missingParts(space: string, options?: { from?: number; under?: number; limit?: number }): Promise<MissingPart[]>
  /** Whether a part of this space has this commitment: what a member may fetch here. */
  hasPart(space: string, commitment: string): Promise<boolean>
  members(space: string): Promise<MemberKeys[]>
  /** Both at one moment, and in one question. */
  headWithMembers(space: string): Promise<{ head: SpaceHead; members: MemberKeys[] } | undefined>
  /** Whether an act could stand on the record next, as far as that can be judged here; undefined for unknown spaces. */
  judge(space: string, envelope: unknown): Promise<Judged | undefined>
  /** Content of acts that are not on the record, behind the gate. */
  contentOf(acts: readonly { hash: string; statement: Statement }[]): Promise<Map<string, Marked<ActContent>>>
  /** Index at which a (author, id) of a space stands. */
  findById(space: string, author: string, id: string): Promise<LoggedAct | undefined>

  // Cosigning
  /**
   * Our cosignature line on the newest checkpoint, once its entries and payloads ≤ 1 MiB are here; undefined before.
   * The same checkpoint again gives the stored line.
   */
  cosign(space: string): Promise<{ size: number; root: string; line: string } | undefined>
  /** Spaces hosted here whose newest checkpoint lacks our own cosignature: a process ended in between. */
  uncosigned(): Promise<string[]>
  /** Stores lines of members on the checkpoint of `size`; returns the parties whose line was good. */
  addCosignatures(space: string, size: number, lines: readonly string[]): Promise<string[]>
  /** Newest checkpoint with at most 16 signature lines. */
  checkpoint(space: string): Promise<string>
  /** The same with the lines that found no place in it. */
  cosigned(space: string): Promise<{ note: string; apart: string[] }>
  /** Called after lines of a space were stored: whose, unless they came with its newest entries. */
  onCosigned(listener: (space: string, by: readonly string[]) => void): () => void
  /** Conflicts kept as evidence. */
  conflicts(space?: string): Promise<Conflict[]>
  /**
   * Compares a host-signed note seen elsewhere with our log; freezes and returns the conflict if both cannot be.
   * A note ahead of us is kept and compared when we get there.
   */
  witness(space: string, note: string, promised?: Promised): Promise<Conflict | undefined>
  /** Checkpoints to tell a peer: of spaces it is in and of registers; of a frozen space both that contradict. */
  notesFor(party: string): Promise<string[]>
  /** Compares a host's signed refusal with what stands on its record. */
  witnessRefusal(space: string, refusal: SignedRefusal): Promise<Conflict | undefined>
  /** Evidence that a host went on without an act that members kept; undefined where the rules do not bear it. */
  ignored(
    space: string,
    tendered: { envelope: Envelope; receipts: readonly Envelope[]; refusal?: Envelope },
  ): Promise<Uint8Array | undefined>
  /** An evidence file as it lies under `evidence/`; undefined for a name we do not know. */
  evidence(file: string): Promise<Uint8Array | undefined>
  /** Called after a contradiction was found and kept. Returns what ends the calls. */
  onConflict(listener: (conflict: Conflict) => void): () => void

  // Registers
  /** Reads a stored register: keys by position, names, fingerprint. */
  register(space: string): Promise<RegisterState | undefined>
  /** Founding and key events of a register with their proof, as `space.keys-changed` carries them; undefined before the first. */
  registerChain(space: string): Promise<z.infer<typeof keysChangedBody>['register'] | undefined>
  /** What a space we open says of the party whose register this is. */
  snapshot(registerSpace: string): Promise<PartySnapshot | undefined>
}

/** Body of a governance act, already parsed. */
export type GovernanceBody = Json

export type { ActDraft, Reader, Receipt }
