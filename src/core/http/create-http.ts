import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { createAdaptorServer } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { render } from 'preact-render-to-string'
import { createTranslator, isMessageKey, languageFrom, languages } from '../../text/index.ts'
import type { Logger } from '../config/types.ts'
import type { Answer, Route, Visit } from '../module/types.ts'
import { cookieHeader, readCookie } from './cookies.ts'
import { liveStream, trackStream } from './live.ts'
import { asksToKeep, keptResponse, visitToKeep } from './keep-page.ts'
import { isSignedIn, nobody } from './nobody.ts'
import { openapiOf } from './openapi.ts'
import { rememberAddress } from './rate-limit.ts'
import { readValues, withLimitedBody, withoutFiles } from './read-input.ts'
import { Refusal, statusOf } from './refusal.ts'
import { harden, localPath, mediaOf, policyOfDevices, requireSameOrigin } from './security.ts'
import { createAssets } from './serve-assets.ts'
import { asRefusal, problemOf, troubleOf } from './trouble.ts'
import { createTroubleLog } from './trouble-log.ts'
import type { Http, HttpOptions, RunningHttp } from './types.ts'
import { fieldErrors, InvalidInput, parseInput } from './validate.ts'

const compress = promisify(gzip)
const worthCompressingBytes = 1000
const mostCompressedBytes = 1024 * 1024
const mostTopics = 20
/** How long answers under way may take once the node is told to end. */
const closingMs = 5_000

/** The node's web server: every route of every module behind the same checks, limits and headers. */
export function createHttp(options: HttpOptions): Http {
  const { services } = options
  const app = new Hono()
  const open = new Set<() => void>()
  const routes = inOrder(options.routes)
  const openapi = () => openapiOf(routes, { title: `Chancery of ${services.party}`, url: services.settings.publicUrl })
  const assets = createAssets(options.assetsFolder)

  app.get(
    '/assets/:name',
    (c) => assets(c.req.raw, c.req.param('name')) ?? refuse(options, c.req.raw, new Refusal('not-found')),
  )
  app.get('/api/openapi.json', () => Response.json(openapi()))
  app.get('/live', (c) => listenTo(options, c.req.raw, open))
  const { federation } = options
  if (federation)
    for (const path of ['/fed/*', '/witness/*', '/.well-known/chancery']) app.all(path, (c) => federation(c.req.raw))
  for (const route of routes)
    app.on(route.method, route.path, async (c) => trackStream(await answerRoute(options, route, c), open))
  app.notFound((c) => refuse(options, c.req.raw, new Refusal('not-found')))
  app.onError((error, c) => refuse(options, c.req.raw, error))

  const isHttps = services.settings.publicUrl.startsWith('https:')
  const fetch = async (request: Request): Promise<Response> =>
    harden(await compressed(request, await app.fetch(request)), { isHttps })
  const closeStreams = () => {
    for (const close of [...open]) close()
  }
  const http: Http = {
    fetch,
    openapi,
    closeStreams,
    listen: (at) => serveHttp(() => http, { ...services.settings, ...at }),
  }
  return http
}

/** Fixed addresses before ones with parameters; two routes for one address are a mistake. */
function inOrder(routes: readonly Route[]): Route[] {
  const seen = new Set<string>()
  for (const { method, path } of routes) {
    const address = `${method} ${path.replace(/:\w+/g, ':')}`
    if (seen.has(address)) throw new Error(`two routes answer ${method} ${path}`)
    seen.add(address)
  }
  const rank = (path: string) =>
    path
      .split('/')
      .map((s) => (s.startsWith('*') ? '3' : s.startsWith(':') ? '2' : '1'))
      .join('')
  return routes.toSorted((a, b) => (rank(a.path) < rank(b.path) ? -1 : rank(a.path) > rank(b.path) ? 1 : 0))
}

async function answerRoute(options: HttpOptions, route: Route, c: Context): Promise<Response> {
  const original = c.req.raw
  let visit: Visit | undefined
  try {
    visit = await visitOf(options, original, route)
    visit.params = c.req.param() as Record<string, string>
    if (route.method === 'POST' && route.permission !== 'peer')
      requireSameOrigin(original, options.services.settings.publicUrl)
    const away = await checkPermission(options, route, visit)
    if (away) return away
    if (asksToKeep(original)) return await inTime(options, respondToKeep(options, route, visit))
    return await inTime(options, respond(options, route, visit))
  } catch (error) {
    return refuse(options, original, error, visit)
  }
}

async function respond(options: HttpOptions, route: Route, visit: Visit): Promise<Response> {
  const { maxUploadBytes } = options.services.settings
  visit.request = await withLimitedBody(visit.request, {
    isPeer: route.permission === 'peer',
    fileBytes: route.permission === 'peer' ? maxUploadBytes : Math.min(route.fileBytes ?? 0, maxUploadBytes),
  })
  try {
    if (route.permission !== 'peer' || route.input) await readInto(visit, route)
    return await toResponse(options, visit, await route.handle(visit))
  } catch (error) {
    if (!(error instanceof InvalidInput) || visit.wantsJson || !route.onInvalid) throw error
    const errors = fieldErrors(error, visit.t)
    const answer = await route.onInvalid(visit, errors)
    return toResponse(options, visit, 'page' in answer ? { status: 422, ...answer } : answer, errors)
  }
}

/** The same page with what may lie on a device, or a refusal before anything of it is made. */
async function respondToKeep(options: HttpOptions, route: Route, visit: Visit): Promise<Response> {
  await readInto(visit, route)
  const lowered = await visitToKeep(options, route, visit)
  return keptResponse(await toResponse(options, lowered, await route.handle(lowered)), lowered)
}

async function readInto(visit: Visit, route: Route): Promise<void> {
  const values = await readValues(visit.request, { isPeer: route.permission === 'peer' })
  visit.values = withoutFiles(values)
  visit.input = route.input ? parseInput(route.input, values) : values
}

async function inTime(options: HttpOptions, answer: Promise<Response>): Promise<Response> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal('not-ready')), options.answerWithinMs ?? 60_000)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

// ── Who asks, in which language ─────────────────────────────────────────────

async function visitOf(options: HttpOptions, request: Request, route?: Route): Promise<Visit> {
  const isPeer = route?.permission === 'peer'
  const found = isPeer ? undefined : await options.viewerOf(request)
  const language = languageFrom({
    chosen: isPeer ? 'en' : (readCookie(request, options.services.settings, 'language') ?? found?.person.language),
    acceptLanguage: request.headers.get('accept-language'),
    available: languages(),
  })
  const t = createTranslator(language)
  // A device that fetches pages to keep must not use up what somebody is to read.
  const isRead = request.method === 'GET' && !asksToKeep(request)
  const notice = isRead ? readCookie(request, options.services.settings, 'notice') : undefined
  const reading = request.method === 'GET' && route && !isPeer ? options.reading : undefined
  return {
    services: reading?.(options.services) ?? options.services,
    viewer: found ?? nobody(language),
    input: {},
    params: {},
    query: new URL(request.url).searchParams,
    t,
    language,
    request,
    wantsJson: isPeer || wantsJson(request),
    ...(notice ? { notice: isMessageKey(notice) ? t(notice) : notice.slice(0, 300) } : {}),
  }
}

function wantsJson(request: Request): boolean {
  const accept = request.headers.get('accept') ?? ''
  if (new URL(request.url).pathname.startsWith('/api/')) return true
  if (accept.includes('text/html')) return false
  return /application\/(?:[\w.-]+\+)?json/.test(accept) || mediaOf(request) === 'application/json'
}

/** Nothing when the visit may go on, or the way to the sign-in page. @throws {@link Refusal} */
async function checkPermission(
  options: HttpOptions,
  { permission }: Route,
  visit: Visit,
): Promise<Response | undefined> {
  if (permission === 'public' || permission === 'peer') return undefined
  if (permission === 'set-up') {
    if (await options.maySetUp?.(visit.request)) return undefined
    throw new Refusal('set-up-closed')
  }
  if (!isSignedIn(visit.viewer)) {
    if (visit.wantsJson) throw new Refusal('not-signed-in')
    return toEntrance(options, visit)
  }
  if (permission !== 'signed-in' && !visit.viewer.may(permission)) throw new Refusal('not-permitted')
  return undefined
}

async function toEntrance(options: HttpOptions, visit: Visit): Promise<Response> {
  const { pathname, search } = new URL(visit.request.url)
  const wanted = visit.request.method === 'GET' ? localPath(pathname + search) : '/'
  const entrance = (await options.entrance?.()) ?? '/sign-in'
  return see(wanted === '/' ? entrance : `${entrance}?to=${encodeURIComponent(wanted)}`)
}

// ── Answers ─────────────────────────────────────────────────────────────────

const see = (location: string, headers: Record<string, string> = {}) =>
  new Response(null, { status: 303, headers: { Location: location, ...headers } })

async function toResponse(
  options: HttpOptions,
  visit: Visit,
  answer: Answer,
  errors?: Record<string, string>,
): Promise<Response> {
  const { services } = options
  if (answer instanceof Response) return answer
  if ('data' in answer && !('redirect' in answer)) return Response.json(answer.data, { status: answer.status ?? 200 })
  if ('redirect' in answer) {
    if (visit.wantsJson) return Response.json(answer.data ?? { location: answer.redirect })
    const notice = answer.notice
      ? { 'Set-Cookie': cookieHeader(services.settings, 'notice', answer.notice.slice(0, 300), { maxAgeSeconds: 30 }) }
      : {}
    return see(answer.redirect, notice as Record<string, string>)
  }
  const drawn = render(answer.page)
  const html = answer.status === 422 ? (options.nameWrongFields?.(drawn, visit, errors) ?? drawn) : drawn
  const response = page(visit, services.settings, html, answer.status ?? 200)
  if (answer.hears) response.headers.set('Permissions-Policy', policyOfDevices.hearing)
  return response
}

function page(visit: Visit, settings: HttpOptions['services']['settings'], html: string, status: number): Response {
  const headers = new Headers({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Language': visit.language,
    Vary: 'Cookie, Accept-Language',
  })
  if (visit.notice !== undefined)
    headers.append('Set-Cookie', cookieHeader(settings, 'notice', '', { maxAgeSeconds: 0 }))
  return new Response(`<!doctype html>${html}`, { status, headers })
}

/** The calm answer to anything thrown: a page, or a problem for JSON clients. Unexpected errors are logged under an id. */
async function refuse(options: HttpOptions, request: Request, error: unknown, known?: Visit): Promise<Response> {
  const id = randomUUID().slice(0, 8)
  const isExpected = error instanceof Refusal || error instanceof InvalidInput
  const { code } = asRefusal(error)
  if (statusOf(code) === 500) logFailure(options, request, error, id)
  else if (!isExpected) logTrouble(options, request, code, error)
  const visit =
    known ??
    (await visitOf(options, request).catch(() => visitOf({ ...options, viewerOf: async () => undefined }, request)))
  const response = visit.wantsJson ? problemOf(error, visit, id) : drawTrouble(options, visit, error, id)
  if (error instanceof Refusal && typeof error.facts.waitMs === 'number') {
    response.headers.set('Retry-After', String(Math.ceil(error.facts.waitMs / 1000)))
  }
  return response
}

function drawTrouble(options: HttpOptions, visit: Visit, error: unknown, id: string): Response {
  const shown = troubleOf(error, visit, id)
  try {
    return page(visit, options.services.settings, render(options.troublePage(visit, shown)), shown.status)
  } catch (second) {
    logFailure(options, visit.request, second, id)
    return new Response(`${shown.title}\n\n${shown.what}\n${shown.remedies.join('\n')}\n`, {
      status: shown.status,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    })
  }
}

const troubleLogs = new WeakMap<Logger, ReturnType<typeof createTroubleLog>>()

function logTrouble({ services: { log } }: HttpOptions, request: Request, code: string, error: unknown): void {
  const trouble = troubleLogs.get(log) ?? createTroubleLog(log)
  troubleLogs.set(log, trouble)
  trouble({ code, method: request.method, path: new URL(request.url).pathname, error: String(error) })
}

function logFailure({ services }: HttpOptions, request: Request, error: unknown, id: string): void {
  const stack = error instanceof Error ? error.stack : String(error)
  services.log.error('http.failed', { id, method: request.method, path: new URL(request.url).pathname, stack })
}

async function compressed(request: Request, response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? ''
  const isText = /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?json)/.test(type)
  if (!isText || !response.body || response.headers.has('content-encoding')) return response
  if (!/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) return response
  // What is handed out piece by piece would have to be read whole.
  if (Number(response.headers.get('content-length')) > mostCompressedBytes) return response
  const body = new Uint8Array(await response.arrayBuffer())
  if (body.byteLength < worthCompressingBytes) return new Response(body, response)
  const headers = new Headers(response.headers)
  headers.set('Content-Encoding', 'gzip')
  headers.append('Vary', 'Accept-Encoding')
  headers.delete('Content-Length')
  return new Response(await compress(body), { status: response.status, headers })
}

// ── Live and listening ──────────────────────────────────────────────────────

async function listenTo(options: HttpOptions, request: Request, open: Set<() => void>): Promise<Response> {
  const viewer = await options.viewerOf(request)
  if (!viewer) return problemOf(new Refusal('not-signed-in'), await visitOf(options, request), '')
  const asked = [...new Set(new URL(request.url).searchParams.getAll('topic'))].slice(0, mostTopics)
  const topics: string[] = []
  for (const topic of asked) if (topic.length <= 200 && (await options.mayListen(viewer, topic))) topics.push(topic)
  if (topics.length === 0) return problemOf(new Refusal('not-found'), await visitOf(options, request), '')
  return liveStream(options.services.live, topics, (close) => {
    open.add(close)
    return () => void open.delete(close)
  })
}

/** Listens for whoever `current` says answers now: set-up first, the whole node once the party is founded. */
export async function serveHttp(
  current: () => Pick<Http, 'fetch' | 'closeStreams'>,
  { port, host }: { port: number; host: string },
): Promise<RunningHttp> {
  let isClosing = false
  const server = createAdaptorServer({
    fetch: async (request, env) => {
      // Peers ask again as soon as they are answered: without this their connections would never end.
      if (isClosing) return new Response(null, { status: 503, headers: { Connection: 'close', 'Retry-After': '1' } })
      rememberAddress(request, remoteAddress((env as { incoming: IncomingMessage }).incoming, request))
      const response = await current().fetch(request)
      if (isClosing) response.headers.set('Connection', 'close')
      return response
    },
    serverOptions: {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 15_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 10_000,
    },
  }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      isClosing = true
      return closeAll(server, () => current().closeStreams())
    },
  }
}

function remoteAddress(incoming: IncomingMessage, request: Request): string {
  const direct = incoming.socket.remoteAddress ?? 'unknown'
  const isOwnProxy = direct === '127.0.0.1' || direct === '::1' || direct === '::ffff:127.0.0.1'
  const forwarded = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()
  return isOwnProxy && forwarded ? forwarded : direct
}

async function closeAll(server: Server, closeStreams: () => void): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  closeStreams()
  server.closeIdleConnections()
  const patience = setTimeout(() => server.closeAllConnections(), closingMs)
  await closed
  clearTimeout(patience)
}
