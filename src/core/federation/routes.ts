import { Readable } from 'node:stream'
import { parseTilePath, ProtocolError, sealedSizeOf } from '../../protocol/index.ts'
import { requireMembership, requireSpace } from './access.ts'
import { cosignaturesMessage, hintsMessage, messageLimits } from './messages.ts'
import { pieceBytes } from './large-blobs.ts'
import { newestFrom } from './newest.ts'
import {
  bytesResponse,
  type FederationRoute,
  type Incoming,
  jsonResponse,
  NoAnswer,
  notHere,
  readJsonBody,
} from './route.ts'
import type { RouteContext } from './route-context.ts'
import { takeActs, takeBlob } from './take-acts.ts'
import { takeHandover } from './take-handover.ts'
import { takeTenders } from './take-tenders.ts'
import { isHash } from './texts.ts'

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
    [
      'PUT',
      `${space}/blobs/:commitment`,
      'peer',
      sealedSizeOf(context.maxBlobBytes),
      takeBlob,
      'Bring a payload before its act',
    ],
    ['POST', `${space}/acts`, 'peer', messageLimits.actsBytes, takeActs, 'Hand in acts for the record'],
    ['POST', `${space}/tenders`, 'peer', messageLimits.actsBytes, takeTenders, 'Keep acts that the host does not take'],
    ['POST', `${space}/handover`, 'peer', json, takeHandover, 'Order a space in place of its host'],
    ['POST', `${space}/cosignatures`, 'peer', json, takeCosignatures, 'Hand in cosignatures'],
    ['GET', `${space}/cosignatures`, 'mixed', 0, giveCosignatures, 'All lines on the newest checkpoint'],
    ['POST', '/fed/v1/hints', 'peer', json, takeHints, 'Spaces that grew'],
    ['GET', '/fed/v1/changes', 'peer', 0, giveChanges, 'Wait for spaces to grow'],
  ]
  return wanted.map(([method, path, permission, maxBodyBytes, handler, summary]) => ({
    method,
    path,
    permission,
    maxBodyBytes,
    summary,
    answer: (incoming) => handler(context, incoming),
  }))
}

type Handler = (context: RouteContext, incoming: Incoming) => Promise<Response>
type Wanted = [FederationRoute['method'], string, FederationRoute['permission'], number, Handler, string]

async function describeSelf({ identity, baseUrl, names, describe }: RouteContext): Promise<Response> {
  const further = await describe?.()
  return jsonResponse({ ...further, v: 1, party: identity.party, register: identity.register, base: baseUrl, names })
}

async function giveCheckpoint({ ledger }: RouteContext, { params, peer }: Incoming): Promise<Response> {
  const head = await requireSpace(ledger, params.space!, peer)
  return bytesResponse(Buffer.from(await ledger.checkpoint(head.space)), { type: 'text/plain; charset=utf-8' })
}

/** The newest checkpoint's three lines and every line on it, also those a published note has no place for. */
async function giveCosignatures({ ledger }: RouteContext, { params, peer }: Incoming): Promise<Response> {
  const head = await requireSpace(ledger, params.space!, peer)
  const { note, apart } = await ledger.cosigned(head.space)
  return bytesResponse(Buffer.from(note + apart.join('')), { type: 'text/plain; charset=utf-8' })
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
async function giveNewest(context: RouteContext, { params, peer, url }: Incoming): Promise<Response> {
  const { ledger } = context
  const head = await requireSpace(ledger, params.space!, peer)
  const from = readCount(url.searchParams.get('from') ?? String(head.size))
  return jsonResponse(await newestFrom(context, head, from, peer))
}

async function giveBlob(context: RouteContext, { params, peer, request }: Incoming): Promise<Response> {
  const { ledger, blobs, db } = context
  const commitment = params.commitment!
  const head = await requireSpace(ledger, params.space!, peer)
  const isNamed = isHash(commitment) && (await ledger.hasPart(head.space, commitment))
  // Only the host knows that a payload came for this space. A replica gives what no other space here names.
  const mayHave = isNamed && (head.hosted || !(await isNamedElsewhere(context, head.space, commitment)))
  const size = mayHave ? await blobs.sizeOf(db, commitment) : undefined
  if (size === undefined) throw notHere()
  return giveRange(size, request.headers.get('range'), (bytes) => blobs.range(db, commitment, bytes))
}

async function isNamedElsewhere({ db }: RouteContext, space: string, commitment: string): Promise<boolean> {
  const other = await db
    .selectFrom('log.part')
    .select('space')
    .where('hash', '=', commitment)
    .where('space', '<>', space)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}

/** Bytes as they are read, row by row: however large, one row is in memory. */
async function giveRange(
  size: number,
  range: string | null,
  read: (bytes: { from: number; to: number }) => AsyncIterable<Uint8Array>,
): Promise<Response> {
  const match = range === null ? null : /^bytes=(\d{1,10})-(\d{0,10})$/.exec(range)
  const from = match ? Number(match[1]) : 0
  const to = match && match[2] !== '' ? Math.min(Number(match[2]) + 1, size) : size
  if (from >= to)
    return bytesResponse(new Uint8Array(), { status: 416, headers: { 'content-range': `bytes */${size}` } })
  const status = match ? 206 : 200
  const headers: Record<string, string> = match
    ? { 'content-range': `bytes ${from}-${to - 1}/${size}` }
    : { 'accept-ranges': 'bytes' }
  if (to - from <= pieceBytes) {
    const pieces: Uint8Array[] = []
    for await (const piece of read({ from, to })) pieces.push(piece)
    return bytesResponse(Buffer.concat(pieces), { status, headers })
  }
  const rows = Readable.toWeb(Readable.from(read({ from, to }))) as ReadableStream<Uint8Array>
  const answer = bytesResponse(rows, { status, headers })
  answer.headers.set('content-length', String(to - from))
  return answer
}

async function takeCosignatures({ ledger }: RouteContext, { params, peer, body }: Incoming): Promise<Response> {
  const head = await requireMembership(ledger, params.space!, peer!)
  const message = cosignaturesMessage.safeParse(readJsonBody(body))
  if (!message.success) throw new NoAnswer(400, 'cosignatures: {size, lines}')
  const { size, lines } = message.data
  const stored = size <= head.size ? await ledger.addCosignatures(head.space, size, lines) : []
  return jsonResponse({ stored })
}

async function takeHints({ heardOf, log }: RouteContext, { peer, body }: Incoming): Promise<Response> {
  const message = hintsMessage.safeParse(readJsonBody(body))
  if (!message.success) throw new NoAnswer(400, 'hints: {spaces: [{space, size}]}')
  for (const { space, size } of message.data.spaces) {
    void heardOf(peer!, space, size).catch((error) =>
      log.info('hint.not-followed', { peer, space, error: String(error) }),
    )
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
