import { ProtocolError } from './protocol-error.ts'
import type { KeySpan, RegisterCommitments } from './register-keys.ts'
import type { Json, MemberSnapshot, SpaceKind } from './types.ts'

export interface AdmittedMember {
  role: MemberSnapshot['role']
  /** Index of the act that brought it in. */
  since: number
  /** Index of the act from which it no longer belongs. */
  until?: number
  /** First leaf hash of its register. */
  first: string
  node: string
  cosigner: string
  /** Cosigner keys it had before, each with the index of the act that replaced it. */
  formerCosigners?: { key: string; until: number }[]
  sealing: string
  keys: KeySpan[]
}

export interface HostSpan {
  party: string
  origin: string
  key: string
  /** Checkpoints above this size carry this origin and key; a handover at entry n counts from n. */
  from: number
}

/** Everything admission of the next entry depends on, computed from the entries before it. Never changed in place. */
export interface AdmissionState {
  space: string
  kind: SpaceKind
  /** Party that opened the space. */
  opener: string
  size: number
  /** base64url. */
  root: string
  /** Leaf time of the newest entry, ms. */
  time: number
  host: { party: string; origin: string; key: string }
  /** All hosts so far, the present one last. */
  hosts: HostSpan[]
  /** All parties that ever belonged. */
  members: Map<string, AdmittedMember>
  /** Index of the newest change of membership. */
  membersChanged: number
  /** Of a register: what it has committed to. */
  register?: RegisterCommitments
  /** Parties that posted a governance body which needs several, by act type and body hash. */
  agreed: Map<string, string[]>
}

/** The state as plain JSON, for keeping beside the log; `readState` gives it back. */
export function stateToJson(state: AdmissionState): Json {
  return JSON.parse(
    JSON.stringify({
      ...state,
      members: Object.fromEntries(state.members),
      agreed: Object.fromEntries(state.agreed),
    }),
  ) as Json
}

/** The state that `stateToJson` wrote. Only for a node's own records: nothing in it is checked. */
export function stateFromJson(json: Json): AdmissionState {
  const state = json as unknown as Omit<AdmissionState, 'members' | 'agreed'> & {
    members: Record<string, AdmittedMember>
    agreed: Record<string, string[]>
  }
  return { ...state, members: new Map(Object.entries(state.members)), agreed: new Map(Object.entries(state.agreed)) }
}

/** Does the party belong at this index? */
export function isMemberAt(state: AdmissionState, party: string, index: number): boolean {
  const member = state.members.get(party)
  return member !== undefined && member.since <= index && (member.until === undefined || index < member.until)
}

/** Parties that belong now. */
export function presentMembers(state: AdmissionState): string[] {
  return [...state.members.keys()].filter((party) => isMemberAt(state, party, state.size))
}

/** The key that a party's act with this key id is judged by at this index; throws `unknown-key`, `key-ended`. */
export function keyAt(member: AdmittedMember, kid: string, index: number): string {
  const spans = member.keys.filter((span) => span.kid === kid)
  const span = spans.find(({ from, until }) => from <= index && (until === undefined || index < until))
  if (span) return span.key
  throw new ProtocolError(spans.length > 0 ? 'key-ended' : 'unknown-key', kid)
}

/** The key of a member's cosignature on a checkpoint of this size: a change at entry n counts for sizes above n. */
export function cosignerAt({ cosigner, formerCosigners = [] }: AdmittedMember, size: number): string {
  return formerCosigners.find(({ until }) => size <= until)?.key ?? cosigner
}

/** Origin and key that the checkpoint of a tree of this size must carry. */
export function hostAt(state: AdmissionState, size: number): HostSpan {
  const host = state.hosts.findLast(({ from }) => from < size || from === 0)
  if (!host) throw new ProtocolError('host-origin', `no host at size ${size}`)
  return host
}
