import {
  type Act,
  fromBase64url,
  openBlob,
  ProtocolError,
  readEnvelope,
  saltBytes,
  sealedSizeOf,
  storedParts,
} from '../../protocol/index.ts'
import type { Sequenced, SpaceHead } from '../log/index.ts'
import { requireMembership } from './access.ts'
import { type ActAnswer, actsMessage, messageLimits } from './messages.ts'
import { pieceBytes } from './large-blobs.ts'
import { newestFrom } from './newest.ts'
import { type Incoming, jsonResponse, NoAnswer, notHere, readJsonBody } from './route.ts'
import type { RouteContext } from './route-context.ts'
import { isHash } from './texts.ts'

/** `PUT blobs/{commitment}` */
export async function takeBlob(context: RouteContext, { params, peer, body, url }: Incoming): Promise<Response> {
  const { ledger } = context
  const commitment = params.commitment!
  const head = await requireMembership(ledger, params.space!, peer!)
  if (!isHash(commitment)) throw new NoAnswer(400, 'not a commitment')
  if (!head.hosted) throw new NoAnswer(409, 'the space is hosted elsewhere')
  // Also when it was erased: nobody brings it back by sending it again.
  if (await ledger.hasPart(head.space, commitment)) return jsonResponse({ state: 'known' })
  if ((await context.uploads.known(head.space, [commitment])).uploaded.has(commitment))
    return jsonResponse({ state: 'known' })
  if (url.searchParams.has('of')) return takePiece(context, head, peer!, { commitment, body, query: url.searchParams })
  await keepUploads(context, head, peer!, new Map([[commitment, body]]))
  return jsonResponse({ state: 'stored' }, 201)
}

/** `PUT blobs/{commitment}?from=&of=`: `kept` says where to go on, also when this piece was not the next. */
async function takePiece(
  { uploads, clock, maxBlobBytes }: RouteContext,
  head: SpaceHead,
  peer: string,
  { commitment, body, query }: { commitment: string; body: Uint8Array; query: URLSearchParams },
): Promise<Response> {
  const [from, total] = [query.get('from') ?? '', query.get('of') ?? ''].map((text) =>
    /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN,
  ) as [number, number]
  if (!(from >= 0 && total > saltBytes && from + body.byteLength <= total))
    throw new NoAnswer(400, 'from, of: bytes of the payload')
  if (body.byteLength > pieceBytes) throw new NoAnswer(413, `pieces of at most ${pieceBytes} bytes`)
  if (total > sealedSizeOf(maxBlobBytes)) throw new NoAnswer(413, `at most ${maxBlobBytes} bytes`)
  const kept = await uploads.keepPiece({
    party: peer,
    space: head.space,
    commitment,
    from,
    total,
    bytes: body,
    now: clock.now(),
  })
  if (kept.state === 'wrong') throw new NoAnswer(400, 'the payload is not what its commitment promises')
  if (kept.state === 'full') throw new NoAnswer(429, 'too many payloads wait for their acts')
  return kept.state === 'whole' ? jsonResponse({ state: 'stored' }, 201) : jsonResponse(kept, 202)
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
  const { answers, uploaded } = await answerActs(context, head, acts, blobs)
  void uploads.named(head.space, uploaded).catch((error) => log.warn('uploads.named', { error: String(error) }))
  if (from === undefined) return jsonResponse({ answers })
  // Only what this request put on record: later entries may have been appended by another process.
  const newest = from === head.size ? context.announcing.newest(head.space, { from, for: peer! }) : undefined
  return jsonResponse({ answers, newest: newest ?? (await newestFrom(context, head, from, peer)) })
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

/** Given payloads that these parts name, each what its commitment promises. */
function namedBlobs(parts: readonly string[], given: Record<string, string>): Map<string, Uint8Array> {
  const named = parts.filter((hash) => Object.hasOwn(given, hash))
  const blobs = new Map(named.map((hash) => [hash, readBlob(given[hash]!)]))
  for (const [commitment, blob] of blobs) requireCommitment(commitment, blob)
  return blobs
}

function readBlob(text: string): Uint8Array {
  try {
    return fromBase64url(text)
  } catch {
    throw new NoAnswer(400, 'blobs: base64url')
  }
}

/**
 * Answers in order, and which of the payloads brought before are on record now. What lies here for another space
 * does not count: naming a commitment must not open a payload that its author never held. What came along is stored
 * with its act; where the space names it already it may have been erased, and does not come back.
 */
async function answerActs(
  { uploads, ledger }: RouteContext,
  head: SpaceHead,
  envelopes: unknown[],
  given: Record<string, string>,
): Promise<{ answers: ActAnswer[]; uploaded: string[] }> {
  const acts = envelopes.map(readActOrNothing)
  const partsOf = (act: Act | undefined) =>
    act?.statement.space === head.space && head.hosted ? storedHashes(act) : []
  const parts = [...new Set(acts.flatMap(partsOf))]
  const blobs = namedBlobs(parts, given)
  const { uploaded, named } = await uploads.known(head.space, parts)
  for (const hash of named) blobs.delete(hash)
  const isHere = (hash: string) => blobs.has(hash) || uploaded.has(hash) || named.has(hash)
  const missing = acts.map((act) => partsOf(act).filter((hash) => !isHere(hash)))
  const handed = envelopes.flatMap((envelope, place) => (missing[place]!.length > 0 ? [] : [{ envelope, blobs }]))
  const sequenced = handed.length > 0 ? await ledger.append(head.space, handed) : []
  const answers = envelopes.map((_, place): ActAnswer => {
    const lacks = missing[place]!
    if (lacks.length === 0) return showSequenced(sequenced.shift()!)
    return { state: 'parts-missing', hash: acts[place]?.hash ?? '', parts: lacks }
  })
  const recorded = acts.filter((_, place) => answers[place]!.state === 'on-record')
  return { answers, uploaded: recorded.flatMap(partsOf).filter((hash) => uploaded.has(hash)) }
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
