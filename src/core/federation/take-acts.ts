import { type Act, fromBase64url, openBlob, ProtocolError, readEnvelope, storedParts } from '../../protocol/index.ts'
import type { Sequenced, SpaceHead } from '../log/index.ts'
import { requireMembership } from './access.ts'
import { type ActAnswer, actsMessage, messageLimits } from './messages.ts'
import { newestFrom } from './newest.ts'
import { type Incoming, jsonResponse, NoAnswer, notHere, readJsonBody } from './route.ts'
import type { RouteContext } from './route-context.ts'
import { isHash } from './texts.ts'

/** `PUT blobs/{commitment}` */
export async function takeBlob(context: RouteContext, { params, peer, body }: Incoming): Promise<Response> {
  const { ledger } = context
  const commitment = params.commitment!
  const head = await requireMembership(ledger, params.space!, peer!)
  if (!isHash(commitment)) throw new NoAnswer(400, 'not a commitment')
  if (!head.hosted) throw new NoAnswer(409, 'the space is hosted elsewhere')
  // Also when it was erased: nobody brings it back by sending it again.
  if (await ledger.hasPart(head.space, commitment)) return jsonResponse({ state: 'known' })
  await keepUploads(context, head, peer!, new Map([[commitment, body]]))
  return jsonResponse({ state: 'stored' }, 201)
}

async function keepUploads(
  { uploads, clock }: RouteContext,
  head: SpaceHead,
  peer: string,
  blobs: Map<string, Uint8Array>,
): Promise<void> {
  for (const [commitment, blob] of blobs) requireCommitment(commitment, blob)
  const isKept = await uploads.keep({ party: peer, space: head.space, blobs, now: clock.now() })
  if (!isKept) throw new NoAnswer(429, 'too many payloads wait for their acts')
}

/** `POST acts`: one answer per act, in order. */
export async function takeActs(context: RouteContext, { params, peer, body }: Incoming): Promise<Response> {
  const { ledger, uploads, log } = context
  const message = actsMessage.safeParse(readJsonBody(body))
  if (!message.success) throw new NoAnswer(400, `acts: 1 to ${messageLimits.acts} envelopes`)
  const { acts, blobs = {}, from } = message.data
  const opening = acts.length === 1 ? readActOrNothing(acts[0]) : undefined
  if (opening?.statement.type === 'space.opened') return takeOpening(context, params.space!, peer!, opening, blobs)
  const head = await requireMembership(ledger, params.space!, peer!)
  if (head.hosted) await keepUploads(context, head, peer!, await newParts(context, head, acts, blobs))
  const answers = await answerActs(context, head, acts)
  const recorded = new Set(answers.flatMap((answer) => (answer.state === 'on-record' ? [answer.hash] : [])))
  const parts = acts.flatMap((envelope) => {
    const act = readActOrNothing(envelope)
    return act && recorded.has(act.hash) ? storedHashes(act) : []
  })
  void uploads.named(head.space, parts).catch((error) => log.warn('uploads.named', { error: String(error) }))
  const newest = from === undefined ? {} : { newest: await newestFrom(context, head, from, peer) }
  return jsonResponse({ answers, ...newest })
}

/** Entry 0 of a space that its opener, whom a person here has pinned, wants us to order. */
async function takeOpening(
  { ledger }: RouteContext,
  space: string,
  peer: string,
  { statement, envelope }: Act,
  blobs: Record<string, string>,
): Promise<Response> {
  const [part] = statement.parts
  const blob = part && Object.hasOwn(blobs, part.hash) ? blobs[part.hash] : undefined
  // Nobody brings another party's opening, and whether the space exists is nobody else's business.
  if (statement.author !== peer || statement.space !== space || blob === undefined) throw notHere()
  const answer = await ledger.accept(space, { envelope, body: readBlob(blob) })
  return jsonResponse({ answers: [showSequenced(answer)] })
}

function requireCommitment(commitment: string, blob: Uint8Array): void {
  try {
    openBlob(blob, commitment)
  } catch (error) {
    if (error instanceof ProtocolError) throw new NoAnswer(400, error.message)
    throw error
  }
}

/** Given payloads that an act names and that never lay here: erased ones do not come back. */
async function newParts(
  { ledger }: RouteContext,
  head: SpaceHead,
  acts: unknown[],
  given: Record<string, string>,
): Promise<Map<string, Uint8Array>> {
  const named = acts.flatMap((envelope) => storedHashes(readActOrNothing(envelope)))
  const blobs = new Map<string, Uint8Array>()
  for (const hash of named) {
    const blob = Object.hasOwn(given, hash) ? given[hash] : undefined
    if (blob === undefined || (await ledger.hasPart(head.space, hash))) continue
    blobs.set(hash, readBlob(blob))
  }
  return blobs
}

function readBlob(text: string): Uint8Array {
  try {
    return fromBase64url(text)
  } catch {
    throw new NoAnswer(400, 'blobs: base64url')
  }
}

async function answerActs(context: RouteContext, head: SpaceHead, acts: unknown[]): Promise<ActAnswer[]> {
  const missing = await Promise.all(acts.map((envelope) => missingPartsOf(context, head, envelope)))
  const handed = acts.flatMap((envelope, place) => (missing[place]!.length > 0 ? [] : [{ envelope }]))
  const sequenced = handed.length > 0 ? await context.ledger.append(head.space, handed) : []
  return acts.map((envelope, place) => {
    const parts = missing[place]!
    if (parts.length === 0) return showSequenced(sequenced.shift()!)
    return { state: 'parts-missing', hash: readActOrNothing(envelope)?.hash ?? '', parts }
  })
}

/**
 * Parts that should be brought first; none for an act already on record. What lies here for another
 * space does not count: naming a commitment must not open a payload that its author never held.
 */
async function missingPartsOf(
  { uploads, ledger }: RouteContext,
  head: SpaceHead,
  envelope: unknown,
): Promise<string[]> {
  const act = readActOrNothing(envelope)
  if (act?.statement.space !== head.space || !head.hosted) return []
  const hashes = storedHashes(act)
  const brought = await uploads.broughtFor(head.space, hashes)
  const missing: string[] = []
  for (const hash of hashes) if (!brought.has(hash) && !(await ledger.hasPart(head.space, hash))) missing.push(hash)
  return missing
}

function storedHashes(act: Act | undefined): string[] {
  return storedParts(act?.statement.parts ?? []).map((part) => part.hash)
}

function readActOrNothing(envelope: unknown) {
  try {
    return readEnvelope(envelope)
  } catch {
    return undefined
  }
}

function showSequenced(answer: Sequenced): ActAnswer {
  if (answer.state !== 'on-record') return answer
  const { state, hash, index, time, receipt } = answer
  return { state, hash, index, time, receipt }
}
