import {
  type Act,
  canonicalBytes,
  isGovernance,
  type Json,
  newBlob,
  type Part,
  presentMembers,
  signAct as signStatement,
  type Statement,
  toBase64url,
} from '../../protocol/index.ts'
import { adoptStagedFile, readStagedFile } from '../attachments/index.ts'
import type { StagedFile } from '../attachments/types.ts'
import type { ClockSource } from '../config/types.ts'
import { Refusal } from '../http/refusal.ts'
import type { Identity } from '../identity/types.ts'
import type { ActDraft, Attachment } from '../module/types.ts'
import type { Recipient, Sealing } from '../sealing/types.ts'
import type { Blobs, Tx } from '../storage/types.ts'
import { actKeyOf } from './signers.ts'
import type { SpaceState, SpaceStates } from './space-state.ts'
import type { SignedDraft } from './types.ts'

/** One attachment as the part `attachments` lists it: file names are content, so they stay out of the statement. */
export interface ListedAttachment {
  name: string
  title?: string
  media: string
  hash: string
  size: number
  marking: Attachment['marking']
}

export interface SigningContext {
  blobs: Blobs
  clock: ClockSource
  identity: Identity
  sealing: Sealing
  states: SpaceStates
  /** Did somebody approve who reads acts of this type? */
  isReviewed(type: string): boolean
}

/** A part before it is stored: its blob and what the statement says of it. */
interface Prepared {
  part: Part
  /** Salt and content, or where they lie staged. */
  blob: Uint8Array | StagedFile
}

/**
 * Signs a draft with the newest verified checkpoint of its space as `seen` and
 * stores its parts in the caller's transaction: in a sealed space only their
 * sealed bytes. Nothing is appended yet.
 */
export async function signDraft(context: SigningContext, tx: Tx, draft: ActDraft): Promise<SignedDraft> {
  const { identity, clock } = context
  const head = await newestHead(tx, draft.space)
  const { admission } = await context.states.at(tx, head)
  const prepared = prepareParts(draft)
  const isSealed = head.sealed && !isGovernance(draft.type)
  const act = signStatement(
    {
      v: 1,
      space: draft.space,
      type: draft.type,
      id: draft.id,
      author: identity.party,
      office: draft.office,
      seen: { size: head.size, root: toBase64url(head.root) },
      at: clock.now(),
      ...(draft.after ? { after: draft.after } : {}),
      ...(draft.refs ? { refs: draft.refs } : {}),
      marking: draft.marking,
      parts: isSealed ? await sealParts(context, tx, head, prepared) : await storeParts(context.blobs, tx, prepared),
    },
    actKeyOf(identity, admission),
  )
  return { hash: act.hash, space: draft.space, id: draft.id, statement: act.statement, envelope: act.envelope }
}

/**
 * The same intention under the newest checkpoint and key: what was sealed to former members is sealed anew, and its
 * old sealed bytes go.
 *
 * @throws Refusal `space.readers-changed` when somebody who was no reader then would be one now
 */
export async function signAgain(context: SigningContext, tx: Tx, old: Statement): Promise<Act> {
  const { identity, clock, sealing, blobs } = context
  const head = await newestHead(tx, old.space)
  const sealed = old.parts.filter((part) => part.enc)
  const opened = await sealing.open(
    tx,
    sealed.map((part) => ({ space: old.space, author: old.author, part })),
  )
  const prepared = sealed.map((part, at): Prepared => {
    const one = opened[at]
    if (one?.state !== 'open') throw new Refusal('space.cannot-reseal')
    const { enc: _, ...plain } = part
    return { part: plain, blob: one.blob }
  })
  if (sealed.length > 0) {
    if (context.isReviewed(old.type)) await requireNoNewReader(context, tx, head, old)
    const again = new Map((await sealParts(context, tx, head, prepared)).map((part) => [part.hash, part]))
    for (const { enc } of sealed) if (enc) await blobs.erase(tx, enc.hash)
    old = { ...old, parts: old.parts.map((part) => again.get(part.hash) ?? part) }
  }
  const seen = { size: head.size, root: toBase64url(head.root) }
  const { admission } = await context.states.at(tx, head)
  // A signature is no part of the act's hash: another time makes it another act.
  return signStatement({ ...old, seen, at: Math.max(clock.now(), old.at + 1) }, actKeyOf(identity, admission))
}

interface Head {
  space: string
  size: number
  root: Buffer
  time: number
  sealed: boolean
}

async function newestHead(tx: Tx, space: string): Promise<Head> {
  const head = await tx
    .selectFrom('log.space')
    .select(['space', 'size', 'root', 'time', 'frozen', 'sealed'])
    .where('space', '=', space)
    .executeTakeFirst()
  if (!head) throw new Refusal('space.not-found')
  if (head.frozen) throw new Refusal(head.frozen === 'damaged' ? 'space.damaged' : 'space.frozen')
  return head
}

async function sealParts(
  { sealing, states, identity }: SigningContext,
  tx: Tx,
  head: Head,
  prepared: readonly Prepared[],
): Promise<Part[]> {
  const { admission } = await states.at(tx, head)
  const recipients = readersOf(admission)
  if (!recipients.some(({ party }) => party === identity.party)) throw new Refusal('space.not-a-member')
  const sealed = await sealing.seal(tx, {
    space: head.space,
    seen: { size: head.size, root: toBase64url(head.root) },
    membersChanged: admission.membersChanged,
    recipients,
    blobs: await Promise.all(
      prepared.map(({ blob }) => (blob instanceof Uint8Array ? blob : readStagedFile(tx, blob))),
    ),
  })
  return prepared.map(({ part }, at) => ({ ...part, enc: sealed[at]?.enc }) as Part)
}

/** Everybody an act sealed at this position is sealed to: all present members, observers too. */
export function readersOf(admission: SpaceState['admission']): Recipient[] {
  return presentMembers(admission).map((party) => ({ party, sealing: admission.members.get(party)?.sealing ?? '' }))
}

// People approved who reads it: nobody may come in between their approval and the record.
async function requireNoNewReader({ states }: SigningContext, tx: Tx, head: Head, old: Statement): Promise<void> {
  const { admission } = await states.at(tx, head)
  const came = presentMembers(admission).find(
    (party) => (admission.members.get(party)?.since ?? 0) >= old.seen.size && party !== old.author,
  )
  if (came) throw new Refusal('space.readers-changed', { party: came })
}

function prepareParts(draft: ActDraft): Prepared[] {
  const parts = [prepareJson('body', draft.body)]
  if (draft.text !== undefined) parts.push(prepareJson('text', draft.text))
  if (!draft.attachments?.length && !draft.files?.length) return parts
  const listed: ListedAttachment[] = []
  for (const { name, media, content, marking } of draft.attachments ?? []) {
    const one = prepare({ role: 'attachment', media, content })
    parts.push(one)
    listed.push({ name, media, hash: one.part.hash, size: one.part.size, marking })
  }
  for (const file of draft.files ?? []) {
    const { name, title, media, commitment: hash, size, marking } = file
    parts.push({ part: { role: 'attachment', hash, size, media }, blob: file })
    listed.push({ name, ...(title && { title }), media, hash, size, marking })
  }
  return [...parts, prepareJson('attachments', listed as unknown as Json)]
}

function prepareJson(role: string, value: Json): Prepared {
  return prepare({ role, media: 'application/json', content: canonicalBytes(value) })
}

function prepare({ role, media, content }: { role: string; media: string; content: Uint8Array }): Prepared {
  const { commitment, blob, size } = newBlob(content)
  return { part: { role, hash: commitment, size, media }, blob }
}

async function storeParts(blobs: Blobs, tx: Tx, prepared: readonly Prepared[]): Promise<Part[]> {
  const inMemory = prepared.flatMap(({ part, blob }) =>
    blob instanceof Uint8Array ? [[part.hash, blob] as const] : [],
  )
  await blobs.putAll(tx, new Map(inMemory))
  for (const { blob } of prepared) if (!(blob instanceof Uint8Array)) await adoptStagedFile(tx, blob)
  return prepared.map(({ part }) => part)
}
