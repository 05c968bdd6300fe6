import {
  type AdmissionState,
  advance,
  type Json,
  leafHash,
  openSpace,
  ProtocolError,
  readLeaf,
  registerFingerprint,
  registerFoundedBody,
  registerRecoveredBody,
  registerRevokedBody,
  registerRotatedBody,
  toBase64url,
} from '../../protocol/index.ts'
import type { RegisterState } from './types.ts'

export interface RegisterEntry {
  index: number
  leaf: Uint8Array
  /** Content of the body part. */
  body: Json
}

/** A change of keys as a register shows it. */
export interface KeyEvent {
  index: number
  /** Leaf time, ms. */
  time: number
  kind: 'rotated' | 'revoked' | 'recovered'
  /** Key id that signed it. */
  by: string
  /** Act key that it ended by name (a revocation), or began. */
  ended?: string
  began?: string
  reason?: string
  /** Keys for other uses that it gave. */
  published: { nodes?: string[]; cosigner?: string; sealing?: string }
}

/**
 * What a party's register says after these entries, entry 0 and its key events in
 * order. The caller has verified that they stand in one signed log and that each was
 * admissible, as the ledger does before it stores an entry.
 *
 * @throws ProtocolError when entry 0 founds no party
 */
export function readRegister(entries: readonly RegisterEntry[]): Omit<RegisterState, 'size'> {
  const [founding, ...events] = entries
  if (!founding) throw new ProtocolError('opening-body', 'a register without entries')
  const founded = registerFoundedBody.parse(founding.body)
  const first = toBase64url(leafHash(founding.leaf))
  let state = openSpace(founding.leaf, founding.body)
  let published = { nodes: founded.nodes, cosigner: founded.cosigner, sealing: founded.sealing }
  const seen: KeyEvent[] = []
  for (const { index, leaf, body } of events) {
    const {
      act,
      leaf: { time },
    } = readLeaf(leaf)
    const before = state
    // Roots are the log's matter; a register's keys depend on position alone.
    state = advance({ ...state, size: index }, act, time, first, body)
    if (state.register === before.register && keysOf(state) === keysOf(before)) continue
    const event = keyEvent(act.statement.type, body)
    seen.push({ ...event, index, time, by: act.kid })
    published = { ...published, ...event.published }
  }
  return { ...stateOf(state, founded), ...published, events: seen, first, fingerprint: registerFingerprint(first) }
}

function keyEvent(type: string, body: Json): Pick<KeyEvent, 'kind' | 'ended' | 'began' | 'reason' | 'published'> {
  if (type === 'register.revoked') {
    const { kid, reason } = registerRevokedBody.parse(body)
    return { kind: 'revoked', ended: kid, ...(reason === undefined ? {} : { reason }), published: {} }
  }
  if (type === 'register.recovered') {
    return { kind: 'recovered', began: registerRecoveredBody.parse(body).act.kid, published: {} }
  }
  const { act, nodes, cosigner, sealing } = registerRotatedBody.parse(body)
  const published = {
    ...(nodes ? { nodes } : {}),
    ...(cosigner === undefined ? {} : { cosigner }),
    ...(sealing === undefined ? {} : { sealing }),
  }
  return { kind: 'rotated', began: act.kid, published }
}

function keysOf({ members }: AdmissionState): string {
  return JSON.stringify([...members.values()].map(({ keys }) => keys))
}

function stateOf(
  state: AdmissionState,
  founded: ReturnType<typeof registerFoundedBody.parse>,
): Omit<RegisterState, 'first' | 'fingerprint' | 'size' | 'events' | 'nodes' | 'cosigner' | 'sealing'> {
  const actKeys = state.members.get(founded.party)?.keys ?? []
  const current = actKeys.findLast((span) => span.until === undefined) ?? founded.act
  return {
    party: founded.party,
    names: founded.names,
    space: state.space,
    act: { kid: current.kid, key: current.key },
    actKeys,
    host: founded.host,
    next: state.register?.next ?? founded.next,
    recovery: state.register?.recovery ?? founded.recovery,
  }
}
