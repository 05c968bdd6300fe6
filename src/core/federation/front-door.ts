import type { ClockSource, Logger } from '../config/types.ts'
import type { PeerBook } from './peer-book.ts'
import { checkpointHeader, type Gossip } from './gossip.ts'
import type { InFlight } from './pace.ts'
import { type FederationRoute, type Incoming, matchRoute, NoAnswer, readRequestBody } from './route.ts'
import { requireDigest, SignatureError, verifyRequest } from './signature.ts'

/** Takes requests of other nodes: finds the route, limits the body, believes or refuses the signature. */
export function createFrontDoor(options: {
  routes: readonly FederationRoute[]
  book: PeerBook
  clock: ClockSource
  log: Logger
  /** Addresses under which peers may know this node; a signature for another one is not for us. */
  ownUrls: readonly string[]
  stopping: AbortSignal
  sawLife(party: string): Promise<void>
  gossip: Gossip
  /** What is being answered when the node stops is answered to its end. */
  inFlight: InFlight
}) {
  const { routes, book, clock, log, stopping, gossip, inFlight } = options
  const own = options.ownUrls.map((url) => new URL(url))

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const match = matchRoute(routes, request.method, url.pathname)
    if (!match) throw new NoAnswer(404, 'not found')
    const { route, params } = match
    const isAnonymous =
      route.permission === 'public' || (route.permission === 'mixed' && !request.headers.has('signature-input'))
    // A stranger is refused before its body is read.
    const peer = isAnonymous ? undefined : await authenticate(request, url)
    const body = await readRequestBody(request, route.maxBodyBytes)
    if (peer !== undefined) requireDigest(Object.fromEntries(request.headers), body)
    if (peer !== undefined) void options.sawLife(peer).catch(() => undefined)
    const signal = AbortSignal.any([request.signal, stopping])
    const incoming = { request, url, params, body, peer, signal }
    return peer === undefined ? route.answer(incoming) : withCheckpoint(peer, incoming, route)
  }

  /** Both sides compare: what came along first, and what goes back with the answer. */
  async function withCheckpoint(peer: string, incoming: Incoming, route: FederationRoute): Promise<Response> {
    await gossip.heard(peer, incoming.request.headers.get(checkpointHeader))
    const answer = await route.answer(incoming)
    const told = await gossip.next(peer)
    if (told !== undefined) answer.headers.set(checkpointHeader, told)
    return answer
  }

  async function authenticate(request: Request, url: URL): Promise<string> {
    let party: string | undefined
    await verifyRequest(
      {
        method: request.method,
        url: asAddressed(url),
        headers: Object.fromEntries(request.headers),
      },
      clock.now(),
      async (kid) => {
        const known = await book.findKey(kid)
        party = known?.party
        return known?.key
      },
    )
    return party!
  }

  // A proxy may have changed host and scheme; what counts is that the signer meant one of our addresses.
  function asAddressed(url: URL): string {
    const base = own.find((candidate) => candidate.host === url.host) ?? own[0]
    if (!base) return url.href
    return `${base.protocol}//${base.host}${url.pathname}${url.search}`
  }

  return async function handle(request: Request): Promise<Response> {
    if (stopping.aborted) return refuse(503, 'this node is stopping', clock.now())
    try {
      return await inFlight.track(answer(request))
    } catch (error) {
      if (error instanceof SignatureError) return refuse(401, unbelieved(error), clock.now())
      if (error instanceof NoAnswer) return refuse(error.status, error.message, clock.now())
      log.error('federation.failed', { method: request.method, error: String(error) })
      return refuse(500, 'this node failed', clock.now())
    }
  }
}

// One sentence for unknown keys and wrong signatures: nobody learns which parties are known here.
function unbelieved(error: SignatureError): string {
  return ['unknown-key', 'signature'].includes(error.fault) ? 'the signature is not of a peer' : error.message
}

/** The time lets an honest peer with a wrong clock see what is wrong (docs/protocol, "Between nodes"). */
function refuse(status: number, detail: string, now: number): Response {
  return Response.json(
    { status, detail, now },
    {
      status,
      headers: {
        'content-type': 'application/problem+json',
        'chancery-time': String(now),
        'cache-control': 'no-store',
      },
    },
  )
}
