import {
  canonicalBytes,
  type KeySet,
  keySetReaches,
  openChunks,
  openContentKey,
  ProtocolError,
  readSealedBlob,
  sealBlob,
  sha256,
  toBase64url,
} from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import { Refusal } from '../http/refusal.ts'
import type { Identity } from '../identity/types.ts'
import type { Blobs, Reader, Tx } from '../storage/types.ts'
import {
  canReadSealed,
  type GrantWrap,
  keySetOf,
  newKeySet,
  openGrant,
  openKeySet,
  type Recipient,
  wrapGrant,
} from './key-set.ts'
import './tables.ts'
import type { Darkness, Opened, SealedRef, Sealing } from './types.ts'
import { sealingSecret, type SealingSecret } from './x-wing.ts'

/** After this a node seals under a new key though nobody came or went. ms. */
export const generationLifeMs = 24 * 3_600_000
const maxKept = 4_000

export interface SealingOptions {
  blobs: Blobs
  clock: ClockSource
  identity: Identity
  /** Keys of the past that acts of this space hand to our party. */
  grantsToUs(db: Reader, space: string): Promise<GrantWrap[]>
}

/** A key set as read, and its key if it was wrapped to us. */
interface Generation {
  keySet: KeySet | undefined
  key: Uint8Array | undefined
}

/** Seals and opens for one party. Keys stay in memory; at rest they are only where they are wrapped. */
export function createSealing({ blobs, clock, identity, grantsToUs }: SealingOptions): Sealing {
  const { party } = identity
  const generations = new Map<string, Generation>()
  const unlocked = new Map<string, SealingSecret>()

  function secrets(): readonly SealingSecret[] {
    return identity.sealingKeys().map((key) => {
      const secret = unlocked.get(key.publicKey) ?? sealingSecret(key)
      unlocked.set(key.publicKey, secret)
      return secret
    })
  }

  function remember(keys: string, generation: Generation): Generation {
    if (generations.size > maxKept) generations.clear()
    generations.set(keys, generation)
    return generation
  }

  async function generationOf(db: Reader, keys: string): Promise<Generation | undefined> {
    const known = generations.get(keys)
    if (known) return known
    const blob = await blobs.find(db, keys)
    if (!blob) return undefined
    const keySet = readOrNothing(() => keySetOf(blob, keys))
    return remember(keys, { keySet, key: keySet && openKeySet(keySet, party, secrets()) })
  }

  async function current(tx: Tx, given: Parameters<Sealing['seal']>[1]): Promise<{ keys: string; key: Uint8Array }> {
    const { space, seen, membersChanged, recipients } = given
    const now = clock.now()
    const readers = readersHash(recipients)
    const row = await tx
      .selectFrom('home.generation')
      .select('keys')
      .where('space', '=', space)
      .where('readers', '=', readers)
      .where('seen_size', '>', membersChanged)
      .where('made_at', '>', now - generationLifeMs)
      .where('made_at', '<=', now)
      .orderBy('made_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    const known = row && (await generationOf(tx, row.keys))
    if (row && known?.key) return { keys: row.keys, key: known.key }
    const { key, keySet, commitment, blob } = newKeySet({ space, author: party, seen, recipients })
    await blobs.put(tx, commitment, blob)
    await tx
      .insertInto('home.generation')
      .values({ space, keys: commitment, readers, seen_size: seen.size, made_at: now })
      .execute()
    remember(commitment, { keySet, key })
    return { keys: commitment, key }
  }

  /** Keys that may open a part: of its key set, or granted. Several grants may exist; a bad one spoils nothing. */
  async function keysFor(
    { space, part }: SealedRef,
    own: Uint8Array | undefined,
    grants: () => Promise<GrantWrap[]>,
  ): Promise<{ generation: Uint8Array[]; content: Uint8Array[] }> {
    if (own) return { generation: [own], content: [] }
    const unwrap = (wraps: GrantWrap[]) =>
      wraps.flatMap((wrap) => openGrant({ space, to: party }, wrap, secrets()) ?? [])
    const all = await grants()
    return {
      generation: unwrap(all.filter((wrap) => 'keys' in wrap && wrap.keys === part.enc?.keys)),
      content: unwrap(all.filter((wrap) => 'part' in wrap && wrap.part === part.enc?.hash)),
    }
  }

  type Found =
    | { state: 'absent' }
    | { state: 'dark'; why: Darkness }
    | { state: 'found'; contentKey: Uint8Array; blob: Uint8Array }

  async function find(
    db: Reader,
    ref: SealedRef,
    bytes: Uint8Array | undefined,
    grants: () => Promise<GrantWrap[]>,
  ): Promise<Found> {
    const { part } = ref
    const generation = part.enc && (await generationOf(db, part.enc.keys))
    if (!bytes || !generation) return { state: 'absent' }
    const sealed = readOrNothing(() => readSealedBlob(bytes, part))
    // The sealed bytes are the author's word too: wrong in form for everybody alike.
    if (!sealed) return { state: 'dark', why: 'not-as-signed' }
    const isNamed = generation.keySet?.for.some((one) => one.party === party)
    const keys = await keysFor(ref, generation.key, grants)
    const opened = keys.generation.flatMap((key) => openContentKey(sealed, key) ?? [])
    for (const contentKey of [...opened, ...keys.content]) {
      const blob = openChunks(sealed, contentKey)
      if (blob) return { state: 'found', contentKey, blob }
    }
    const meant = isNamed || keys.generation.length + keys.content.length > 0
    return { state: 'dark', why: meant ? 'key-does-not-open' : 'not-for-us' }
  }

  function askGrants(db: Reader): (space: string) => () => Promise<GrantWrap[]> {
    const asked = new Map<string, Promise<GrantWrap[]>>()
    return (space) => () => {
      const known = asked.get(space) ?? grantsToUs(db, space)
      asked.set(space, known)
      return known
    }
  }

  async function bytesOf(db: Reader, ref: SealedRef): Promise<Uint8Array | undefined> {
    return ref.part.enc && blobs.find(db, ref.part.enc.hash)
  }

  async function contentKey(db: Reader, ref: SealedRef): Promise<Uint8Array | undefined> {
    const found = await find(db, ref, await bytesOf(db, ref), () => grantsToUs(db, ref.space))
    return found.state === 'found' ? found.contentKey : undefined
  }

  return {
    async seal(tx, given) {
      const without = given.recipients.find((one) => !canReadSealed(one))
      if (without) throw new Refusal('space.no-sealing-key', { party: without.party })
      const { keys, key } = await current(tx, given)
      const sealed = given.blobs.map((blob) => sealBlob(blob, key, keys))
      for (const { enc, bytes } of sealed) await blobs.put(tx, enc.hash, bytes)
      return sealed
    },

    async open(db, refs) {
      const grants = askGrants(db)
      const opened: Opened[] = []
      // One after the other: an attachment of 100 MB need not lie in memory many times.
      for (const ref of refs) {
        const found = await find(db, ref, await bytesOf(db, ref), grants(ref.space))
        opened.push(found.state === 'found' ? asSigned(ref, found.blob) : found)
      }
      return opened
    },

    async reaches(db, { space, author, keys }, readers) {
      const generation = await generationOf(db, keys)
      if (!generation) return undefined
      const { keySet } = generation
      return keySet?.space === space && keySet.author === author && keySetReaches(keySet, [...readers])
    },

    async names(db, keys, other) {
      const generation = await generationOf(db, keys)
      return generation?.keySet?.for.some((one) => one.party === other) ?? false
    },

    async grant(db, to, { ref, whole }) {
      const { enc } = ref.part
      if (!enc || !canReadSealed(to)) return undefined
      if (!whole) {
        const key = await contentKey(db, ref)
        return key && wrapGrant({ space: ref.space, to, of: { part: enc.hash } }, key)
      }
      const generation = await generationOf(db, enc.keys)
      const { generation: keys } = await keysFor(ref, generation?.key, () => grantsToUs(db, ref.space))
      return keys[0] && wrapGrant({ space: ref.space, to, of: { keys: enc.keys } }, keys[0])
    },

    contentKey,
  }
}

function asSigned({ part }: SealedRef, blob: Uint8Array): Opened {
  return toBase64url(sha256(blob)) === part.hash ? { state: 'open', blob } : { state: 'dark', why: 'not-as-signed' }
}

function readersHash(recipients: readonly Recipient[]): string {
  const sorted = [...recipients].sort((a, b) => (a.party < b.party ? -1 : 1))
  return toBase64url(sha256(canonicalBytes(sorted.map(({ party, sealing }) => ({ party, sealing })))))
}

function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
