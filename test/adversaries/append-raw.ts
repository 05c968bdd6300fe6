import { randomBytes } from 'node:crypto'
import { appendEntries, entryOf, loadTree } from '../../src/core/log/tree.ts'
import {
  type Act,
  leafBytes,
  leafHash,
  newBlob,
  newId,
  signAct,
  signCheckpoint,
  type SigningKey,
  type Statement,
} from '../../src/protocol/index.ts'
import { createBlobs } from '../../src/core/storage/index.ts'
import type { StageNode } from './scene.ts'

/** Puts an entry on record and signs over it, asking no rule. */
export async function appendRaw(
  host: StageNode,
  space: string,
  act: Act,
  change: { timeBack?: number } = {},
): Promise<void> {
  const { database, identity, ledger } = host.now
  await database.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('log.space')
      .selectAll()
      .where('space', '=', space)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const time = row.time - (change.timeBack ?? 0)
    const leaf = leafBytes({ v: 1, time, envelope: act.envelope })
    const tree = await loadTree(tx, space, row.size)
    const nodes = tree.append(leafHash(leaf))
    const root = tree.root()
    // Its own tables forbid a second act of one id: what it hands out is the leaf alone.
    const own = { hash: randomBytes(32).toString('base64url'), id: newId() }
    const entry = { ...entryOf(act, row.size, time), ...own, leaf, leafHash: leafHash(leaf), root, governance: false }
    const note = signCheckpoint({ origin: row.origin, size: row.size + 1, root }, identity.keys.host)
    const host = { party: row.host, origin: row.origin, key: row.host_key }
    await appendEntries(tx, space, { entries: [entry], nodes, head: { size: row.size + 1, root, time, host, note } })
  })
  await ledger.project(space)
}

/** An act with a stored body, signed by any key in anybody's name. */
export async function forge(
  host: StageNode,
  space: string,
  change: Partial<Statement> = {},
  key: SigningKey = host.now.identity.keys.act,
): Promise<Act> {
  const { database, ledger } = host.now
  const head = await ledger.head(space)
  if (!head) throw new Error('no such space')
  const { commitment, blob, size } = newBlob(Buffer.from(`{"number":"forged"}`))
  await createBlobs().put(database.db, commitment, blob)
  return signAct(
    {
      v: 1,
      space,
      type: 'notes.note-sent',
      id: newId(),
      author: host.party,
      office: 'cyber-desk',
      seen: { size: head.size, root: head.root },
      at: head.time,
      marking: { tlp: 'AMBER' },
      parts: [{ role: 'body', hash: commitment, size, media: 'application/json' }],
      ...change,
    },
    key,
  )
}
