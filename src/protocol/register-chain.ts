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
import {
  committedKey,
  foundedKeys,
  isActKey,
  type KeySpan,
  keysAfter,
  type PublishedKeys,
  publishedAfter,
  type RegisterKeys,
} from './register-keys.ts'
import type { Act, Json } from './types.ts'

type Chain = z.infer<typeof keysChangedBody>['register']

/**
 * The keys that a party's register shows, proved from its first leaf hash
 * alone: founding, inclusion of every entry in one signed checkpoint, and each
 * key event signed by a key committed to before. `from` and `until` are
 * positions in the register. Leaving out an event in the middle breaks the
 * chain, leaving out the newest does not.
 *
 * @throws ProtocolError `register-chain` and the rules of its pieces
 */
export function readRegisterChain(party: string, first: string, chain: Chain): ChainKeys {
  const founded = chain.entries[0]
  if (founded?.index !== 0 || toBase64url(leafHash(fromBase64url(founded.leaf))) !== first) {
    throw new ProtocolError('register-chain', 'not founded by the first entry this space knows')
  }
  const { founding, register, keys, published } = readRegisterEvents(party, chain.entries)
  const checkpoint = readCheckpoint(chain.checkpoint, `${party}/spaces/${register}`, founding.host)
  for (const entry of chain.entries) requireIncluded(entry, checkpoint)
  return { keys, published }
}

/** What a chain proves; positions are those of the register. */
export interface ChainKeys {
  keys: KeySpan[]
  published: PublishedKeys
}

type RegisterEvent = Pick<Chain['entries'][number], 'index' | 'leaf' | 'body'>

/** What a party's register says of its keys. */
export interface RegisterEvents {
  founding: z.infer<typeof registerFoundedBody>
  /** Space id of the register. */
  register: string
  keys: KeySpan[]
  /** Its keys for other uses now. */
  published: PublishedKeys
  events: { type: string; body: Json }[]
}

/**
 * Founding and key events of a party's register, each signed by a key committed
 * to before. That the register holds them, and holds no newer ones, is not shown.
 *
 * @throws ProtocolError `register-chain` and the rules of its pieces
 */
export function readRegisterEvents(party: string, entries: readonly RegisterEvent[]): RegisterEvents {
  const [first, ...events] = entries.map((entry) => ({ ...entry, ...readEntry(fromBase64url(entry.leaf), entry.body) }))
  const founding = registerFoundedBody.safeParse(first?.body).data
  if (first?.act.statement.type !== 'register.founded' || !founding || !isActKey(founding.act)) {
    throw new ProtocolError('register-chain', 'entry 0 founds no register')
  }
  if (founding.party !== party || first.act.statement.author !== party) {
    throw new ProtocolError('register-chain', 'entry 0 does not found this party')
  }
  requireSigned(first.act, founding.act.key, 0)
  const register = first.act.statement.space
  let keys = foundedKeys(founding)
  let published: PublishedKeys = {
    node: founding.nodes[0] ?? '',
    cosigner: founding.cosigner,
    sealing: founding.sealing,
  }
  let last = 0
  for (const event of events) {
    keys = followEvent(keys, event, { party, register, last })
    last = event.index
    if (event.act.statement.type === 'register.rotated') published = publishedAfter(published, event.body)
  }
  return {
    founding,
    register,
    keys: keys.keys,
    published,
    events: events.map(({ act, body }) => ({ type: act.statement.type, body })),
  }
}

function followEvent(
  before: RegisterKeys,
  entry: { index: number; act: Act; body: Json },
  { party, register, last }: { party: string; register: string; last: number },
): RegisterKeys {
  const { act, body } = entry
  const { author, space, type } = act.statement
  // An event that changed nothing where it stands must not take effect by being shown elsewhere.
  if (author !== party || space !== register || entry.index <= last) {
    throw new ProtocolError('register-chain', `entry ${entry.index} is of another register or out of its order`)
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
