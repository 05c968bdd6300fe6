/** A request to this node from another one, read and checked as far as its route asks. */
export interface Incoming {
  request: Request
  url: URL
  params: Readonly<Record<string, string>>
  body: Uint8Array
  /** Party whose node key signed the request. Undefined on public routes. */
  peer: string | undefined
  /** Ends when the other side hangs up or the node stops. */
  signal: AbortSignal
}

/** One federation route as it is mounted: `:name` stands for one segment, `*` at the end for the rest. */
export interface FederationRoute {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  /**
   * `peer`: only signed by a known peer. `public`: anybody. `mixed`: anybody asks, and the route decides
   * what a stranger may have (registers are public, every other space is not told to exist).
   */
  permission: 'peer' | 'public' | 'mixed'
  maxBodyBytes: number
  /** One line for OpenAPI. */
  summary: string
  answer(incoming: Incoming): Promise<Response>
}

/** A refusal of the transport: nothing about spaces or people. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
  status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** What a stranger and a non-member get for every space alike. */
export const notHere = () => new NoAnswer(404, 'not found')

/** Finds the route of a method and path; `params` hold the named segments, `*` the rest. */
export function matchRoute(
  routes: readonly FederationRoute[],
  method: string,
  path: string,
): { route: FederationRoute; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = route.method === method ? matchPath(route.path, path) : undefined
    if (params) return { route, params }
  }
  return undefined
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  const isOpen = wanted.at(-1) === '*'
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return undefined
  const params: Record<string, string> = {}
  for (const [place, segment] of wanted.entries()) {
    const value = given[place]!
    if (segment === '*') params['*'] = given.slice(place).join('/')
    else if (segment.startsWith(':')) params[segment.slice(1)] = value
    else if (segment !== value) return undefined
  }
  return params
}

/**
 * The body of a request, read only as far as allowed.
 *
 * @throws {NoAnswer} 413 as soon as more arrives.
 */
export async function readRequestBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > maxBytes) throw new NoAnswer(413, `at most ${maxBytes} bytes`)
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > maxBytes) throw new NoAnswer(413, `at most ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

/** @throws {NoAnswer} 400 unless the body is JSON. */
export function readJsonBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new NoAnswer(400, 'the body is not JSON')
  }
}

export function jsonResponse(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store' } })
}

export function bytesResponse(
  bytes: Uint8Array | ReadableStream<Uint8Array>,
  options: { type?: string; status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(bytes instanceof Uint8Array ? new Uint8Array(bytes) : bytes, {
    status: options.status ?? 200,
    headers: {
      'content-type': options.type ?? 'application/octet-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...options.headers,
    },
  })
}
