import type { z } from 'zod'
import {
  type Act,
  inclusionNodes,
  inclusionPath,
  type keysChangedBody,
  readLeaf,
  toBase64url,
} from '../../protocol/index.ts'
import { readRegister, type RegisterEntry } from '../identity/index.ts'
import type { PartySnapshot, RegisterState } from '../identity/types.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { readNodes } from './nodes.ts'
import { parsePart } from './space-state.ts'

interface StoredEntry extends RegisterEntry {
  act: Act
  /** Commitment of its body. */
  hash: string
}

/** Founding and key events of a stored register in order; undefined for a space that is none. */
async function readKeyEntries(db: Db, blobs: Blobs, space: string): Promise<StoredEntry[] | undefined> {
  const head = await db.selectFrom('log.space').select(['kind', 'size']).where('space', '=', space).executeTakeFirst()
  if (head?.kind !== 'register') return undefined
  const rows = await db
    .selectFrom('log.entry')
    .select(['idx', 'leaf'])
    .where('space', '=', space)
    .where('governance', '=', true)
    .where('idx', '<', head.size)
    .orderBy('idx')
    .execute()
  const read = rows.map(({ idx, leaf }) => {
    const { act } = readLeaf(leaf)
    return { index: idx, leaf, act, hash: act.statement.parts.find((part) => part.role === 'body')?.hash ?? '' }
  })
  const contents = await blobs.contents(
    db,
    read.map((entry) => entry.hash),
  )
  return read.map((entry) => {
    const content = contents.get(entry.hash)
    if (!content) throw new Error(`register ${space}: the body of entry ${entry.index} is not stored`)
    return { ...entry, body: parsePart(content) }
  })
}

/** What a stored register says now; undefined for a space that is none. */
export async function readStoredRegister(db: Db, blobs: Blobs, space: string): Promise<RegisterState | undefined> {
  const entries = await readKeyEntries(db, blobs, space)
  if (!entries) return undefined
  const { size } = await db.selectFrom('log.space').select('size').where('space', '=', space).executeTakeFirstOrThrow()
  return { ...readRegister(entries), size }
}

/** The chain that `space.keys-changed` carries: founding and every key event with its path to the newest checkpoint. */
export async function readChain(
  db: Db,
  blobs: Blobs,
  space: string,
): Promise<z.infer<typeof keysChangedBody>['register'] | undefined> {
  const entries = await readKeyEntries(db, blobs, space)
  const checkpoint = await db.selectFrom('log.checkpoint').selectAll().where('space', '=', space).executeTakeFirst()
  if (!entries || !checkpoint) return undefined
  const changed = new Set(readRegister(entries).events.map((event) => event.index))
  const chain = entries.filter(({ index }) => index === 0 || changed.has(index))
  if (chain.length < 2) return undefined
  const nodes = await readNodes(
    db,
    space,
    chain.flatMap(({ index }) => inclusionNodes(index, checkpoint.size)),
  )
  return {
    checkpoint: checkpoint.note,
    entries: await Promise.all(
      chain.map(async ({ index, leaf, hash }) => ({
        index,
        leaf: toBase64url(leaf),
        path: inclusionPath(index, checkpoint.size, nodes.get).map((one) => toBase64url(one)),
        body: toBase64url((await blobs.find(db, hash)) as Uint8Array),
      })),
    ),
  }
}

/** What a space we open records of the party whose register this is. */
export async function readSnapshot(db: Db, blobs: Blobs, space: string): Promise<PartySnapshot | undefined> {
  const register = await readStoredRegister(db, blobs, space)
  const checkpoint = await db.selectFrom('log.checkpoint').selectAll().where('space', '=', space).executeTakeFirst()
  if (!register || !checkpoint) return undefined
  const nodes = await readNodes(db, space, inclusionNodes(0, checkpoint.size))
  const proof = inclusionPath(0, checkpoint.size, nodes.get).map((hash) => toBase64url(hash))
  return {
    party: register.party,
    register: { first: register.first, checkpoint: checkpoint.note, proof },
    act: register.act,
    node: register.nodes[0] ?? '',
    cosigner: register.cosigner,
    sealing: register.sealing,
  }
}
