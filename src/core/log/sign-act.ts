import {
  canonicalBytes,
  type Json,
  newBlob,
  type Part,
  signAct as signStatement,
  toBase64url,
} from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import { Refusal } from '../http/refusal.ts'
import type { Identity } from '../identity/types.ts'
import type { ActDraft, Attachment } from '../module/types.ts'
import type { Blobs, Tx } from '../storage/types.ts'
import { actKeyOf } from './signers.ts'
import type { SpaceStates } from './space-state.ts'
import type { SignedDraft } from './types.ts'

/** One attachment as the part `attachments` lists it: file names are content, so they stay out of the statement. */
export interface ListedAttachment {
  name: string
  media: string
  hash: string
  size: number
  marking: Attachment['marking']
}

export interface SigningContext {
  blobs: Blobs
  clock: ClockSource
  identity: Identity
  states: SpaceStates
}

/**
 * Signs a draft with the newest verified checkpoint of its space as `seen` and
 * stores its parts in the caller's transaction. Nothing is appended yet.
 */
export async function signDraft(
  { blobs, clock, identity, states }: SigningContext,
  tx: Tx,
  draft: ActDraft,
): Promise<SignedDraft> {
  const seen = await tx
    .selectFrom('log.space')
    .select(['space', 'size', 'root', 'time', 'frozen'])
    .where('space', '=', draft.space)
    .executeTakeFirst()
  if (!seen) throw new Refusal('space.not-found')
  if (seen.frozen) throw new Refusal('space.frozen')
  const { admission } = await states.at(tx, seen)
  const parts = await storeParts(blobs, tx, draft)
  const act = signStatement(
    {
      v: 1,
      space: draft.space,
      type: draft.type,
      id: draft.id,
      author: identity.party,
      office: draft.office,
      seen: { size: seen.size, root: toBase64url(seen.root) },
      at: clock.now(),
      ...(draft.after ? { after: draft.after } : {}),
      ...(draft.refs ? { refs: draft.refs } : {}),
      marking: draft.marking,
      parts,
    },
    actKeyOf(identity, admission),
  )
  return { hash: act.hash, space: draft.space, id: draft.id, statement: act.statement, envelope: act.envelope }
}

async function storeParts(blobs: Blobs, tx: Tx, draft: ActDraft): Promise<Part[]> {
  const content = new Map<string, Uint8Array>()
  const part = (role: string, media: string, bytes: Uint8Array): Part => {
    const { commitment, blob, size } = newBlob(bytes)
    content.set(commitment, blob)
    return { role, hash: commitment, size, media }
  }
  const jsonPart = (role: string, value: Json) => part(role, 'application/json', canonicalBytes(value))
  const parts = [jsonPart('body', draft.body)]
  if (draft.text !== undefined) parts.push(jsonPart('text', draft.text))
  if (draft.attachments?.length) {
    const listed: ListedAttachment[] = draft.attachments.map(({ name, media, content: bytes, marking }) => {
      const { hash, size } = pushed(parts, part('attachment', media, bytes))
      return { name, media, hash, size, marking }
    })
    parts.push(jsonPart('attachments', listed as unknown as Json))
  }
  await blobs.putAll(tx, content)
  return parts
}

function pushed<T>(list: T[], item: T): T {
  list.push(item)
  return item
}
