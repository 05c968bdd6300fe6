import type { Tlp } from '../../protocol/types.ts'
import type { ClockSource, Logger, Settings } from '../config/types.ts'
import type { Db } from '../storage/types.ts'

export interface Office {
  /** Identifier that stands in statements, e.g. `cyber-desk`. */
  id: string
  name: Record<string, string>
}

/** What may be done with a subject. */
export type Verb = 'draft' | 'release' | 'send' | 'read' | 'manage'

/**
 * What somebody may do, as `<act type or subject>:<verb>`; verbs: `draft`, `release`, `send`, `read`, `manage`.
 * `channels.note-sent:release` releases a note somebody else drafted; `channels.note-acknowledged:send` needs no second person.
 */
export type Power = `${string}:${Verb}`

/** The signed-in person and what the powers table of their offices gives them. */
export interface Viewer {
  person: { id: string; name: string; language: string; zone: string }
  /** First one is the office they act for unless they choose another. */
  office: Office
  offices: Office[]
  roles: string[]
  ceiling: Tlp
  /** Classes the person is cleared for on this node, by ladder and level; see core/markings. */
  classes?: readonly string[]
  /** `YYYY-MM-DD`, UTC, of the request: a class that ended before it binds no longer. */
  today?: string
  sessionId: string
  /** Set while a page is made that will lie on a device: its reader sees less, and the page says from when it is. */
  keeping?: Keeping
  /** Without an office: in any office the person serves in today. */
  may(power: Power, office?: string): boolean
  /** Delegations through which alone the person holds a power; none where an appointment of their own gives it. */
  lentBy?(power: Power, office?: string): readonly Lent[]
}

/** What a delegation lends, as far as steps have to know of it. */
export interface Lent {
  id: string
  /** Whom the person acts for; nobody where it is the office. */
  principal?: string
  instrument: string
}

/** A page that will lie on a device. */
export interface Keeping {
  /** When it is made, ms. */
  at: number
  /** When the device forgets it, ms. */
  until: number
  /** Sealed spaces too, as the house says. */
  sealed: boolean
}

/** What sign-in, powers and the audit need of a node; `Services` satisfies it. */
export interface AuthContext {
  party: string
  settings: Pick<Settings, 'publicUrl'>
  clock: ClockSource
  log: Logger
  db: Db
}

/** Identifier of a role preset; see `roles.ts`. */
export type RoleId =
  | 'administrator'
  | 'analyst'
  | 'drafter'
  | 'releaser'
  | 'duty-officer'
  | 'desk-officer'
  | 'legal'
  | 'delegate'
  | 'secretary'
  | 'head-of-office'
  | 'security-officer'

/** One line of an office's powers table: in this office, this role may do this. */
export interface PowerLine {
  office: string
  role: RoleId
  /** Act type or subject; may end in `*`. */
  subject: string
  verb: Verb
  /** Lent by a delegation, not held by appointment. */
  lent?: Lent
  /** For `send`: the office asks for a second person even where the act itself does not. */
  secondPerson: boolean
}
