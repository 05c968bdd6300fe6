import type { z } from 'zod'
import { firstIssue, verifyAct } from './acts.ts'
import type { AdmissionState, AdmittedMember } from './admission-state.ts'
import { canonicalBytes } from './canonical.ts'
import { toBase64url } from './bytes.ts'
import { type memberSnapshotSchema, registerFoundedBody, spaceOpenedBody } from './governance.ts'
import { readLeaf } from './leaves.ts'
import { emptyRoot, leafHash } from './merkle.ts'
import { peekCheckpoint } from './notes.ts'
import { ProtocolError } from './protocol-error.ts'
import { requireFirstEntry } from './register-chain.ts'
import { foundedKeys, isActKey } from './register-keys.ts'
import type { Act, Json } from './types.ts'

type Snapshot = z.infer<typeof memberSnapshotSchema>

/**
 * State of a space after its opening act. `body` is the content of the act's
 * body part; that the blob matches its commitment is checked by who opened it.
 *
 * @throws ProtocolError the first rule that fails
 */
export function openSpace(leaf0: Uint8Array, body: Json): AdmissionState {
  const { leaf, act } = readLeaf(leaf0)
  const { seen, parts } = act.statement
  if (seen.size !== 0 || seen.root !== toBase64url(emptyRoot)) {
    throw new ProtocolError('opening-seen', 'an opening act sees the empty tree')
  }
  if (parts.find(({ role }) => role === 'body')?.size !== canonicalBytes(body).length) {
    throw new ProtocolError('opening-body', 'not the body the act declares')
  }
  const position = { size: 1, root: toBase64url(leafHash(leaf0)), time: leaf.time }
  switch (act.statement.type) {
    case 'space.opened':
      return { ...openedByMember(act, body), ...position }
    case 'register.founded':
      return { ...foundedByOwner(act, body), ...position }
    default:
      throw new ProtocolError('opening-type', act.statement.type)
  }
}

/** A member as a snapshot brings it in at `index`. Throws `member-key`, `member-register`. */
export function admittedMember(snapshot: Snapshot, index: number): AdmittedMember {
  const { party, role, register, act, node, cosigner, sealing } = snapshot
  if (!isActKey(act)) throw new ProtocolError('member-key', `${party}: key id is not the key’s thumbprint`)
  requireFirstEntry(party, { ...register, checkpoint: peekCheckpoint(register.checkpoint) })
  return { role, since: index, first: register.first, node, cosigner, sealing, keys: [{ ...act, from: index }] }
}

type Opened = Omit<AdmissionState, 'size' | 'root' | 'time'>

function openedByMember(act: Act, body: Json): Opened {
  const parsed = spaceOpenedBody.safeParse(body)
  if (!parsed.success) throw new ProtocolError('opening-body', firstIssue(parsed.error))
  const { kind, host, members } = parsed.data
  const { space, author } = act.statement
  if (kind === 'register') throw new ProtocolError('opening-type', 'a register opens with register.founded')
  if (host.origin !== `${host.party}/spaces/${space}`) throw new ProtocolError('host-origin', host.origin)
  if (new Set(members.map(({ party }) => party)).size !== members.length) {
    throw new ProtocolError('member-twice', 'members')
  }
  const opener = members.find(({ party }) => party === author)
  if (!opener || opener.role === 'observer') throw new ProtocolError('opening-author', author)
  const admitted = new Map(members.map((snapshot) => [snapshot.party, admittedMember(snapshot, 0)]))
  requireSigned(act, opener.act)
  return {
    space,
    kind,
    opener: author,
    host,
    hosts: [{ ...host, from: 0 }],
    members: admitted,
    membersChanged: 0,
    agreed: new Map(),
  }
}

function foundedByOwner(act: Act, body: Json): Opened {
  const parsed = registerFoundedBody.safeParse(body)
  if (!parsed.success) throw new ProtocolError('opening-body', firstIssue(parsed.error))
  const { party, nodes, cosigner, sealing, host: key } = parsed.data
  const { space, author } = act.statement
  if (author !== party) throw new ProtocolError('opening-author', `${author} founds a register of ${party}`)
  if (!isActKey(parsed.data.act)) throw new ProtocolError('member-key', party)
  requireSigned(act, parsed.data.act)
  const { keys, commitments } = foundedKeys(parsed.data)
  const host = { party, origin: `${party}/spaces/${space}`, key }
  // A register cannot name its own first leaf hash; nobody needs it here.
  const owner: AdmittedMember = { role: 'member', since: 0, first: '', node: nodes[0] ?? '', cosigner, sealing, keys }
  return {
    space,
    kind: 'register',
    opener: party,
    host,
    hosts: [{ ...host, from: 0 }],
    members: new Map([[party, owner]]),
    membersChanged: 0,
    register: commitments,
    agreed: new Map(),
  }
}

function requireSigned(act: Act, { kid, key }: { kid: string; key: string }): void {
  if (act.kid !== kid) throw new ProtocolError('unknown-key', act.kid)
  if (!verifyAct(act, key)) throw new ProtocolError('signature', act.hash)
}
