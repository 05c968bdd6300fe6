import { type Wire, type WireAnswer, WireError, type WireRequest } from '../../src/core/federation/wire.ts'

export type Handler = (request: Request) => Promise<Response>

/** What happens to one message between two nodes. */
export interface Fate {
  /** The request never arrives. */
  dropRequest?: boolean
  /** It arrives and is acted on, but the answer is lost. */
  dropAnswer?: boolean
  /** It arrives again this many times, the copies late. */
  duplicates?: number
  /** Turns of the event loop it waits before it arrives: what reorders messages. */
  delayTurns?: number
}

export interface SentMessage {
  from: string
  to: string
  method: string
  path: string
}

/** Joins nodes of one process. Addresses are `http://<name>.test`. */
export interface FakeWire {
  /** The wire as one node sees it. */
  from(name: string): Wire
  attach(name: string, handler: Handler): void
  /** The node is switched off: requests to it fail as if nobody listened, until it attaches again. */
  detach(name: string): void
  /** Decides every message from now on; without it all arrive at once. */
  rule(decide: ((message: SentMessage, number: number) => Fate) | undefined): void
  /** Cuts the line between two nodes, in both directions; what is under way is lost. */
  cut(a: string, b: string): void
  heal(): void
  /** Whether both are switched on and the line between them is whole. */
  joins(a: string, b: string): boolean
  /** Tells what a node gets to see of every message: requests to it, and answers to what it asked. */
  tap(listener: (seenBy: string, bytes: Uint8Array) => void): void
  sent: SentMessage[]
}

const turn = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve)
  })

export function createFakeWire(): FakeWire {
  const handlers = new Map<string, Handler>()
  const cuts = new Set<string>()
  const sent: SentMessage[] = []
  let decide: ((message: SentMessage, number: number) => Fate) | undefined
  let tapped: ((seenBy: string, bytes: Uint8Array) => void) | undefined

  async function deliver(to: string, request: WireRequest): Promise<WireAnswer> {
    const handler = handlers.get(to)
    if (!handler) throw new WireError('unreachable', `${to} does not listen`)
    const response = await handler(
      new Request(request.url, {
        method: request.method,
        headers: request.headers,
        ...(request.method === 'GET' ? {} : { body: new Uint8Array(request.body) }),
      }),
    )
    const body = new Uint8Array(await response.arrayBuffer())
    if (body.byteLength > request.maxBytes) throw new WireError('too-large', 'the answer is too long')
    return { status: response.status, headers: Object.fromEntries(response.headers), body }
  }

  const isCut = (a: string, b: string) => cuts.has(`${a} ${b}`) || cuts.has(`${b} ${a}`)

  async function carry(from: string, request: WireRequest): Promise<WireAnswer> {
    const url = new URL(request.url)
    const to = url.hostname.replace(/\.test$/, '')
    const message = { from, to, method: request.method, path: url.pathname + url.search }
    const number = sent.push(message)
    const fate = decide?.(message, number) ?? {}
    for (let waited = 0; waited < (fate.delayTurns ?? 0); waited += 1) await turn()
    if (fate.dropRequest || isCut(from, to)) throw new WireError('unreachable', 'the request was lost')
    for (let copy = 0; copy < (fate.duplicates ?? 0); copy += 1) {
      void turn()
        .then(turn)
        .then(() => deliver(to, request))
        .catch(() => undefined)
    }
    tapped?.(to, request.body)
    const answer = await deliver(to, request)
    // A request that waited for news is cut off like any other.
    if (isCut(from, to)) throw new WireError('timeout', 'the answer was lost')
    tapped?.(from, answer.body)
    if (fate.dropAnswer) throw new WireError('timeout', 'the answer was lost')
    return answer
  }

  function within(request: WireRequest, answer: Promise<WireAnswer>): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new WireError('timeout', 'no answer')), request.timeoutMs)
      const abort = () => reject(new WireError('aborted', 'the node is stopping'))
      request.signal?.addEventListener('abort', abort, { once: true })
      if (request.signal?.aborted) abort()
      answer.then(resolve, reject).finally(() => {
        clearTimeout(timer)
        request.signal?.removeEventListener('abort', abort)
      })
    })
  }

  return {
    from: (name) => ({
      send: (request) => within(request, carry(name, request)),
      close: async () => undefined,
    }),
    attach: (name, handler) => void handlers.set(name, handler),
    detach: (name) => void handlers.delete(name),
    rule(next) {
      decide = next
    },
    cut: (a, b) => void cuts.add(`${a} ${b}`),
    heal: () => cuts.clear(),
    joins: (a, b) => handlers.has(a) && handlers.has(b) && !isCut(a, b),
    tap(listener) {
      tapped = listener
    },
    sent,
  }
}
