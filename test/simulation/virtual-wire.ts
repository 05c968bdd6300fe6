import { type Wire, type WireAnswer, WireError, type WireRequest } from '../../src/core/federation/wire.ts'
import { createLuck } from './luck.ts'
import type { VirtualTime } from './virtual-time.ts'

export type Handler = (request: Request) => Promise<Response>

/** How bad the network is; shares are of 1, times ms. */
export interface Weather {
  drop: number
  duplicate: number
  longestDelayMs: number
}

/** What went over the wire, for the oracle: answers and requests alike. */
export interface Seen {
  from: string
  to: string
  path: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array
}

/** A network in virtual time. What happens to a message follows from the seed and from what message it is. */
export interface VirtualWire {
  from(name: string): Wire
  attach(name: string, handler: Handler): void
  detach(name: string): void
  weather(seed: number, weather: Weather): void
  cut(a: string, b: string): void
  heal(): void
  /** Somebody in the middle of one node's door: may answer in its place. */
  door(name: string, keeper: ((from: string, request: Request, inside: Handler) => Promise<Response>) | undefined): void
  onSeen(hear: (seen: Seen) => void): void
  messages(): number
}

export function createVirtualWire(time: VirtualTime): VirtualWire {
  const handlers = new Map<string, Handler>()
  const doors = new Map<string, (from: string, request: Request, inside: Handler) => Promise<Response>>()
  const cuts = new Set<string>()
  const luck = createLuck()
  let weather: Weather = { drop: 0, duplicate: 0, longestDelayMs: 1 }
  let messages = 0
  let hear: (seen: Seen) => void = () => undefined

  async function handle(from: string, to: string, request: WireRequest): Promise<WireAnswer> {
    const handler = handlers.get(to)
    if (!handler) throw new WireError('unreachable', `${to} does not listen`)
    const body = request.method === 'GET' ? {} : { body: new Uint8Array(request.body) }
    const asked = new Request(request.url, { method: request.method, headers: request.headers, ...body })
    const keeper = doors.get(to)
    const response = await (keeper ? keeper(from, asked, handler) : handler(asked))
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    }
  }

  function carry(from: string, request: WireRequest, settle: (answer: WireAnswer | WireError) => void): void {
    const url = new URL(request.url)
    const to = url.hostname.replace(/\.test$/, '')
    const path = `${request.method} ${url.pathname.replaceAll(/[0-9a-f]{32}/g, '*')}`
    const line = `${from}>${to} ${path}`
    const [lost, answerLost, twice, there, back] = luck.of(line)
    messages += 1
    hear({ from, to, path: url.pathname + url.search, headers: request.headers, body: request.body })
    const isCut = () => cuts.has(`${from} ${to}`) || cuts.has(`${to} ${from}`)
    const delay = (share: number) => 1 + Math.floor(share * weather.longestDelayMs)
    const arrive = (answered: (answer: WireAnswer | WireError) => void) => {
      if (isCut() || lost < weather.drop) return answered(new WireError('unreachable', 'the request was lost'))
      handle(from, to, request).then(
        (answer) => {
          hear({ from: to, to: from, path: url.pathname + url.search, headers: answer.headers, body: answer.body })
          time.at(delay(back), line, () => {
            const gone = isCut() || answerLost < weather.drop
            answered(gone ? new WireError('timeout', 'the answer was lost') : answer)
          })
        },
        (error) => answered(error instanceof WireError ? error : new WireError('unreachable', String(error))),
      )
    }
    time.at(delay(there), line, () => arrive(settle))
    if (twice < weather.duplicate) time.at(delay(there) + delay(back), `${line} again`, () => arrive(() => undefined))
  }

  function send(from: string, request: WireRequest): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      let done = false
      const settle = (answer: WireAnswer | WireError) => {
        if (done) return
        done = true
        clearTimeout(timer)
        request.signal?.removeEventListener('abort', abort)
        if (answer instanceof WireError) reject(answer)
        else resolve(answer)
      }
      const timer = setTimeout(() => settle(new WireError('timeout', 'no answer')), request.timeoutMs)
      const abort = () => settle(new WireError('aborted', 'the node is stopping'))
      if (request.signal?.aborted) return abort()
      request.signal?.addEventListener('abort', abort, { once: true })
      carry(from, request, settle)
    })
  }

  return {
    from: (name) => ({ send: (request) => send(name, request), close: async () => undefined }),
    attach: (name, handler) => void handlers.set(name, handler),
    detach: (name) => void handlers.delete(name),
    weather(next, how) {
      luck.seed(next)
      weather = how
    },
    cut: (a, b) => void cuts.add(`${a} ${b}`),
    heal: () => cuts.clear(),
    door(name, keeper) {
      if (keeper) doors.set(name, keeper)
      else doors.delete(name)
    },
    onSeen(next) {
      hear = next
    },
    messages: () => messages,
  }
}
