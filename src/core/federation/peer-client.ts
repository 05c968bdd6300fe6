import { type SigningKey, toBase64url } from '../../protocol/index.ts'
import { checkpointHeader, type Gossip } from './gossip.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import type { PeerBook } from './peer-book.ts'
import { signRequest } from './signature.ts'
import { readNodeUrl, type Wire, type WireAnswer, WireError } from './wire.ts'

export interface PeerRequest {
  method: 'GET' | 'POST' | 'PUT'
  /** Path and query below the node's address. */
  path: string
  body?: Uint8Array | object
  timeoutMs?: number
  maxBytes?: number
  /** Bytes of the answer that are asked for, `to` not included. */
  range?: { from: number; to: number }
  /** Newest checkpoint we hold of the space in question, instead of the one whose turn it is. */
  checkpoint?: string
}

/** The other side answered, but not with what was asked. */
export class PeerAnswerError extends Error {
  override name = 'PeerAnswerError'
  status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const defaultTimeoutMs = 10_000
const defaultMaxBytes = 16 * 1024 * 1024

/** Signed requests to peers, and what their success or failure says about who can be reached. */
export type PeerClient = ReturnType<typeof createPeerClient>

export function createPeerClient(options: {
  wire: Wire
  key: SigningKey
  /** The node key before this one, while it is kept. */
  formerKey(): SigningKey | undefined
  clock: ClockSource
  log: Logger
  book: PeerBook
  gossip(): Gossip
}) {
  const { wire, clock, log, book, gossip } = options
  const stopping = new AbortController()
  const lifeListeners = new Set<(party: string) => void>()
  // What this process last saw of each peer, so that the row is only written when that changes.
  const states = new Map<string, 'up' | 'down'>()
  /** Since when each peer that is down was; this process's own monotonic clock, ms. */
  const silentSince = new Map<string, number>()

  /** Real traffic with the peer succeeded, in either direction. */
  async function sawLife(party: string): Promise<void> {
    if (states.get(party) === 'up') return
    states.set(party, 'up')
    silentSince.delete(party)
    await book.markUnreachable(party, null)
    for (const listener of lifeListeners) listener(party)
  }

  async function sawFailure(party: string, error: WireError): Promise<void> {
    if (states.get(party) === 'down') return
    states.set(party, 'down')
    silentSince.set(party, performance.now())
    log.warn('peer.unreachable', { party, fault: error.fault })
    await book.markUnreachable(party, clock.now())
  }

  /** A peer that has not read our register since our node key changed knows only the one before. */
  async function askSigned(url: string, request: PeerRequest): Promise<WireAnswer> {
    const answer = await ask(url, request, options.key)
    const former = answer.status === 401 ? options.formerKey() : undefined
    return former ? ask(url, request, former) : answer
  }

  async function ask(url: string, request: PeerRequest, key?: SigningKey): Promise<WireAnswer> {
    const body = readBody(request.body)
    const full = `${readNodeUrl(url)}${request.path}`
    const signed = key ? signRequest({ method: request.method, url: full, body }, key, clock.now()) : {}
    return wire.send({
      method: request.method,
      url: full,
      headers: {
        ...(request.body === undefined ? {} : { 'content-type': contentType(request.body) }),
        ...(request.range === undefined ? {} : { range: `bytes=${request.range.from}-${request.range.to - 1}` }),
        ...(request.checkpoint === undefined ? {} : { [checkpointHeader]: request.checkpoint }),
        ...signed,
      },
      body,
      timeoutMs: request.timeoutMs ?? defaultTimeoutMs,
      maxBytes: request.maxBytes ?? defaultMaxBytes,
      signal: stopping.signal,
    })
  }

  return {
    sawLife,
    /** Unsigned: for what everybody may read. */
    askPublic: (url: string, request: PeerRequest) => ask(url, request),

    /**
     * Sends a signed request to a peer.
     *
     * @throws {WireError} if no answer came.
     * @throws {PeerAnswerError} unless the answer is 2xx.
     */
    async ask(party: string, request: PeerRequest): Promise<WireAnswer> {
      const url = addressOf(party, await book.recall(party))
      try {
        const { checkpoint } = request
        const told = checkpoint === undefined ? await gossip().next(party) : toBase64url(Buffer.from(checkpoint))
        const answer = given(await askSigned(url, { ...request, ...(told === undefined ? {} : { checkpoint: told }) }))
        await sawLife(party)
        await gossip().heard(party, answer.headers[checkpointHeader])
        return answer
      } catch (error) {
        if (error instanceof WireError && error.fault !== 'aborted') await sawFailure(party, error)
        throw error
      }
    },

    /**
     * A way to ask one peer, signed, that asks the database nothing and tells it nothing: for whoever reads within a
     * transaction. One that wanted a second connection there might wait for ever. Its requests throw as those of `ask`.
     */
    async quietLine(party: string): Promise<(request: PeerRequest) => Promise<WireAnswer>> {
      const peer = await book.recall(party)
      return async (request) => given(await askSigned(addressOf(party, peer), request))
    },

    isDown: (party: string) => states.get(party) === 'down',
    /** Since when nothing was heard of a peer that is down: ms of `performance.now()`. */
    downSince: (party: string) => silentSince.get(party),
    /** Called when a peer that could not be reached, or was never heard of since the start, shows life. */
    onLife(listener: (party: string) => void): () => void {
      lifeListeners.add(listener)
      return () => void lifeListeners.delete(listener)
    },
    stopping: stopping.signal,
    async stop(): Promise<void> {
      stopping.abort()
      await wire.close()
    },
  }
}

function addressOf(party: string, peer: { url: string } | undefined): string {
  if (!peer || peer.url === '') throw new WireError('unreachable', `no address of ${party} is known`)
  return peer.url
}

/** @throws {PeerAnswerError} unless the answer is 2xx. */
function given(answer: WireAnswer): WireAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer
  throw new PeerAnswerError(answer.status, describe(answer))
}

function readBody(body: PeerRequest['body']): Uint8Array {
  if (body === undefined) return new Uint8Array()
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body))
}

function contentType(body: Uint8Array | object): string {
  return body instanceof Uint8Array ? 'application/octet-stream' : 'application/json'
}

function describe(answer: WireAnswer): string {
  const time = answer.headers['chancery-time']
  const said = answer.body.byteLength <= 2_000 ? Buffer.from(answer.body).toString('utf8') : ''
  return `the peer answered ${answer.status}${time ? ` (its time: ${time})` : ''} ${said}`.trim().slice(0, 500)
}

/** JSON of an answer. @throws {PeerAnswerError} if it is none. */
export function readJson(answer: WireAnswer): unknown {
  try {
    return JSON.parse(Buffer.from(answer.body).toString('utf8'))
  } catch {
    throw new PeerAnswerError(answer.status, 'the answer is not JSON')
  }
}
