import {
  type Act,
  canonicalBytes,
  emptyRoot,
  isSealed,
  type Json,
  leafBytes,
  leafHash,
  limits,
  newBlob,
  openSpace,
  readLeaf,
  sealedSuite,
  sealedTerm,
  signAct,
  signCheckpoint,
  type SpaceOpening,
  spaceOpenedBody,
  toBase64url,
} from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { PartySnapshot } from '../identity/types.ts'
import type { NewSpace } from '../module/types.ts'
import { canReadSealed } from '../sealing/index.ts'
import type { Tx } from '../storage/types.ts'
import type { SequencerContext } from './sequencer.ts'
import { hostKeyOf } from './signers.ts'
import { parsePart } from './space-state.ts'
import { appendEntries, emptyTree, entryOf } from './tree.ts'
import type { KnownParty, SignedDraft } from './types.ts'

export interface OpeningContext extends SequencerContext {
  snapshotOf(party: string): Promise<PartySnapshot | undefined>
  ownSnapshot(): Promise<PartySnapshot>
  knownParty(party: string): Promise<KnownParty | undefined>
}

/** Opening bodies travel in one message with their act. */
const mostBodyBytes = 60 * 1024

/** Signs and stores entry 0 of a space hosted here. The same id again changes nothing. */
export async function openHosted(context: OpeningContext, opening: NewSpace): Promise<void> {
  const { db } = context
  const there = await db.selectFrom('log.space').select('hosted').where('space', '=', opening.id).executeTakeFirst()
  if (there?.hosted) return
  if (there) throw new Refusal('space.id-taken')
  if (context.gate.isShut(opening.id)) throw new Refusal('space.not-ready')
  const { party, keys } = context.identity
  const { act, blob } = await signOpening(context, opening, { party, key: keys.host.publicKey })
  const leaf = leafBytes({ v: 1, time: act.statement.at, envelope: act.envelope })
  await storeHosted(context, leaf, [blob])
}

/**
 * Signs entry 0 of a space that somebody else is to order and stores its body in the caller's transaction: to be
 * carried to the host. A host that is no member orders nothing but ciphertext.
 */
export async function signForeignOpening(context: OpeningContext, tx: Tx, opening: NewSpace): Promise<SignedDraft> {
  const party = opening.host ?? context.identity.party
  const host = await context.knownParty(party)
  if (host?.state !== 'pinned') throw new Refusal('space.not-pinned', { party })
  const isMember = opening.members.some((member) => member.party === party)
  if (!isMember && !opening.sealed) throw new Refusal('space.host-must-not-read')
  const { act, blob } = await signOpening(context, opening, { party, key: host.host })
  if (blob.blob.length > mostBodyBytes) throw new Refusal('space.too-many-members')
  await context.blobs.put(tx, blob.commitment, blob.blob)
  const { space, id } = act.statement
  return { hash: act.hash, space, id, statement: act.statement, envelope: act.envelope }
}

async function signOpening(
  context: OpeningContext,
  opening: NewSpace,
  host: { party: string; key: string },
): Promise<{ act: Act; blob: { commitment: string; blob: Uint8Array } }> {
  const { clock, identity } = context
  const body = await openingBody(context, opening, host)
  const { commitment, blob, size } = newBlob(canonicalBytes(body as unknown as Json))
  const act = signAct(
    {
      v: 1,
      space: opening.id,
      type: 'space.opened',
      id: opening.id,
      author: identity.party,
      office: opening.office,
      seen: { size: 0, root: toBase64url(emptyRoot) },
      at: clock.now(),
      marking: { tlp: 'AMBER' },
      parts: [{ role: 'body', hash: commitment, size, media: 'application/json' }],
    },
    identity.keys.act,
  )
  return { act, blob: { commitment, blob } }
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
  const hash = act.statement.parts.find((part) => part.role === 'body')?.hash ?? ''
  const content = (await context.blobs.contents(tx, [hash])).get(hash)
  const body = content ? parsePart(content) : null
  const admission = openSpace(leaf, body)
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
      sealed: isSealedOpening(body),
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
  return { admission, tree, roots: new Map() }
}

/** Do the terms of an opening body seal its space? */
export function isSealedOpening(body: Json): boolean {
  return isSealed(spaceOpenedBody.safeParse(body).data?.terms)
}

async function openingBody(
  context: OpeningContext,
  opening: NewSpace,
  host: { party: string; key: string },
): Promise<SpaceOpening> {
  const { party } = context.identity
  const others = opening.members.filter((member) => member.party !== party)
  const members = await Promise.all(
    others.map(async ({ party: other, role }) => {
      const snapshot = await context.snapshotOf(other)
      if (!snapshot) throw new Refusal('space.not-pinned', { party: other })
      return { ...snapshot, role }
    }),
  )
  const { kind, title, purpose, drill, under } = opening
  const all = [{ ...(await context.ownSnapshot()), role: opening.ownRole ?? 'member' }, ...members]
  const keyless = opening.sealed && all.find((member) => !canReadSealed(member))
  if (keyless) throw new Refusal('space.no-sealing-key', { party: keyless.party })
  const terms = { ...opening.terms, ...(opening.sealed ? { [sealedTerm]: sealedSuite } : {}) }
  return {
    kind,
    rules: 1,
    title,
    purpose,
    host: { party: host.party, origin: `${host.party}/spaces/${opening.id}`, key: host.key },
    members: all,
    ...(drill ? { drill } : {}),
    ...(Object.keys(terms).length > 0 ? { terms } : {}),
    ...(under ? { under } : {}),
  }
}

/** Most bytes of a body a host takes for somebody else's opening. */
export const mostOpeningBytes = Math.min(mostBodyBytes, limits.body)
