import type { RawBuilder } from 'kysely'
import type { Json, Marking } from '../../protocol/types.ts'
import type { Viewer } from '../auth/types.ts'
import type { Clock } from '../clocks/types.ts'
import type { RoomFacts, RoomPlace } from '../meeting-rooms/types.ts'
import type { Migration, Tx } from '../storage/types.ts'
import type { ActDefinition, LoggedAct, SpaceFacts } from './acts.ts'
import type { BesideDraft, Draft, Leaving } from './drafts.ts'
import type { ActAction, ActFace, ActNote, Composer, NoteReading, ShownAct } from './faces.ts'
import type { IncidentRoom } from './incident-rooms.ts'
import type { KeptGround } from './kept-ground.ts'
import type { Pictured } from './pictured.ts'
import type { Registered } from './registered.ts'
import type { Permission, Route, Visit } from './routes.ts'
import type { Services } from './services.ts'

/** Something a person should do, for Today. */
export interface Need {
  key: string
  /** Message keys. */
  verb: string
  form: string
  from?: string
  headline: string
  /** Act whose subject or title is the headline for whoever may read it, else `headline`: read only where shown. */
  subjectOf?: string
  href: string
  /** Scenario/real ms; sort key. */
  dueAt?: number
  clock?: Clock
  space?: string
  /** `nobody`: it runs, and nothing is to be done. */
  waitsFor?: 'me' | 'them' | 'nobody'
}

/** What a module's own records say of a party, for that party's page: never a word of the party itself. */
export interface PartyRecords {
  /** Message keys. */
  title: string
  lead: string
  /** Newest first. `form` and `state` are message keys. */
  lines: { href: string; form: string; number: string; state: string; at: number }[]
}

/** A record of this house as a search for words finds it. */
export interface HomeRecord {
  href: string
  /** Message key of what kind of thing it is. */
  form: string
  title: string
  /** Everything that is said in it, in any shape. */
  text: Json
  marking: Marking
  /** ms of its last change. */
  at: number
}

/** An act of ours on the record that shows what was done, and that a report to others can name for it. */
export interface OwnResult {
  /** What it is a result of: `check`, or `measure-<number>` of confidence-building. */
  of: string
  space: string
  act: string
  /** When it was done, ms; scenario ms in a drill. */
  at: number
  /** One line for whoever chooses among them. */
  says(reading: Pick<NoteReading, 'viewer' | 't' | 'language'>): string
}

/** A clock on an incident kept at home, for its page; its title is in words already. */
export interface IncidentClock {
  clock: Clock
  /** Now on the clock it runs on, where that is one of a drill. */
  now?: number
  title: string
  href: string
}

/** What a module says about giving acts out to those who are not in their space; by act hash. */
export interface Publication {
  /** Under an embargo: whatever their marking, they go nowhere yet. */
  held: string[]
  /** Their author agreed on the record that they are published. */
  open: string[]
}

/** Words that nobody may give out before a time. */
export interface HeldWords {
  /** Never another for the same words. */
  key: string
  /** Where all members read them anyway; words at home have none. */
  space?: string
  href: string
  /** Language → what they are called. */
  title: Record<string, string>
  /** ms on the clock of their space; left out where no time is known. */
  until?: number
  /** Each a text of its own: one per language. */
  words: string[]
}

/** Rooms that stand together behind one name of the first level. */
export type NavigationGroup = 'correspondence' | 'meetings' | 'incidents' | 'undertakings' | 'house'

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
  /** Records of its own that this person may read, newest first, a few hundred at most: where a search for words looks. */
  homeRecords?(services: Services, viewer: Viewer): Promise<HomeRecord[]>
  /** Documents it keeps at home for which the house can want a legal clearance: kind → message key of its name. */
  homeDocuments?: Readonly<Record<string, string>>
  /** Documents of its own that stand in the register of the house. */
  registered?: Registered
  /** Acts that bear this number, or one that begins so, in the registry of the house; their bodies do not say it. */
  findNumbered?(services: Services, reference: string): Promise<string[]>
  /** What a report said in `space` can name as its evidence, newest first, a hundred at most; of that drill or of none. */
  ownResults?(services: Services, viewer: Viewer, space: SpaceFacts): Promise<OwnResult[]>
  /** A person was shown these acts of a space on its page, with what the gate let through. */
  wereShown?(services: Services, viewer: Viewer, shown: readonly ShownAct[]): Promise<void>
  /** Asked before bytes of an attachment are handed out, handed on or taken up here. @throws Refusal */
  checkOpening?(services: Services, act: LoggedAct): Promise<void>
  /** Asked at every way out of a space: what of these acts is held, and what was agreed to be published. */
  publicationOf?(services: Services, acts: readonly LoggedAct[]): Promise<Publication>
  /**
   * Words under an embargo, as far as this person may read them: what copies of them by hand are recognised by.
   * Nobody in particular reads where whoever released a draft left the house meanwhile.
   */
  heldWords?(services: Services, viewer: Viewer | undefined): Promise<HeldWords[]>
  /** Sentences beside acts of any type, for all acts of a page in one go, by act hash. */
  actNotes?(reading: NoteReading, acts: readonly ShownAct[]): Promise<Map<string, ActNote[]>>
  /** Asked before any draft of an act is saved from a form, and with its `id` before it is handed on or released. @throws Refusal with the `field` to blame */
  checkDraft?(
    services: Services,
    viewer: Viewer,
    draft: { space: SpaceFacts; type: string; body: Json; text?: Json | undefined; id?: string },
  ): Promise<void>
  /**
   * Asked before a draft is released, and again when its hold is over: what it rests on may have changed meanwhile.
   *
   * @returns what the house's record says beside the step: under which instrument it is signed, and what an emergency
   *   release goes `without`, as a code of `clearance.without`
   * @throws Refusal; at signing the draft goes back with its code
   */
  checkLeaving?(services: Services, leaving: Leaving): Promise<Record<string, string> | undefined>
  /** Words a new form of an act begins with, where its address names them; nothing is saved. By the names of its fields. */
  wordsForDraft?(
    services: Services,
    viewer: Viewer,
    asked: { space: SpaceFacts; type: string; query: URLSearchParams },
  ): Promise<Record<string, string> | undefined>
  /** A draft that one person could send alone waits for a second one first: somebody of the house has to look at it. */
  waitsForOthers?(services: Services, draft: { type: string; body: Json }): Promise<boolean>
  /** A draft waits for release: whoever else of the house has to look at it is told, in the same transaction. */
  draftWaits?(services: Services, tx: Tx, draft: Draft, version: number): Promise<void>
  /** What other rooms show at the review of a draft. `errors` are of the form that was sent last. */
  besideDraft?(visit: Visit, draft: Draft, errors: Record<string, string>): Promise<BesideDraft>
  /** A draft was discarded: what a room kept about it goes with it, in the same transaction. */
  draftDiscarded?(tx: Tx, draft: string): Promise<void>
  /**
   * The document of a draft need not be kept any longer by the file plan: what a room kept about its making goes.
   *
   * @returns how many rows went
   */
  keptNoLonger?(tx: Tx, draft: string): Promise<number>
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
  /** Who may meet in the room of an act, and whether now; undefined where it has none. */
  roomOf?(services: Pick<Services, 'db' | 'clock'>, place: RoomPlace): Promise<RoomFacts | undefined>
  /** Records of a party; undefined where the module has none of it. */
  ofParty?(services: Services, viewer: Viewer, party: string): Promise<PartyRecords | undefined>
  /** Ids of facts, particulars and evidence of an incident whose words its records hold: those of others read them there. */
  restsOn?(tx: Tx, incident: string): Promise<string[]>
  /** What it keeps about incidents in sight and others can rest on, withdrawn ones included, whatever its marking. */
  keptGrounds?(services: Services, viewer: Viewer, incidents: readonly string[]): Promise<KeptGround[]>
  /** Clocks of its own that run on an incident this person may read. */
  incidentClocks?(services: Services, viewer: Viewer, incident: string): Promise<IncidentClock[]>
  /** The condition under which a clock of its own runs on the incident that the column `incident` names. */
  openClockOn?(services: Services, incident: string): RawBuilder<boolean>
  /** What it adds to pictures of many incidents. */
  pictured?: Pictured
  /**
   * Its rooms of work on an incident this person may read, for the list on that incident's page. Asked on every visit
   * of the page: a query or two, and counts only of what this person may know of.
   */
  incidentRooms?(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]>
  /** What this house itself calls parties, per language: shown on its pages before their own name, and nowhere else. */
  namesOfParties?(services: Services): Promise<Map<string, Record<string, string>>>
  /** Its lines on Today may lie on a device: they say nothing that only some of the house may know. */
  needsOnDevices?: true
  /** Spaces that never lie on a device, whatever their marking. */
  neverOnDevices?(space: SpaceFacts): boolean
  /** Rooms people go to by name; one without a group stands on the first level. */
  navigation?: { href: string; label: string; permission: Permission; order: number; group?: NavigationGroup }[]
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
  AttachmentBytes,
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
export type {
  BesideDraft,
  Draft,
  DraftState,
  DraftTrace,
  DraftVersion,
  Drafts,
  Leaving,
  ReleaseWords,
} from './drafts.ts'
export type { ActAction, ActFace, ActNote, Composer, ComposerProps, FaceProps, NoteReading, ShownAct } from './faces.ts'
export type { IncidentPlace, IncidentRoom } from './incident-rooms.ts'
export type { Pictured } from './pictured.ts'
export type { KeptGround } from './kept-ground.ts'
export type { DisputeRow, DocumentState, Registered, RegisteredRow } from './registered.ts'
export type { Answer, Permission, Route, Visit } from './routes.ts'
export type { Jobs, Live, Notices, Peer, Peers, People, Services } from './services.ts'
export type { Json, Marking, Receipt, Seen, SpaceKind, SpaceOpening, Statement } from '../../protocol/types.ts'
export type { Viewer } from '../auth/types.ts'
export type { Exit } from '../markings/types.ts'
