import { verifyAct } from './acts.ts'
import { type AdmissionState, type AdmittedMember, isMemberAt, keyAt } from './admission-state.ts'
import { ProtocolError } from './protocol-error.ts'
import { committedKey } from './register-keys.ts'
import type { Rule } from './rules.ts'
import type { Act, Json, Verdict } from './types.ts'

/** What the judge of an entry looked up in the entries before it. */
export interface AdmissionFacts {
  /** Hash of the act in this log that holds the same (author, id). */
  sameId?: string
  /** Root (base64url) of this log at the statement's `seen.size`. */
  rootAtSeen?: string
  /** Those of the statement's `after` that are not in this log. */
  afterMissing: string[]
  /** Earliest cosignature that covers the entry, ms. */
  coveringTime?: number
  /** Body of a register's key event, which shows the key that signed it. */
  body?: Json
}

/** Witness clocks and ours may differ by this much before a leaf time is called uncovered. ms. */
export const coverToleranceMs = 5 * 60 * 1000

/**
 * Whether an entry may stand at index `state.size`. The host asks before it
 * appends; every replica and every verifier asks the same afterwards.
 */
export function admit(state: AdmissionState, leaf: { time: number; act: Act }, facts: AdmissionFacts): Verdict {
  try {
    judge(state, leaf, facts)
    return { verdict: 'admissible' }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const { rule, detail } = error
    return { verdict: undecidableRules.has(rule) ? 'undecidable' : 'inadmissible', rule, detail }
  }
}

/** These say that something is not at hand or that clocks disagree; neither accuses anybody. */
export const undecidableRules: ReadonlySet<string> = new Set<Rule>([
  'seen-unknown',
  'key-body-missing',
  'body-missing',
  'time-uncovered',
])

function judge(state: AdmissionState, { time, act }: { time: number; act: Act }, facts: AdmissionFacts): void {
  const { space, type, author } = act.statement
  if (space !== state.space) throw new ProtocolError('wrong-space', space)
  if (type === 'space.opened' || type === 'register.founded') throw new ProtocolError('opening-twice', type)
  if (time < state.time) throw new ProtocolError('time-decreased', `${time} after ${state.time}`)
  const member = writingMember(state, author)
  if (!verifyAct(act, signerKey(state, member, act, facts))) throw new ProtocolError('signature', act.hash)
  judgeUniqueness(act, facts)
  judgeSeen(state, act, facts)
  const missing = facts.afterMissing[0]
  if (missing !== undefined) throw new ProtocolError('after-missing', missing)
  judgeSealing(state, act)
  const { coveringTime } = facts
  if (coveringTime !== undefined && time > coveringTime + coverToleranceMs) {
    throw new ProtocolError('time-uncovered', `${time} cosigned at ${coveringTime}`)
  }
}

function writingMember(state: AdmissionState, author: string): AdmittedMember {
  const member = state.members.get(author)
  if (!member || !isMemberAt(state, author, state.size)) throw new ProtocolError('not-a-member', author)
  if (member.role === 'observer') throw new ProtocolError('observer-writes', author)
  return member
}

/** The one case where an act brings its own key: a register's key event, under an earlier commitment. */
function signerKey(state: AdmissionState, member: AdmittedMember, act: Act, { body }: AdmissionFacts): string {
  const { type } = act.statement
  try {
    return keyAt(member, act.kid, state.size)
  } catch (error) {
    if (!state.register || !/^register\.(rotated|revoked|recovered)$/.test(type)) throw error
    if (body === undefined) throw new ProtocolError('key-body-missing', act.hash)
    const committed = committedKey(type, body, state.register)
    if (committed?.kid !== act.kid) throw error
    return committed.key
  }
}

function judgeUniqueness(act: Act, { sameId }: AdmissionFacts): void {
  if (sameId === act.hash) throw new ProtocolError('act-twice', act.hash)
  if (sameId !== undefined) throw new ProtocolError('id-taken', `${act.statement.id} is held by ${sameId}`)
}

function judgeSeen(state: AdmissionState, act: Act, { rootAtSeen }: AdmissionFacts): void {
  const { size, root } = act.statement.seen
  if (size === 0) throw new ProtocolError('opening-seen', 'only the opening act may have seen nothing')
  if (size > state.size) throw new ProtocolError('seen-future', `${size} of ${state.size}`)
  const own = size === state.size ? state.root : rootAtSeen
  if (own === undefined) throw new ProtocolError('seen-unknown', `root at ${size}`)
  if (own !== root) throw new ProtocolError('seen-root', `at size ${size}`)
}

function judgeSealing(state: AdmissionState, act: Act): void {
  const { seen, parts } = act.statement
  if (parts.some(({ enc }) => enc !== undefined) && seen.size <= state.membersChanged) {
    throw new ProtocolError('stale-membership', `membership changed at ${state.membersChanged}, seen ${seen.size}`)
  }
}
