import type { ColumnType } from 'kysely'
import type { Evidence } from '../../protocol/evidence/index.ts'
import type { Envelope, Json, MemberSnapshot, SpaceKind } from '../../protocol/types.ts'

type JsonColumn<T> = ColumnType<T, string, string>

export interface SpaceTable {
  space: string
  kind: SpaceKind
  /** This node orders the space. */
  hosted: boolean
  host: string
  origin: string
  host_key: string
  size: number
  root: Buffer
  /** ms of the newest leaf. */
  time: number
  /** Why nothing is signed or stored for it any more. */
  frozen: string | null
  /** Everything said in it is sealed to its members. */
  sealed: boolean
}

interface EntryTable {
  space: string
  idx: number
  leaf: Buffer
  leaf_hash: Buffer
  /** Root of the log of size idx + 1. */
  root: Buffer
  act_hash: string
  author: string
  act_id: string
  type: string
  /** Admission of later acts depends on it. */
  governance: boolean
  time: number
}

interface PartTable {
  space: string
  idx: number
  ordinal: number
  role: string
  hash: string
  size: number
  /** Commitment of the part in the clear, where `hash` is that of its sealed bytes. */
  plain: string | null
}

/** Hashes of complete subtrees, level 1 and up; level 0 is `log.entry.leaf_hash`. */
interface NodeTable {
  space: string
  level: number
  idx: number
  hash: Buffer
}

interface CheckpointTable {
  space: string
  size: number
  note: string
}

interface CosignatureTable {
  space: string
  size: number
  party: string
  /** ms. */
  time: number
  line: string
}

/** Lines of witnesses that are no members, and second lines of members by another algorithm. */
interface WitnessLineTable {
  space: string
  size: number
  name: string
  /** Verifier key under which it was found good. */
  key: string
  kind: string
  /** ms. */
  time: number
  line: string
}

interface ConflictTable {
  space: string
  kind: string
  accused: string
  role: Evidence['accused']['role']
  held: string
  came: string
  detail: string
  common: number
  found_at: number
  file: string | null
  evidence: Buffer | null
}

/** Host-signed notes ahead of what we hold, to be compared when we get there. */
interface HeardTable {
  space: string
  size: number
  note: string
  promised: JsonColumn<{ index: number; leaf: string; path: string[] } | null>
}

interface CursorTable {
  space: string
  /** Entries projected. */
  size: number
}

interface ViewSpaceTable {
  space: string
  kind: SpaceKind
  title: JsonColumn<Record<string, string>>
  purpose: string
  host: string
  drill: JsonColumn<{ name: string } | null>
  terms: JsonColumn<Record<string, string>>
  under: JsonColumn<{ space: string; act: string } | null>
  /** Index of the act that closed it. */
  closed: number | null
}

interface ViewMemberTable {
  space: string
  party: string
  role: MemberSnapshot['role']
  since: number
  until: number | null
}

interface ViewDrillClockTable {
  space: string
  idx: number
  /** Leaf time from which it counts, ms. */
  set_at: number
  scenario: number
  rate: number
}

interface ViewWithoutEffectTable {
  space: string
  idx: number
  reason: string
}

/** An act whose sealed body this node cannot read: without rows until a grant opens it. */
interface ViewDarkTable {
  space: string
  idx: number
  reason: string
}

interface PurgedPartTable {
  space: string
  /** Commitment of the plaintext. */
  hash: string
  idx: number
  at: number
}

interface ViewErasedPartTable {
  space: string
  /** As the statement names the part: of a sealed one the plaintext’s. */
  hash: string
  /** Index of the act it belonged to, and of its tombstone. */
  idx: number
  tombstone: number
}

interface ViewTenderTable {
  space: string
  idx: number
  act: string
  /** Party that says it was tendered, and when, ms. */
  by: string
  at: number
}

interface ViewRegisterTable {
  party: string
  space: string
  names: JsonColumn<Record<string, string>>
  /** Current keys as the register gives them. */
  keys: JsonColumn<Json>
  first: string
}

/** A space that this node ordered and does no longer: the act that ended it, for the new host to put on record. */
interface HandoverTable {
  space: string
  act: string
  envelope: JsonColumn<Envelope>
  to_party: string
  /** What this node signed last, base64url root. */
  size: number
  root: string
  at: number
  /** When the new host said that it has it, where this node is no member; else it sees for itself. */
  taken_at: number | null
}

/** An entry of a record that this node left, because its members went on with another host. */
interface OrphanTable {
  space: string
  /** Act hash. */
  act: string
  idx: number
  leaf: Buffer
  /** Root of that record at size idx + 1. */
  root: Buffer
  time: number
  /** Party that ordered it, and its newest checkpoint of that record. */
  host: string
  note: string
  /** When this node left it, ms. */
  at: number
}

declare module '../storage/tables.ts' {
  interface Tables {
    'log.space': SpaceTable
    'log.entry': EntryTable
    'log.part': PartTable
    'log.node': NodeTable
    'log.checkpoint': CheckpointTable
    'log.cosignature': CosignatureTable
    'log.witness_line': WitnessLineTable
    'log.conflict': ConflictTable
    'log.handover': HandoverTable
    'log.heard': HeardTable
    'log.orphan': OrphanTable
    'view.cursor': CursorTable
    'view.space': ViewSpaceTable
    'view.member': ViewMemberTable
    'view.drill_clock': ViewDrillClockTable
    'view.without_effect': ViewWithoutEffectTable
    'log.purged_part': PurgedPartTable
    'view.erased_part': ViewErasedPartTable
    'view.dark': ViewDarkTable
    'view.tender': ViewTenderTable
    'view.register': ViewRegisterTable
  }
}
