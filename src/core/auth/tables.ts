import type { ColumnType, Generated } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'
import type { RoleId, Verb } from './types.ts'

/** `jsonb`: read as a value, written as JSON text (the driver would turn arrays into SQL arrays). */
type JsonColumn<T> = ColumnType<T, string, string>

export interface PersonTable {
  id: string
  name: string
  email: string | null
  language: string
  zone: string
  ceiling: Tlp
  /** Level of the party's own ladder up to which the person is cleared; null: none. */
  clearance: string | null
  added_at: number
  ended_at: number | null
}

export interface OfficeTable {
  id: string
  names: JsonColumn<Record<string, string>>
  position: number
  closed_at: number | null
}

export interface MembershipTable {
  id: string
  person: string
  office: string
  role: RoleId
  from_at: number
  until_at: number | null
  /** Ad interim: stands in for somebody between two dates. */
  acting: boolean
  set_by: string
}

export interface DelegationTable {
  number: Generated<number>
  id: string
  delegate: string
  office: string
  /** Null: for the office itself. */
  principal: string | null
  /** Signs for somebody ("For the Permanent Representative: …"), or in the post itself ("chargé d’affaires a.i."). */
  capacity: 'for' | 'ad-interim'
  /** Language → how the one acted for, and the one who acts, are styled in letters. */
  styles: JsonColumn<Record<string, { principal: string; own: string }>>
  /** By which order, letter or law, in the words of the house. */
  instrument: string
  from_at: number
  until_at: number
  granted_by: string
  granted_by_name: string
  granted_at: number
  revoked_by_name: string | null
  revoked_at: number | null
}

export interface PowerTable {
  office: string
  role: RoleId
  subject: string
  verb: Verb
  second_person: boolean
}

export interface SessionTable {
  id: string
  token_hash: Uint8Array
  person: string
  office: string | null
  method: 'passkey' | 'code' | 'link'
  opened_at: number
  seen_at: number
  expires_at: number
  closed_at: number | null
}

export interface CredentialTable {
  id: string
  person: string
  label: string
  public_key: Uint8Array
  counter: number
  transports: JsonColumn<string[]>
  relying_party: string
  added_at: number
  used_at: number | null
  revoked_at: number | null
}

export interface ChallengeTable {
  id: string
  challenge: string
  /** Null when nobody is signed in yet. */
  person: string | null
  expires_at: number
}

export interface OneTimeSecretTable {
  person: string
  secret: string
  begun_at: number
  /** Null until the first code was typed correctly. */
  confirmed_at: number | null
  /** The newest 30-second step that was used; no step is accepted twice. */
  last_step: number
}

export interface SignInLimitTable {
  bucket: string
  window_start: number
  attempts: number
}

export interface SignInLinkTable {
  id: string
  token_hash: Uint8Array
  person: string
  purpose: 'first' | 'recovery'
  issued_by: string
  issued_at: number
  expires_at: number
  used_at: number | null
  revoked_at: number | null
}

export interface RecoveryTable {
  id: string
  person: string
  reason: string
  asked_by: string
  asked_at: number
  approved_by: string | null
  approved_at: number | null
  refused_by: string | null
  refused_at: number | null
  link: string | null
}

export interface AuditTable {
  number: ColumnType<number, never, never>
  at: number
  person: string | null
  what: string
  about: string | null
  facts: JsonColumn<Record<string, string | number>>
}

export interface HouseTable {
  key: string
  value: JsonColumn<unknown>
}

declare module '../storage/tables.ts' {
  interface Tables {
    'home.person': PersonTable
    'home.office': OfficeTable
    'home.membership': MembershipTable
    'home.delegation': DelegationTable
    'home.power': PowerTable
    'home.session': SessionTable
    'home.credential': CredentialTable
    'home.challenge': ChallengeTable
    'home.one_time_secret': OneTimeSecretTable
    'home.sign_in_limit': SignInLimitTable
    'home.sign_in_link': SignInLinkTable
    'home.recovery': RecoveryTable
    'home.audit': AuditTable
    'home.house': HouseTable
  }
}
