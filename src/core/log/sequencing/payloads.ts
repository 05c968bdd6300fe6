import { limits, openBlob, ProtocolError, saltBytes, storedParts } from '../../../protocol/index.ts'
import type { Reader } from '../../storage/types.ts'
import { type Facts, lookUpActs } from '../look-up-acts.ts'
import type { Read, SequencerContext } from './batch.ts'
import { actsOf } from './handed.ts'

/** Facts of the entries before, and the payloads of what is new. */
export type BatchFacts = Facts & Payloads

export interface Payloads {
  /** Contents of parts up to 1 MiB. */
  contents: Map<string, Uint8Array>
  stored: Set<string>
  /** Payloads that came along and are not stored yet. */
  brought: Map<string, Uint8Array>
  /** These and the stored ones that were read. */
  payloads: Map<string, Uint8Array>
}

export async function lookUp(
  context: SequencerContext,
  db: Reader,
  space: string,
  read: readonly Read[],
): Promise<BatchFacts> {
  const [acts, payloads] = await Promise.all([lookUpActs(db, space, actsOf(read)), lookUpPayloads(context, db, read)])
  return { ...acts, ...payloads }
}

export async function lookUpPayloads(
  { blobs }: SequencerContext,
  db: Reader,
  read: readonly Read[],
): Promise<Payloads> {
  const parts = storedParts(actsOf(read).flatMap((act) => act.statement.parts))
  const { brought, contents } = broughtBlobs(read)
  const small = parts.filter((part) => part.size <= limits.body && !brought.has(part.hash)).map((part) => part.hash)
  const large = parts.filter((part) => part.size > limits.body).map((part) => part.hash)
  const [found, stored] = await Promise.all([blobs.findAll(db, small), blobs.has(db, large)])
  for (const [hash, blob] of found) contents.set(hash, blob.subarray(saltBytes))
  const payloads = new Map([...found, ...brought])
  return { contents, stored: new Set([...stored, ...contents.keys()]), brought, payloads }
}

/** What came along is worth what it promises: a wrong payload is as if it had not come. */
export function broughtBlobs(read: readonly Read[]): Pick<Payloads, 'brought' | 'contents'> {
  const found = { brought: new Map<string, Uint8Array>(), contents: new Map<string, Uint8Array>() }
  for (const one of read) {
    if (!('act' in one) || !one.blobs) continue
    for (const { hash } of storedParts(one.act.statement.parts)) {
      const blob = one.blobs.get(hash)
      const content = blob && contentOf(blob, hash)
      if (!blob || !content) continue
      found.brought.set(hash, blob)
      found.contents.set(hash, content)
    }
  }
  return found
}

function contentOf(blob: Uint8Array, commitment: string): Uint8Array | undefined {
  try {
    return openBlob(blob, commitment)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** Of the payloads that came along, those whose act was admitted. */
export function brought(
  entries: readonly { parts: readonly { hash: string }[] }[],
  all: ReadonlyMap<string, Uint8Array>,
): Map<string, Uint8Array> {
  if (all.size === 0) return new Map()
  const hashes = entries.flatMap((entry) => entry.parts.map((part) => part.hash))
  return new Map(hashes.flatMap((hash) => (all.has(hash) ? [[hash, all.get(hash) as Uint8Array]] : [])))
}
