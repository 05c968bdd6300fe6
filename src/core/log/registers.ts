import { inclusionNodes, inclusionPath, readLeaf, toBase64url } from '../../protocol/index.ts'
import { readRegister } from '../identity/index.ts'
import type { PartySnapshot, RegisterState } from '../identity/types.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { readNodes } from './nodes.ts'
import { parsePart } from './space-state.ts'

/** What a stored register says now; undefined for a space that is none. */
export async function readStoredRegister(db: Db, blobs: Blobs, space: string): Promise<RegisterState | undefined> {
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
  const read = rows.map(({ idx, leaf }) => ({ index: idx, leaf, hash: bodyHash(leaf) }))
  const contents = await blobs.contents(
    db,
    read.map((entry) => entry.hash),
  )
  const entries = read.map(({ index, leaf, hash }) => {
    const content = contents.get(hash)
    if (!content) throw new Error(`register ${space}: the body of entry ${index} is not stored`)
    return { index, leaf, body: parsePart(content) }
  })
  return { ...readRegister(entries), size: head.size }
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

function bodyHash(leaf: Uint8Array): string {
  return readLeaf(leaf).act.statement.parts.find((part) => part.role === 'body')?.hash ?? ''
}
