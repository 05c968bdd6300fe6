import type { ComponentChildren, VNode } from 'preact'
import type { ZodType } from 'zod'
import type {
  Json,
  Marking,
  MemberSnapshot,
  Receipt,
  Seen,
  SpaceKind,
  SpaceOpening,
  Statement,
} from '../../protocol/types.ts'
import type { Viewer } from '../auth/types.ts'
import type { Clock } from '../clocks/types.ts'
import type { ClockSource, Logger, Settings } from '../config/types.ts'
import type { Exit, Marked } from '../markings/types.ts'
import type { Blobs, Db, Migration, Tx } from '../storage/types.ts'
import type { Translate } from '../../text/types.ts'

// ── Spaces and acts as modules see them ────────────────────────────────────

export interface SpaceMember {
  party: string
  role: 'member' | 'chair' | 'observer'
  /** Index at which the member came in. */
  since: number
  until?: number
}

/** What every member knows about a space, computed from its log alone. */
export interface SpaceFacts {
  id: string
  kind: SpaceKind
  title: Record<string, string>
  purpose: string
  host: string
  /** This node orders the space. */
  hosted: boolean
  members: SpaceMember[]
  drill?: { name: string }
  terms: Record<string, string>
  under?: { space: string; act: string }
  size: number
  root: string
  /** ms of the newest leaf. */
  time: number
}

/** An act as a projector gets it. Nothing here depends on this node: the same on every replica. */
export interface ProjectedAct<B = unknown> {
  space: SpaceFacts
  index: number
  hash: string
  statement: Statement
  /** Leaf time, ms. */
  time: number
  /** Leaf time mapped by the drill's clock, or the leaf time itself. All duties run on it. */
  scenarioTime: number
  /** Part `body`, parsed by the definition's schema. */
  body: B
}

/** Reason code (message key `<module>.without-effect.<code>`) when an admissible act changes nothing. */
export type Effect = undefined | { withoutEffect: string }

/**
 * One act a module owns. `body` holds structure and no prose and is never
 * erased; prose goes to `text` and to attachments, which can be.
 * Projectors write `view` tables of their own module through `tx`, use only
 * their arguments and rows of the same space, and never now(), random or home.
 */
export interface ActDefinition<B = any, T = any> {
  type: string
  body: ZodType<B>
  text?: ZodType<T>
  kinds: readonly SpaceKind[]
  /** One phrase each for docs/protocol/acts.md. */
  who: string
  requires: string
  effect: string
  clock?: string
  /** Folded in timelines. */
  technical?: boolean
  /** A direct act that is a step of its own, not an answer to be folded under the act it names. */
  standsAlone?: boolean
  /** Who must agree before it is signed: nobody else, or a second person. */
  release: 'direct' | 'one-person' | 'two-person'
  project?(tx: Tx, act: ProjectedAct<B>): Promise<Effect>
}

export interface Attachment {
  name: string
  media: string
  content: Uint8Array
  marking: Marking
}

/** Everything needed to sign one act. `id` is chosen when the draft is made: the same id twice is one act. */
export interface ActDraft {
  space: string
  type: string
  id: string
  office: string
  body: Json
  text?: Json
  attachments?: Attachment[]
  marking: Marking
  refs?: { space?: string; act: string }[]
  after?: string[]
}

export interface SignedAct {
  hash: string
  space: string
  id: string
  statement: Statement
}

export type Submission =
  | { state: 'on-record'; hash: string; index: number; time: number }
  | { state: 'signed'; hash: string }
  | { state: 'refused'; hash: string; rule: string; detail: string }

/** Signs, queues and carries acts to the host of their space, here or elsewhere. */
export interface Outbox {
  /** Signs in the caller's transaction; the same (space, id) again returns the first act unchanged. */
  enqueue(tx: Tx, draft: ActDraft): Promise<SignedAct>
  /** Waits for the receipt up to `settings.submitWaitMs`. Call after commit. */
  settle(hash: string): Promise<Submission>
  /** enqueue in its own transaction, then settle. */
  send(draft: ActDraft): Promise<Submission>
  /** Signed acts of ours that are not on the record yet. */
  pending(): Promise<{ hash: string; space: string; type: string; since: number; lastError?: string }[]>
}

/** An act as read from the log with what the gate let through is asked per act by `content`. */
export interface LoggedAct {
  space: string
  index: number
  hash: string
  time: number
  scenarioTime: number
  statement: Statement
  /** Reason code if the act is without effect or its type is unknown to this version (`unknown-type`). */
  withoutEffect?: string
}

/** Payload of one act. A part is missing where it was erased or has not arrived. */
export interface ActContent<B = any, T = any> {
  body?: B
  text?: T
  attachments: { name: string; media: string; hash: string; size: number; marking?: Marking; present: boolean }[]
}

export interface Ledger {
  /** Opens a space hosted here; signs `space.opened` as entry 0. The same id again returns the space unchanged. */
  open(opening: NewSpace): Promise<SpaceFacts>
  find(space: string): Promise<SpaceFacts | undefined>
  list(filter?: { kind?: SpaceKind; member?: string }): Promise<SpaceFacts[]>
  acts(space: string, range?: { from?: number; limit?: number; types?: string[] }): Promise<LoggedAct[]>
  findAct(hash: string): Promise<LoggedAct | undefined>
  /** Content behind the marking gate; open with `reveal` of core/markings. */
  content(hashes: string[]): Promise<Map<string, Marked<ActContent>>>
  attachment(act: string, partHash: string): Promise<Marked<Uint8Array> | undefined>
  receipt(hash: string): Promise<Receipt | undefined>
  /** Leaf bytes in order: what a dossier and "check it yourself" hand out. */
  entries?(space: string, from: number, limit: number): Promise<Uint8Array[]>
  checkpoint(space: string): Promise<string>
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
}

// ── Peers ──────────────────────────────────────────────────────────────────

export interface Peer {
  party: string
  url: string
  state: 'introduced' | 'pinned'
  /** Leaf hash of the register's entry 0 in groups of digits. */
  fingerprint: string
  name: Record<string, string>
  pinnedAt?: number
  pinnedBy?: string
  /** How the fingerprint was compared: `voice`, `in-person`, `document`. */
  comparedBy?: string
  reachable: boolean
  unreachableSince?: number
}

export interface Peers {
  /** Fetches what the other side says of itself; nothing is believed yet. */
  introduce(url: string): Promise<Peer>
  pin(party: string, by: { person: string; how: string; fingerprint: string }): Promise<Peer>
  find(party: string): Promise<Peer | undefined>
  list(): Promise<Peer[]>
  /** Spaces that unpinned peers opened with us: nothing of them is read before someone pins. */
  requests(): Promise<{ space: string; party: string; since: number }[]>
  /** Our own fingerprint, for the other side to compare. */
  ownFingerprint(): Promise<string>
}

// ── What a module may call ─────────────────────────────────────────────────

export interface Notices {
  /** In-app notice plus mail without content. The same key twice is one notice. */
  send(
    tx: Tx,
    notice: {
      key: string
      person: string
      /** Message key of the sentence; `facts` fill it. No content of marked things. */
      message: string
      facts?: Record<string, string | number>
      link: string
      urgency: 'page' | 'normal'
      /** Name of the drill it belongs to; mail says so in its first line. */
      drill?: string
    },
  ): Promise<void>
  unread(
    person: string,
  ): Promise<
    { id: string; message: string; facts: Record<string, string | number>; link: string; at: number; urgency: string }[]
  >
  markRead(person: string, ids?: string[]): Promise<void>
  /** What notices of this key asked for is done: everybody’s count as read. `key` is the part before the last colon. */
  settle(tx: Tx, key: string): Promise<void>
}

export interface Jobs {
  /** Runs `task` after the transaction commits, at or after `runAt`; one job per key. */
  enqueue(tx: Tx, task: string, payload: Json, options?: { key?: string; runAt?: number }): Promise<void>
  /** Runs everything due now and returns; tests call this instead of waiting. */
  drain(): Promise<void>
}

/** Hints to open pages and to the outbox: topics such as `space:<id>`, `today:<person>`. */
export interface Live {
  publish(topic: string): void
  subscribe(topics: string[], listener: (topic: string) => void): () => void
}

export interface People {
  find(
    person: string,
  ): Promise<{ id: string; name: string; email?: string; roles: string[]; offices: Office_[] } | undefined>
  list(): Promise<{ id: string; name: string; email?: string; roles: string[]; offices: Office_[] }[]>
  offices(): Promise<Office_[]>
  /** People who hold a power now. */
  holding(power: string): Promise<string[]>
}
type Office_ = { id: string; name: Record<string, string> }

export interface Services {
  /** Our party: lower-case domain. */
  party: string
  /** Names of our party per language. */
  partyName: Record<string, string>
  settings: Settings
  log: Logger
  clock: ClockSource
  db: Db
  blobs: Blobs
  ledger: Ledger
  outbox: Outbox
  peers: Peers
  people: People
  notices: Notices
  jobs: Jobs
  live: Live
  drafts: Drafts
  modules: readonly Module[]
  /** Name of a party for a reader: its own designation in that language, else the domain. */
  nameOf(party: string, language: string): string
}

// ── Drafts and release: every outward act but direct ones goes this way ────

export type DraftState = 'drafting' | 'awaiting-release' | 'held' | 'sent' | 'discarded'

export interface Draft {
  /** Becomes the act's id. */
  id: string
  space: string
  type: string
  office: string
  body: Json
  text?: Json
  attachments: { name: string; media: string; hash: string; size: number; marking: Marking }[]
  marking: Marking
  refs: { space?: string; act: string }[]
  state: DraftState
  drafter: string
  releaser?: string
  /** SHA-256 over {type, space, recipients, marking, plaintext part hashes}; release refuses another. */
  approval: string
  /** Scenario ms until which Stop works. */
  holdUntil?: number
  actHash?: string
  updatedAt: number
  /** Everybody who saved it; none of them may release it. */
  hands?: string[]
  /** Why it came back: somebody's words, or `stopped`, `readers-changed`, `refused:<code>`. */
  returnedWhy?: string
  /** Anything the composer needs to show the form again. */
  form: Json
}

/** A draft as it stood when it was submitted. */
export interface DraftVersion {
  number: number
  at: number
  person: string
  approval: string
  body: Json
  text?: Json
  marking: Marking
  attachments: Draft['attachments']
}

export interface Drafts {
  save(viewer: Viewer, draft: ActDraft & { form: Json }): Promise<Draft>
  find(id: string): Promise<Draft | undefined>
  listFor(viewer: Viewer): Promise<Draft[]>
  /** Drafter → waiting for a second person; for `one-person` acts: straight to held. */
  submit(viewer: Viewer, id: string, approval: string): Promise<Draft>
  /** Second person; throws when it is the drafter or when the approval differs. Starts the hold. */
  release(viewer: Viewer, id: string, approval: string): Promise<Draft>
  stop(viewer: Viewer, id: string): Promise<Draft>
  giveBack(viewer: Viewer, id: string, why: string): Promise<Draft>
  discard(viewer: Viewer, id: string): Promise<void>
  /** Signs every draft whose hold has passed; also run by a job. */
  signDue(): Promise<void>
  /** What was submitted each time, oldest first: a releaser sees what changed since. */
  versions?(id: string): Promise<DraftVersion[]>
}

// ── HTTP ───────────────────────────────────────────────────────────────────

/** Who may call a route: a named permission, everybody, any signed-in person, a peer node, or set-up. */
export type Permission = Power_ | 'public' | 'signed-in' | 'peer' | 'set-up'
type Power_ = `${string}:${'draft' | 'release' | 'send' | 'read' | 'manage'}`

export interface Visit<I = unknown> {
  services: Services
  viewer: Viewer
  input: I
  params: Record<string, string>
  query: URLSearchParams
  t: Translate
  language: string
  request: Request
  /** True when the client asked for JSON: answer with data instead of a page. */
  wantsJson: boolean
  /** Input as it came, before the schema: what a form is filled with again. Files are left out. */
  values?: Record<string, unknown>
  /** One sentence the redirect that led here left behind. */
  notice?: string
}

/** What a handler returns: a page, a redirect after a form, data, or a raw response. */
export type Answer =
  | { page: VNode; status?: number }
  | { redirect: string; data?: Json; notice?: string }
  | { data: unknown; status?: number }
  | Response

/**
 * One route. A POST takes the same input as a form and as JSON
 * (`Content-Type: application/json`), so the API has no field a form lacks.
 * `redirect` answers 303 to a form and its `data` (or `{location}`) to JSON.
 */
export interface Route<I = any> {
  method: 'GET' | 'POST'
  path: string
  permission: Permission
  input?: ZodType<I>
  /** One line for OpenAPI. */
  summary: string
  handle(visit: Visit<I>): Promise<Answer>
  /**
   * The page of the form again, filled with `visit.values`, each wrong field explained
   * (field name → sentence). Answered with 422; JSON clients get a problem instead.
   */
  onInvalid?(visit: Visit<unknown>, errors: Record<string, string>): Promise<Answer>
}

// ── Faces: how people see acts, and the forms they write them with ─────────

export interface ShownAct<B = any, T = any> {
  act: LoggedAct
  space: SpaceFacts
  /** Undefined where the gate withheld it; `withheld` says why. */
  content?: ActContent<B, T>
  withheld?: string
}

export interface FaceProps<B = any, T = any> {
  shown: ShownAct<B, T>
  /** What the face's `load` found for this act. */
  facts?: any
  services: Services
  viewer: Viewer
  t: Translate
  language: string
}

export interface ActAction {
  /** Message key of the verb, filled by `labelFacts`. */
  label: string
  labelFacts?: Record<string, string | number>
  /** POST with no further input, or GET of a page. */
  method: 'GET' | 'POST'
  href: string
  primary?: boolean
  /** Hidden fields of the POST (an act id chosen when the form was made, …). */
  fields?: Record<string, string>
}

/** The look of one act type in timelines, reviews and print. */
export interface ActFace<B = any, T = any> {
  type: string
  /** "Note verbale". */
  form(t: Translate, body?: B): string
  /** One line for lists: subject or gist. Content was revealed already. */
  headline(props: FaceProps<B, T>): string
  /** Loads what `margin` and `actions` need for all acts of this type on a page, in one go: act hash → facts. */
  load?(services: Services, acts: ShownAct<B, T>[], viewer: Viewer): Promise<Map<string, unknown>>
  /** What was said, set as a document. */
  Document(props: FaceProps<B, T>): VNode | null
  /** Extra lines for the margin (states, acknowledgement); facts were loaded by `load`. */
  margin?(props: FaceProps<B, T>): Promise<ComponentChildren>
  actions?(props: FaceProps<B, T>): Promise<ActAction[]>
}

/** A form that makes a draft (or a direct act) of one type in one space. */
export interface Composer<I = any> {
  type: string
  /** Message key of "I want to …". */
  wish: string
  mayStart(services: Services, viewer: Viewer, space: SpaceFacts): Promise<boolean>
  input: ZodType<I>
  /** The fields inside the shared form (which adds marking, id, buttons). Values are what was typed last. */
  Fields(props: ComposerProps): Promise<VNode>
  /**
   * `draft.id` stays the same each time one draft is saved: what is reserved for it (a register number) is reserved once.
   * `draft.marking` is what the person chose in the shared form.
   */
  compose(
    services: Services,
    viewer: Viewer,
    space: SpaceFacts,
    input: I,
    draft: { id: string; marking: Marking },
  ): Promise<{
    body: Json
    text?: Json
    attachments?: Attachment[]
    refs?: ActDraft['refs']
    /** Things at home that belong to the matter and do not leave, for the review page. */
    stays?: { what: string; count: number; why: string }[]
  }>
}

export interface ComposerProps {
  services: Services
  viewer: Viewer
  space: SpaceFacts
  values: Record<string, unknown>
  errors: Record<string, string>
  query: URLSearchParams
  t: Translate
  language: string
}

/** Something a person should do, for Today. */
export interface Need {
  key: string
  /** Message keys. */
  verb: string
  form: string
  from?: string
  headline: string
  href: string
  /** Scenario/real ms; sort key. */
  dueAt?: number
  clock?: Clock
  space?: string
  waitsFor?: 'me' | 'them'
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
  /** Tables in `view` that rebuild drops and replays. */
  views?: readonly string[]
  tasks?: Record<string, (services: Services, payload: Json) => Promise<void>>
  /** Called about once a second and whenever a space changed: escalation, holds. Must be idempotent. */
  tick?(services: Services): Promise<void>
  navigation?: { href: string; label: string; permission: Permission; order: number }[]
}

export type { Exit, Json, Marking, Receipt, Seen, SpaceKind, SpaceOpening, Statement, Viewer }
