import type { Json } from '../../protocol/types.ts'
import type { Viewer } from '../auth/types.ts'
import type { Clock } from '../clocks/types.ts'
import type { Migration, Tx } from '../storage/types.ts'
import type { ActDefinition, SpaceFacts } from './acts.ts'
import type { ActAction, ActFace, ActNote, Composer, NoteReading, ShownAct } from './faces.ts'
import type { Permission, Route } from './routes.ts'
import type { Services } from './services.ts'

/** Something a person should do, for Today. */
export interface Need {
  key: string
  /** Message keys. */
  verb: string
  form: string
  from?: string
  headline: string
  /** Act whose subject is the headline for whoever may read it: read only where the line is shown. */
  subjectOf?: string
  href: string
  /** Scenario/real ms; sort key. */
  dueAt?: number
  clock?: Clock
  space?: string
  waitsFor?: 'me' | 'them'
}

/** What a module's own records say of a party, for that party's page: never a word of the party itself. */
export interface PartyRecords {
  /** Message keys. */
  title: string
  lead: string
  /** Newest first. `form` and `state` are message keys. */
  lines: { href: string; form: string; number: string; state: string; at: number }[]
}

export interface Module {
  name: string
  acts?: readonly ActDefinition[]
  faces?: readonly ActFace[]
  composers?: readonly Composer[]
  migrations?: readonly Migration[]
  routes?(services: Services): Route[]
  /** For Today: what needs this person, what we wait for. */
  needs?(services: Services, viewer: Viewer): Promise<Need[]>
  /** Verbs at the head of a space's page that belong to no single act: call a communication check. */
  spaceActions?(services: Services, viewer: Viewer, space: SpaceFacts): Promise<ActAction[]>
  /** Verbs under every act of a timeline that can be read, whatever its type: those this person may use. */
  actActions?(shown: ShownAct, reading: { party: string; viewer: Viewer }): ActAction[]
  /** A person was shown these acts of a space on its page, with what the gate let through. */
  wereShown?(services: Services, viewer: Viewer, shown: readonly ShownAct[]): Promise<void>
  /** Sentences beside acts of any type, for all acts of a page in one go, by act hash. */
  actNotes?(reading: NoteReading, acts: readonly ShownAct[]): Promise<Map<string, ActNote[]>>
  /** Asked before any draft of an act is saved from a form. @throws Refusal with the `field` to blame */
  checkDraft?(
    services: Services,
    viewer: Viewer,
    draft: { space: SpaceFacts; type: string; body: Json; text?: Json | undefined },
  ): Promise<void>
  /**
   * Another member kept an act before its leaf time: what rows say of when it came follows. `at` is scenario ms in a
   * drill, never later than the act's own. Same rules as a projector.
   */
  keptSince?(tx: Tx, kept: { space: string; act: string; at: number }): Promise<void>
  /** Tables in `view` that rebuild drops and replays. */
  views?: readonly string[]
  tasks?: Record<string, (services: Services, payload: Json) => Promise<void>>
  /** Called about once a second and whenever a space changed: escalation, holds. Must be idempotent. */
  tick?(services: Services): Promise<void>
  /** Records of a party; undefined where the module has none of it. */
  ofParty?(services: Services, viewer: Viewer, party: string): Promise<PartyRecords | undefined>
  /** What this house itself calls parties, per language: shown on its pages before their own name, and nowhere else. */
  namesOfParties?(services: Services): Promise<Map<string, Record<string, string>>>
  navigation?: { href: string; label: string; permission: Permission; order: number }[]
}

export type {
  ActContent,
  ActDefinition,
  ActDraft,
  Attachment,
  Effect,
  LoggedAct,
  ProjectedAct,
  SearchedFor,
  SignedAct,
  SpaceFacts,
  SpaceMember,
} from './acts.ts'
export type {
  HistoryPlan,
  Ledger,
  NewSpace,
  OrphanedAct,
  Outbox,
  SealedProof,
  Submission,
  TenderedAct,
  Tenders,
} from './ledger.ts'
export type { Draft, DraftState, DraftTrace, DraftVersion, Drafts, ReleaseWords } from './drafts.ts'
export type { ActAction, ActFace, ActNote, Composer, ComposerProps, FaceProps, NoteReading, ShownAct } from './faces.ts'
export type { Answer, Permission, Route, Visit } from './routes.ts'
export type { Jobs, Live, Notices, Peer, Peers, People, Services } from './services.ts'
export type { Json, Marking, Receipt, Seen, SpaceKind, SpaceOpening, Statement } from '../../protocol/types.ts'
export type { Viewer } from '../auth/types.ts'
export type { Exit } from '../markings/types.ts'
