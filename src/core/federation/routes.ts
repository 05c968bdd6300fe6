import { fromBase64url, limits, openBlob, parseTilePath, ProtocolError, readEnvelope, readLeaf, toBase64url } from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import type { Identity } from '../identity/index.ts'
import type { LogLedger, Sequenced, SpaceHead } from '../log/index.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { requireMembership, requireSpace } from './access.ts'
import type { Announcing } from './announcing.ts'
import {
  type ActAnswer, actsMessage, cosignaturesMessage, hintsMessage, messageLimits, type NewestMessage,
} from './messages.ts'
import { checkpointHeader } from './peer-client.ts'
import {
  bytesResponse, type FederationRoute, type Incoming, jsonResponse, NoAnswer, notHere, readJsonBody,
} from './route.ts'
import { isHash } from './texts.ts'
import type { Uploads } from './uploads.ts'

export interface RouteContext {
  identity: Identity
  names: Record<string, string>
  baseUrl: string
  db: Db
  blobs: Blobs
  ledger: LogLedger
  uploads: Uploads
  announcing: Announcing
  clock: ClockSource
  log: Logger
  maxBlobBytes: number
  /** A peer says that a space has this size. */
  heardOf(party: string, space: string, size: number): Promise<void>
}

/** Everything other nodes may ask of this one. */
export function createRoutes(context: RouteContext): FederationRoute[] {
  const space = '/fed/v1/spaces/:space'
  const json = messageLimits.jsonBytes
  const wanted: Wanted[] = [
    ['GET', '/.well-known/chancery', 'public', 0, describeSelf, 'Who this node is'],
    ['GET', `${space}/checkpoint`, 'mixed', 0, giveCheckpoint, 'Newest checkpoint with cosignatures'],
    ['GET', `${space}/newest`, 'mixed', 0, giveNewest, 'Newest checkpoint, entries and small payloads'],
    ['GET', `${space}/tile/*`, 'mixed', 0, giveTile, 'A tile of hashes or entries'],
    ['GET', `${space}/blobs/:commitment`, 'mixed', 0, giveBlob, 'A payload'],
    ['PUT', `${space}/blobs/:commitment`, 'peer', context.maxBlobBytes + 32, takeBlob, 'Bring a payload before its act'],
    ['POST', `${space}/acts`, 'peer', messageLimits.actsBytes, takeActs, 'Hand in acts for the record'],
    ['POST', `${space}/cosignatures`, 'peer', json, takeCosignatures, 'Hand in cosignatures'],
    ['POST', '/fed/v1/hints', 'peer', json, takeHints, 'Spaces that grew'],
    ['GET', '/fed/v1/changes', 'peer', 0, giveChanges, 'Wait for spaces to grow'],
  ]
  return wanted.map(([method, path, permission, maxBodyBytes, handler, summary]) => (
    { method, path, permission, maxBodyBytes, summary, answer: (incoming) => handler(context, incoming) }
  ))
}

type Handler = (context: RouteContext, incoming: Incoming) => Promise<Response>
type Wanted = [FederationRoute['method'], string, FederationRoute['permission'], number, Handler, string]

async function describeSelf({ identity, baseUrl, names }: RouteContext): Promise<Response> {
  return jsonResponse({ v: 1, party: identity.party, register: identity.register, base: baseUrl, names })
}

async function giveCheckpoint({ ledger }: RouteContext, { params, peer }: Incoming): Promise<Response> {
  const head = await requireSpace(ledger, params.space!, peer)
  return bytesResponse(Buffer.from(await ledger.checkpoint(head.space)), { type: 'text/plain; charset=utf-8' })
}

async function giveTile({ ledger }: RouteContext, { params, peer }: Incoming): Promise<Response> {
  const path = `tile/${params['*']!}`
  readOr404(() => parseTilePath(path))
  const head = await requireSpace(ledger, params.space!, peer)
  const tile = await ledger.tile(head.space, path)
  if (!tile) throw notHere()
  return bytesResponse(tile)
}

/** Checkpoint, entries from `from` on and their small payloads in one answer: what a hinted member asks first. */
async function giveNewest(context: RouteContext, { params, peer, url, request }: Incoming): Promise<Response> {
  const { ledger } = context
  const head = await requireSpace(ledger, params.space!, peer)
  await compareCheckpoint(context, head, request)
  const from = readCount(url.searchParams.get('from') ?? String(head.size))
  return jsonResponse(await newestFrom(context, head.space, from, peer))
}

async function newestFrom(
  context: RouteContext, space: string, from: number, peer: string | undefined,
): Promise<NewestMessage> {
  const { ledger, announcing } = context
  const checkpoint = await ledger.checkpoint(space)
  if (peer !== undefined) announcing.served(peer, space, checkpoint)
  const entries = withinBytes(
    await ledger.entries(space, from, messageLimits.newestEntries), messageLimits.newestEntryBytes)
  return {
    checkpoint,
    cosignatures: [],
    from,
    entries: entries.map(toBase64url),
    blobs: await smallBlobs(context, entries),
  }
}

function withinBytes(entries: Uint8Array[], maxBytes: number): Uint8Array[] {
  let sizeBytes = 0
  return entries.filter((entry) => {
    sizeBytes += entry.byteLength
    return sizeBytes <= maxBytes
  })
}

async function smallBlobs({ db, blobs }: RouteContext, entries: Uint8Array[]): Promise<Record<string, string>> {
  let sizeBytes = 0
  const wanted = entries.flatMap((entry) => readLeaf(entry).act.statement.parts)
    .filter((part) => part.size <= messageLimits.newestBlobBytes)
    .filter((part) => {
      sizeBytes += part.size
      return sizeBytes <= messageLimits.newestBlobsBytes
    })
  const found = await Promise.all(wanted.map(async ({ hash }) => [hash, await blobs.find(db, hash)] as const))
  return Object.fromEntries(found.flatMap(([hash, blob]) => (blob ? [[hash, toBase64url(blob)]] : [])))
}

// Members tell each other the newest checkpoint they hold: two that cannot both be true convict the host.
async function compareCheckpoint({ ledger, log }: RouteContext, head: SpaceHead, request: Request): Promise<void> {
  const header = request.headers.get(checkpointHeader)
  if (!header || header.length > 24_000) return
  try {
    const note = Buffer.from(fromBase64url(header)).toString('utf8')
    const conflict = await ledger.witness(head.space, note)
    if (conflict) log.error('checkpoint.conflict', { space: head.space, kind: conflict.kind, detail: conflict.detail })
  } catch (error) {
    // A note that does not verify says nothing about the host.
    if (!(error instanceof ProtocolError)) throw error
  }
}

async function giveBlob(context: RouteContext, { params, peer, request }: Incoming): Promise<Response> {
  const { ledger, blobs, db } = context
  const commitment = params.commitment!
  const head = await requireSpace(ledger, params.space!, peer)
  const isNamed = isHash(commitment) && await ledger.hasPart(head.space, commitment)
  const blob = isNamed ? await blobs.find(db, commitment) : undefined
  if (!blob) throw notHere()
  return giveRange(blob, request.headers.get('range'))
}

function giveRange(blob: Uint8Array, range: string | null): Response {
  const match = range === null ? null : /^bytes=(\d{1,10})-(\d{0,10})$/.exec(range)
  if (!match) return bytesResponse(blob, { headers: { 'accept-ranges': 'bytes' } })
  const first = Number(match[1])
  const last = Math.min(match[2] === '' ? Infinity : Number(match[2]), blob.byteLength - 1)
  const headers = { 'content-range': `bytes ${first}-${last}/${blob.byteLength}` }
  if (first > last) {
    return bytesResponse(new Uint8Array(), { status: 416, headers: { 'content-range': `bytes */${blob.byteLength}` } })
  }
  return bytesResponse(blob.subarray(first, last + 1), { status: 206, headers })
}

async function takeBlob(context: RouteContext, { params, peer, body }: Incoming): Promise<Response> {
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
  { uploads, clock }: RouteContext, head: SpaceHead, peer: string, blobs: Map<string, Uint8Array>,
): Promise<void> {
  for (const [commitment, blob] of blobs) requireCommitment(commitment, blob)
  const isKept = await uploads.keep({ party: peer, space: head.space, blobs, now: clock.now() })
  if (!isKept) throw new NoAnswer(429, 'too many payloads wait for their acts')
}

async function takeActs(context: RouteContext, { params, peer, body }: Incoming): Promise<Response> {
  const { ledger, uploads } = context
  const head = await requireMembership(ledger, params.space!, peer!)
  const message = actsMessage.safeParse(readJsonBody(body))
  if (!message.success) throw new NoAnswer(400, `acts: 1 to ${messageLimits.acts} envelopes`)
  const { acts, blobs = {}, from } = message.data
  if (head.hosted) await keepUploads(context, head, peer!, await newParts(context, head, acts, blobs))
  const answers = await answerActs(context, head, acts)
  const recorded = new Set(answers.flatMap((answer) => (answer.state === 'on-record' ? [answer.hash] : [])))
  const parts = acts.flatMap((envelope) => {
    const act = readActOrNothing(envelope)
    return act && recorded.has(act.hash) ? act.statement.parts.map((part) => part.hash) : []
  })
  await uploads.named(head.space, parts)
  const newest = from === undefined ? {} : { newest: await newestFrom(context, head.space, from, peer) }
  return jsonResponse({ answers, ...newest })
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
  { ledger }: RouteContext, head: SpaceHead, acts: unknown[], given: Record<string, string>,
): Promise<Map<string, Uint8Array>> {
  const named = acts.flatMap((envelope) => readActOrNothing(envelope)?.statement.parts ?? []).map((part) => part.hash)
  const blobs = new Map<string, Uint8Array>()
  for (const hash of named) {
    const blob = Object.hasOwn(given, hash) ? given[hash] : undefined
    if (blob === undefined || await ledger.hasPart(head.space, hash)) continue
    try {
      blobs.set(hash, fromBase64url(blob))
    } catch {
      throw new NoAnswer(400, 'blobs: base64url')
    }
  }
  return blobs
}

async function answerActs(context: RouteContext, head: SpaceHead, acts: unknown[]): Promise<ActAnswer[]> {
  const missing = await Promise.all(acts.map((envelope) => missingPartsOf(context, head, envelope)))
  const handed = acts.flatMap((envelope, place) => (missing[place]!.length > 0 ? [] : [{ envelope }]))
  const sequenced = handed.length > 0 ? await context.ledger.sequence(head.space, handed) : []
  return acts.map((envelope, place) => {
    const parts = missing[place]!
    if (parts.length === 0) return showSequenced(sequenced.shift()!)
    return { state: 'parts-missing', hash: readActOrNothing(envelope)?.hash ?? '', parts }
  })
}

/** Parts that should lie here first. None for an act already on record, whatever was erased since. */
async function missingPartsOf({ db, blobs, ledger }: RouteContext, head: SpaceHead, envelope: unknown): Promise<string[]> {
  const act = readActOrNothing(envelope)
  if (!act || act.statement.space !== head.space) return []
  const hashes = act.statement.parts.map((part) => part.hash)
  const here = await blobs.has(db, hashes)
  const missing = hashes.filter((hash) => !here.has(hash))
  if (missing.length === 0 || await ledger.envelope(act.hash)) return []
  return missing
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

async function takeCosignatures(context: RouteContext, { params, peer, body }: Incoming): Promise<Response> {
  const { ledger, announcing } = context
  const head = await requireMembership(ledger, params.space!, peer!)
  const message = cosignaturesMessage.safeParse(readJsonBody(body))
  if (!message.success) throw new NoAnswer(400, 'cosignatures: {size, lines}')
  const { size, lines } = message.data
  const stored = size <= head.size ? await ledger.addCosignatures(head.space, size, lines) : []
  if (stored.length > 0 && head.hosted) announcing.cosigned(head.space)
  return jsonResponse({ stored })
}

async function takeHints({ heardOf, log }: RouteContext, { peer, body }: Incoming): Promise<Response> {
  const message = hintsMessage.safeParse(readJsonBody(body))
  if (!message.success) throw new NoAnswer(400, 'hints: {spaces: [{space, size}]}')
  for (const { space, size } of message.data.spaces) {
    void heardOf(peer!, space, size).catch((error) => log.info('hint.not-followed', { peer, space, error: String(error) }))
  }
  return jsonResponse({ state: 'heard' }, 202)
}

async function giveChanges({ announcing }: RouteContext, { peer, url, signal }: Incoming): Promise<Response> {
  const since = (url.searchParams.get('since') ?? '').slice(0, 64)
  return jsonResponse(await announcing.waitForChanges(peer!, since, signal))
}

function readCount(text: string): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(count)) throw new NoAnswer(400, 'from: a count of entries')
  return count
}

function readOr404<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError) throw notHere()
    throw error
  }
}

