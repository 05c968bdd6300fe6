import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT'
  /** Absolute http or https URL. */
  url: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array
  /** The whole exchange, answer included, must end within this. */
  timeoutMs: number
  /** A longer answer is cut off and counts as failed. */
  maxBytes: number
  signal?: AbortSignal
}

export interface WireAnswer {
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body: Uint8Array
}

/** How a node reaches other nodes. Redirects are never followed: a peer must not send us anywhere. */
export interface Wire {
  /** @throws {WireError} if no whole answer came; nothing is known about what the other side did. */
  send(request: WireRequest): Promise<WireAnswer>
  close(): Promise<void>
}

export type WireFault = 'unreachable' | 'timeout' | 'too-large' | 'bad-url' | 'aborted'

export class WireError extends Error {
  override name = 'WireError'
  fault: WireFault
  constructor(fault: WireFault, message: string) {
    super(message)
    this.fault = fault
  }
}

/**
 * The address of a node as a person may type it, without a trailing slash.
 *
 * @throws {WireError} `bad-url` unless http or https without credentials, query or fragment.
 */
export function readNodeUrl(text: string): string {
  const url = text.length <= 300 && URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!url || !isPlain || !['http:', 'https:'].includes(url.protocol)) {
    throw new WireError('bad-url', 'a node address starts with http:// or https:// and holds no user name or query')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** The real wire: HTTP/1.1 with connections kept open, one pool for all peers. */
export function createHttpWire(): Wire {
  const options = { keepAlive: true, maxSockets: 16, maxFreeSockets: 4, scheduling: 'lifo' as const }
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  return {
    send: (request) => sendHttp(request, agents),
    async close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

function sendHttp(request: WireRequest, agents: { 'http:': HttpAgent; 'https:': HttpsAgent }): Promise<WireAnswer> {
  const url = new URL(readNodeUrl(request.url.split('?')[0]!))
  const isTls = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? httpsRequest : httpRequest)(request.url, {
      method: request.method,
      agent: isTls ? agents['https:'] : agents['http:'],
      headers: { ...request.headers, 'content-length': request.body.byteLength },
    })
    const fail = (fault: WireFault, message: string) => {
      stop()
      reject(new WireError(fault, message))
      outgoing.destroy()
    }
    const timer = setTimeout(() => fail('timeout', `no answer within ${request.timeoutMs} ms`), request.timeoutMs)
    const abort = () => fail('aborted', 'the node is stopping')
    const stop = () => {
      clearTimeout(timer)
      request.signal?.removeEventListener('abort', abort)
    }
    readAnswer(outgoing, request.maxBytes, fail, (answer) => {
      stop()
      resolve(answer)
    })
    if (request.signal?.aborted) return abort()
    request.signal?.addEventListener('abort', abort, { once: true })
    outgoing.end(request.body)
  })
}

function readAnswer(
  outgoing: ClientRequest,
  maxBytes: number,
  fail: (fault: WireFault, message: string) => void,
  done: (answer: WireAnswer) => void,
): void {
  outgoing.setNoDelay(true)
  outgoing.on('error', (error) => fail('unreachable', error.message))
  outgoing.on('response', (incoming) => {
    const chunks: Uint8Array[] = []
    let sizeBytes = 0
    incoming.on('error', (error) => fail('unreachable', error.message))
    incoming.on('data', (chunk: Uint8Array) => {
      sizeBytes += chunk.byteLength
      if (sizeBytes > maxBytes) fail('too-large', `the answer is longer than ${maxBytes} bytes`)
      else chunks.push(chunk)
    })
    incoming.on('end', () =>
      done({
        status: incoming.statusCode ?? 0,
        headers: flatHeaders(incoming),
        body: Buffer.concat(chunks),
      }),
    )
  })
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}
