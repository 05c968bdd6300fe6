import { type AdmissionState, type AdmittedMember, isMemberAt, presentMembers } from './admission-state.ts'
import { sha256Text } from './bytes.ts'
import { canonicalBytes } from './canonical.ts'
import { hostChangedBody, keysChangedBody, memberAdmittedBody, memberLeftBody } from './governance.ts'
import { admittedMember } from './open-space.ts'
import { ProtocolError } from './protocol-error.ts'
import { type ChainKeys, readRegisterChain } from './register-chain.ts'
import { keysAfter, type PublishedKeys } from './register-keys.ts'
import type { Act, Json, SpaceKind } from './types.ts'

/** Why an admissible governance act changed nothing. Codes are message keys of core/log. */
export type NoEffect =
  | 'malformed'
  | 'not-entitled'
  | 'awaits-agreement'
  | 'already-member'
  | 'not-member'
  | 'host-stays'
  | 'no-new-key'
  | 'unproven'

/** What an admissible act did to membership, keys or host. */
export type Outcome = { state: AdmissionState; withoutEffect?: NoEffect }

/**
 * State after an admissible act: its effects hold from its own index on, so
 * they already apply to the entry after it. A governance act whose body is
 * malformed, unproven or posted by somebody not entitled changes nothing but
 * size, root and time.
 *
 * @param newRoot - base64url root of the tree with this act.
 * @param governanceBody - Needed for the types of `changesState`; they are never erased.
 * @throws ProtocolError `body-missing`
 */
export function advance(
  state: AdmissionState,
  act: Act,
  time: number,
  newRoot: string,
  governanceBody?: Json,
): AdmissionState {
  return step(state, act, { time, newRoot, body: governanceBody }).state
}

/** As `advance`, with the reason if the act changed nothing. */
export function step(
  state: AdmissionState,
  act: Act,
  { time, newRoot, body }: { time: number; newRoot: string; body?: Json },
): Outcome {
  const outcome = outcomeOf(state, act, body)
  return { ...outcome, state: { ...outcome.state, size: state.size + 1, root: newRoot, time } }
}

/** Does an act of this type change membership, keys or host? Then `advance` needs its body. */
export function changesState(type: string): boolean {
  return Object.hasOwn(effects, type)
}

/** What the act does at index `state.size`, and the reason if it does nothing. */
export function outcomeOf(state: AdmissionState, act: Act, body?: Json): Outcome {
  const effect = Object.hasOwn(effects, act.statement.type) ? effects[act.statement.type] : undefined
  if (!effect) return { state }
  if (body === undefined) throw new ProtocolError('body-missing', `${act.statement.type} ${act.hash}`)
  return effect(state, act, body)
}

type Effect = (state: AdmissionState, act: Act, body: Json) => Outcome

const effects: Record<string, Effect> = {
  'space.member-admitted': memberAdmitted,
  'space.member-left': memberLeft,
  'space.keys-changed': keysChanged,
  'space.host-changed': hostChanged,
  'register.rotated': registerEvent,
  'register.revoked': registerEvent,
  'register.recovered': registerEvent,
}

const chairedKinds: ReadonlySet<SpaceKind> = new Set(['forum', 'negotiation', 'exercise'])

function memberAdmitted(state: AdmissionState, act: Act, body: Json): Outcome {
  const parsed = memberAdmittedBody.safeParse(body)
  if (!parsed.success) return { state, withoutEffect: 'malformed' }
  const { member } = parsed.data
  if (isMemberAt(state, member.party, state.size)) return { state, withoutEffect: 'already-member' }
  const snapshot = provenMember(member, state.size)
  if (!snapshot) return { state, withoutEffect: 'unproven' }
  const earlier = state.members.get(member.party)
  const admitted = earlier ? cameBack(earlier, snapshot, state.size) : snapshot
  return whenEntitled(state, act, body, mayAdmit, (agreed) => ({
    ...agreed,
    members: new Map(agreed.members).set(member.party, admitted),
    membersChanged: state.size,
  }))
}

function memberLeft(state: AdmissionState, act: Act, body: Json): Outcome {
  const parsed = memberLeftBody.safeParse(body)
  if (!parsed.success) return { state, withoutEffect: 'malformed' }
  const { party } = parsed.data
  const member = state.members.get(party)
  if (!member || !isMemberAt(state, party, state.size)) return { state, withoutEffect: 'not-member' }
  if (party === state.host.party) return { state, withoutEffect: 'host-stays' }
  if (party !== act.statement.author && !isPresiding(state, act.statement.author)) {
    return { state, withoutEffect: 'not-entitled' }
  }
  const members = new Map(state.members).set(party, { ...member, until: state.size })
  return { state: { ...state, members, membersChanged: state.size } }
}

/** A party that comes back keeps its old keys for the old positions. */
function cameBack(earlier: AdmittedMember, snapshot: AdmittedMember, index: number): AdmittedMember {
  const { formerCosigners } = withPublished(earlier, snapshot, index)
  const keys = [...closed(earlier.keys, index), ...snapshot.keys]
  return { ...snapshot, ...(formerCosigners ? { formerCosigners } : {}), keys }
}

/** Anybody may bring it: what counts is the proof from the party's own register. */
function keysChanged(state: AdmissionState, _act: Act, body: Json): Outcome {
  const parsed = keysChangedBody.safeParse(body)
  if (!parsed.success) return { state, withoutEffect: 'malformed' }
  const { party, register } = parsed.data
  const member = state.members.get(party)
  if (!member || !isMemberAt(state, party, state.size)) return { state, withoutEffect: 'not-member' }
  const proven = provenKeys(party, member.first, register)
  // A chain that ends before a key this space already knows could bring back one that was replaced.
  const known = member.keys.every(
    ({ kid, until }) => until !== undefined || proven?.keys.some((span) => span.kid === kid),
  )
  if (!proven || !known) return { state, withoutEffect: 'unproven' }
  const keys = mergedKeys(member, proven.keys, state.size)
  if (JSON.stringify(keys) === JSON.stringify(member.keys)) return { state, withoutEffect: 'no-new-key' }
  const changed = { ...withPublished(member, proven.published, state.size), keys }
  return { state: { ...state, members: new Map(state.members).set(party, changed) } }
}

/** The other keys that the register shows now; cosignatures made before are judged by the key they were made with. */
function withPublished(
  member: AdmittedMember,
  { node, cosigner, sealing }: PublishedKeys,
  index: number,
): AdmittedMember {
  const published = { node, cosigner, sealing }
  if (cosigner === member.cosigner) return { ...member, ...published }
  const former = [...(member.formerCosigners ?? []), { key: member.cosigner, until: index }]
  return { ...member, ...published, formerCosigners: former }
}

function hostChanged(state: AdmissionState, act: Act, body: Json): Outcome {
  const parsed = hostChangedBody.safeParse(body)
  if (!parsed.success || parsed.data.host.origin !== `${parsed.data.host.party}/spaces/${state.space}`) {
    return { state, withoutEffect: 'malformed' }
  }
  const { host } = parsed.data
  return whenEntitled(state, act, body, mayHandOver, (agreed) => ({
    ...agreed,
    host,
    hosts: [...agreed.hosts, { ...host, from: state.size }],
  }))
}

function registerEvent(state: AdmissionState, act: Act, body: Json): Outcome {
  const { type, author } = act.statement
  const member = state.members.get(author)
  if (!state.register || !member) return { state, withoutEffect: 'not-entitled' }
  const before = { keys: member.keys, commitments: state.register }
  const after = keysAfter(before, { type, body, signer: act.kid, index: state.size })
  if (!after) return { state, withoutEffect: 'unproven' }
  const members = new Map(state.members).set(author, { ...member, keys: after.keys })
  return { state: { ...state, members, register: after.commitments } }
}

type Entitled = (state: AdmissionState, author: string, backers: string[]) => boolean | 'awaits-agreement'

/** Applies a change that one entitled party, or several posting the same body, may make. */
function whenEntitled(
  state: AdmissionState,
  act: Act,
  body: Json,
  entitled: Entitled,
  apply: (state: AdmissionState) => AdmissionState,
): Outcome {
  const { author, type } = act.statement
  const key = agreementKey(type, body)
  const backers = [...new Set([...backersOf(state, type, body), author])]
  const verdict = entitled(
    state,
    author,
    backers.filter((party) => isMemberAt(state, party, state.size)),
  )
  const agreed = new Map(state.agreed)
  if (verdict === true) {
    agreed.delete(key)
    return { state: apply({ ...state, agreed }) }
  }
  if (verdict === false) return { state, withoutEffect: 'not-entitled' }
  return { state: { ...state, agreed: agreed.set(key, backers) }, withoutEffect: 'awaits-agreement' }
}

/** Parties that posted this very body and wait for others to post it too. */
export function backersOf(state: AdmissionState, type: string, body: Json): string[] {
  return state.agreed.get(agreementKey(type, body)) ?? []
}

function agreementKey(type: string, body: Json): string {
  return `${type} ${sha256Text(canonicalBytes(body))}`
}

/** Between two parties both must post the same body; otherwise opener, chair or host admits, by kind of space. */
function mayAdmit(state: AdmissionState, author: string, backers: string[]): boolean | 'awaits-agreement' {
  if (state.kind === 'register') return false
  if (state.kind !== 'case' && state.kind !== 'channel') return isPresiding(state, author)
  const present = presentMembers(state).filter((party) => state.members.get(party)?.role !== 'observer')
  if (present.length > 2) return author === state.opener
  return present.every((party) => backers.includes(party)) || 'awaits-agreement'
}

/** The present host alone, or a majority of members who post the same body when it is silent. */
function mayHandOver(state: AdmissionState, author: string, backers: string[]): boolean | 'awaits-agreement' {
  if (state.kind === 'register') return false
  if (author === state.host.party) return true
  return backers.length * 2 > presentMembers(state).length || 'awaits-agreement'
}

function isPresiding(state: AdmissionState, party: string): boolean {
  if (party === state.host.party && state.kind !== 'case' && state.kind !== 'channel') return true
  return chairedKinds.has(state.kind) && state.members.get(party)?.role === 'chair'
}

function provenMember(...[snapshot, index]: Parameters<typeof admittedMember>): AdmittedMember | undefined {
  return unlessRefused(() => admittedMember(snapshot, index))
}

function provenKeys(...[party, first, chain]: Parameters<typeof readRegisterChain>): ChainKeys | undefined {
  return unlessRefused(() => readRegisterChain(party, first, chain))
}

function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** Register positions become positions of this space: what the register ended ends here, what it began begins here. */
function mergedKeys(member: AdmittedMember, proven: AdmittedMember['keys'], index: number): AdmittedMember['keys'] {
  const alive = new Set(proven.filter(({ until }) => until === undefined).map(({ kid }) => kid))
  const ended = new Set(proven.filter(({ until }) => until !== undefined).map(({ kid }) => kid))
  const kept = member.keys.map((span) =>
    span.until === undefined && ended.has(span.kid) ? { ...span, until: index } : span,
  )
  const fresh = proven.filter(({ kid }) => alive.has(kid) && !member.keys.some((span) => span.kid === kid))
  return [...kept, ...fresh.map(({ kid, key }) => ({ kid, key, from: index }))]
}

function closed(keys: AdmittedMember['keys'], index: number): AdmittedMember['keys'] {
  return keys.map((span) => ({ ...span, until: span.until ?? index }))
}
