import {
  canonicalBytes,
  emptyRoot,
  type Json,
  leafBytes,
  leafHash,
  newBlob,
  openSpace,
  readLeaf,
  signAct,
  signCheckpoint,
  type SpaceOpening,
  toBase64url,
} from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { PartySnapshot } from '../identity/types.ts'
import type { NewSpace } from '../module/types.ts'
import type { Tx } from '../storage/types.ts'
import type { SequencerContext } from './sequencer.ts'
import { hostKeyOf } from './signers.ts'
import { parsePart } from './space-state.ts'
import { appendEntries, emptyTree, entryOf } from './tree.ts'

export interface OpeningContext extends SequencerContext {
  snapshotOf(party: string): Promise<PartySnapshot | undefined>
  ownSnapshot(): Promise<PartySnapshot>
}

/** Signs and stores entry 0 of a space hosted here. The same id again changes nothing. */
export async function openHosted(context: OpeningContext, opening: NewSpace): Promise<void> {
  const { db, clock, identity } = context
  const there = await db.selectFrom('log.space').select('hosted').where('space', '=', opening.id).executeTakeFirst()
  if (there?.hosted) return
  if (there) throw new Refusal('space.id-taken')
  if (context.gate.isShut(opening.id)) throw new Refusal('space.not-ready')
  const content = canonicalBytes((await openingBody(context, opening)) as unknown as Json)
  const { commitment, blob, size } = newBlob(content)
  const time = clock.now()
  const act = signAct(
    {
      v: 1,
      space: opening.id,
      type: 'space.opened',
      id: opening.id,
      author: identity.party,
      office: opening.office,
      seen: { size: 0, root: toBase64url(emptyRoot) },
      at: time,
      marking: { tlp: 'AMBER' },
      parts: [{ role: 'body', hash: commitment, size, media: 'application/json' }],
    },
    identity.keys.act,
  )
  const leaf = leafBytes({ v: 1, time, envelope: act.envelope })
  await storeHosted(context, leaf, [{ commitment, blob }])
}

/** Stores entry 0 of a space hosted here with its first checkpoint; false when the space is there already. */
export async function storeHosted(
  context: SequencerContext,
  leaf: Uint8Array,
  blobs: readonly { commitment: string; blob: Uint8Array }[],
): Promise<boolean> {
  const state = await context.db.transaction().execute(async (tx) => {
    for (const { commitment, blob } of blobs) await context.blobs.put(tx, commitment, blob)
    return writeOpening(context, tx, leaf)
  })
  if (!state) return false
  context.states.keep(state)
  const { space, size, root } = state.admission
  await context.gate.ensure([{ space, size, root }])
  return true
}

async function writeOpening(context: SequencerContext, tx: Tx, leaf: Uint8Array) {
  const { act } = readLeaf(leaf)
  const { space } = act.statement
  const body = act.statement.parts.find((part) => part.role === 'body')?.hash ?? ''
  const content = (await context.blobs.contents(tx, [body])).get(body)
  const admission = openSpace(leaf, content ? parsePart(content) : null)
  const { host, kind, time } = admission
  const added = await tx
    .insertInto('log.space')
    .values({
      space,
      kind,
      hosted: true,
      host: host.party,
      origin: host.origin,
      host_key: host.key,
      size: 0,
      root: Buffer.from(emptyRoot),
      time,
      frozen: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('space')
    .executeTakeFirst()
  if (!added) return undefined
  const tree = emptyTree()
  tree.append(leafHash(leaf))
  const root = tree.root()
  const note = signCheckpoint({ origin: host.origin, size: 1, root }, hostKeyOf(context.identity, host))
  await appendEntries(tx, space, {
    entries: [{ ...entryOf(act, 0, time), leaf, leafHash: leafHash(leaf), root, governance: true }],
    nodes: [],
    head: { size: 1, root, time, host, note },
  })
  return { admission, tree }
}

async function openingBody(context: OpeningContext, opening: NewSpace): Promise<SpaceOpening> {
  const { party, keys } = context.identity
  const others = opening.members.filter((member) => member.party !== party)
  const members = await Promise.all(
    others.map(async ({ party: other, role }) => {
      const snapshot = await context.snapshotOf(other)
      if (!snapshot) throw new Refusal('space.not-pinned', { party: other })
      return { ...snapshot, role }
    }),
  )
  const { kind, title, purpose, drill, terms, under } = opening
  return {
    kind,
    rules: 1,
    title,
    purpose,
    host: { party, origin: `${party}/spaces/${opening.id}`, key: keys.host.publicKey },
    members: [{ ...(await context.ownSnapshot()), role: opening.ownRole ?? 'member' }, ...members],
    ...(drill ? { drill } : {}),
    ...(terms ? { terms } : {}),
    ...(under ? { under } : {}),
  }
}
