import type { z } from 'zod'
import { verifyAct } from './acts.ts'
import { openBlob } from './blobs.ts'
import { fromBase64url, toBase64url } from './bytes.ts'
import { parseCanonical } from './canonical.ts'
import { type keysChangedBody, registerFoundedBody } from './governance.ts'
import { readLeaf } from './leaves.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { type Checkpoint, readCheckpoint } from './notes.ts'
import { ProtocolError } from './protocol-error.ts'
import { committedKey, foundedKeys, isActKey, type KeySpan, keysAfter, type RegisterKeys } from './register-keys.ts'
import type { Act, Json } from './types.ts'

type Chain = z.infer<typeof keysChangedBody>['register']

/**
 * The act keys that a party's register shows, proved from its first leaf hash
 * alone: founding, inclusion of every entry in one signed checkpoint, and each
 * key event signed by a key committed to before. `from` and `until` are
 * positions in the register. Leaving out an event in the middle breaks the
 * chain, leaving out the newest does not.
 *
 * @throws ProtocolError `register-chain` and the rules of its pieces
 */
export function readRegisterChain(party: string, first: string, chain: Chain): KeySpan[] {
  const [founding, ...events] = chain.entries.map((entry) => ({ ...entry, bytes: fromBase64url(entry.leaf) }))
  if (founding?.index !== 0 || toBase64url(leafHash(founding.bytes)) !== first) {
    throw new ProtocolError('register-chain', 'not founded by the first entry this space knows')
  }
  const opened = readEntry(founding.bytes, founding.body)
  const body = registerFoundedBody.safeParse(opened.body).data
  if (opened.act.statement.type !== 'register.founded' || !body || !isActKey(body.act) || body.party !== party) {
    throw new ProtocolError('register-chain', 'entry 0 does not found this party')
  }
  requireSigned(opened.act, body.act.key, 0)
  const register = opened.act.statement.space
  const checkpoint = readCheckpoint(chain.checkpoint, `${party}/spaces/${register}`, body.host)
  for (const entry of chain.entries) requireIncluded(entry, checkpoint)
  return events.reduce((keys, entry) => followEvent(keys, entry, { party, register }), foundedKeys(body)).keys
}

function followEvent(
  before: RegisterKeys,
  entry: Chain['entries'][number] & { bytes: Uint8Array },
  { party, register }: { party: string; register: string },
): RegisterKeys {
  const { act, body } = readEntry(entry.bytes, entry.body)
  const { author, space, type } = act.statement
  if (author !== party || space !== register || entry.index < 1) {
    throw new ProtocolError('register-chain', `entry ${entry.index} is of another register`)
  }
  const valid = before.keys.find((span) => span.kid === act.kid && span.until === undefined)
  const key = valid ?? committedKey(type, body, before.commitments)
  if (!key || key.kid !== act.kid)
    throw new ProtocolError('register-chain', `entry ${entry.index}: key not committed to`)
  requireSigned(act, key.key, entry.index)
  const after = keysAfter(before, { type, body, signer: act.kid, index: entry.index })
  if (!after) throw new ProtocolError('register-chain', `entry ${entry.index} changes no key`)
  return after
}

function readEntry(bytes: Uint8Array, blob: string): { act: Act; body: Json } {
  const { act } = readLeaf(bytes)
  const part = act.statement.parts.find(({ role }) => role === 'body')
  if (!part) throw new ProtocolError('register-chain', 'an entry without body')
  return { act, body: parseCanonical(openBlob(fromBase64url(blob), part.hash)) }
}

function requireSigned(act: Act, key: string, index: number): void {
  if (!verifyAct(act, key)) throw new ProtocolError('signature', `register entry ${index}`)
}

function requireIncluded({ index, leaf, path }: Chain['entries'][number], { size, root }: Checkpoint): void {
  const hash = leafHash(fromBase64url(leaf))
  if (!verifyInclusion({ leafHash: hash, index, size, path: path.map(fromBase64url), root })) {
    throw new ProtocolError('register-chain', `entry ${index} is not in the checkpoint`)
  }
}

/** Checks that `first` is entry 0 of the register whose checkpoint comes along; who signed it is not judged here. */
export function requireFirstEntry(
  party: string,
  { first, checkpoint, proof }: { first: string; checkpoint: Checkpoint; proof: string[] },
): void {
  const { origin, size, root } = checkpoint
  const path = proof.map(fromBase64url)
  const ownLog = origin.startsWith(`${party}/spaces/`) && /^[0-9a-f]{32}$/.test(origin.slice(`${party}/spaces/`.length))
  if (!ownLog || !verifyInclusion({ leafHash: fromBase64url(first), index: 0, size, path, root })) {
    throw new ProtocolError('member-register', `first entry of ${party} is not in the checkpoint of ${origin}`)
  }
}
