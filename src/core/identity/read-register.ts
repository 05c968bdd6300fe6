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
  for (const { index, leaf, body } of events) {
    const {
      act,
      leaf: { time },
    } = readLeaf(leaf)
    const before = state
    // Roots are the log's matter; a register's keys depend on position alone.
    state = advance({ ...state, size: index }, act, time, first, body)
    if (act.statement.type === 'register.rotated' && state.register !== before.register) {
      const { nodes, cosigner, sealing } = registerRotatedBody.parse(body)
      published = {
        nodes: nodes ?? published.nodes,
        cosigner: cosigner ?? published.cosigner,
        sealing: sealing ?? published.sealing,
      }
    }
  }
  return { ...stateOf(state, founded), ...published, first, fingerprint: registerFingerprint(first) }
}

function stateOf(
  state: AdmissionState,
  founded: ReturnType<typeof registerFoundedBody.parse>,
): Omit<RegisterState, 'first' | 'fingerprint' | 'size' | 'nodes' | 'cosigner' | 'sealing'> {
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
