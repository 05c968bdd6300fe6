import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { h } from 'preact'
import { z } from 'zod'
import { listen } from '../../../test/support/network.ts'
import type { Viewer } from '../auth/types.ts'
import type { Route, Services } from '../module/types.ts'
import {
  addressOf,
  cookieHeader,
  cookieName,
  createHttp,
  createLive,
  createRateLimit,
  fileInput,
  type HttpOptions,
  InvalidInput,
  localPath,
  nobody,
  Refusal,
  statusOf,
} from './index.ts'
import { createTroubleLog } from './trouble-log.ts'

const publicUrl = 'http://aurelia.localhost:7101'
const logged: Record<string, unknown>[] = []
const live = createLive()
const services = {
  party: 'aurelia.example',
  settings: { publicUrl, port: 0, host: '127.0.0.1', maxUploadBytes: 2_000_000 },
  live,
  log: {
    info() {},
    warn() {},
    error: (event: string, facts: Record<string, unknown>) => void logged.push({ event, ...facts }),
  },
} as unknown as Services

const officer: Viewer = {
  ...nobody('en'),
  person: { id: 'p1', name: 'M. Sadoun', language: 'fr', zone: 'UTC' },
  sessionId: 's1',
  may: (power) => power === 'channels.note-sent:draft',
}

const note = z.object({
  id: z.string(),
  subject: z.string().min(1).max(20),
  hours: z.coerce.number().int().min(1).optional(),
  to: z.array(z.string()).min(1),
  files: z.array(fileInput).optional(),
})
const got: unknown[] = []

const form = (values: Record<string, unknown>, errors: Record<string, string>) =>
  h('form', {}, h('input', { name: 'subject', value: String(values.subject ?? '') }), JSON.stringify(errors))

const routes: Route[] = [
  {
    method: 'GET',
    path: '/spaces/:space',
    permission: 'signed-in',
    summary: 'A space',
    handle: async ({ params }) => ({ data: params }),
  },
  {
    method: 'GET',
    path: '/spaces/open',
    permission: 'signed-in',
    summary: 'Open a space',
    handle: async () => ({ data: 'the form' }),
  },
  {
    method: 'POST',
    path: '/notes',
    permission: 'channels.note-sent:draft',
    summary: 'Draft a note',
    input: note,
    fileBytes: 1_500_000,
    handle: async ({ input }) => {
      got.push(input)
      return { redirect: '/drafts/1', notice: 'common.save' }
    },
    onInvalid: async ({ values }, errors) => ({ page: form(values!, errors) }),
  },
  {
    method: 'GET',
    path: '/page',
    permission: 'public',
    summary: 'A page',
    handle: async ({ notice, t }) => ({ page: h('p', {}, t('common.save'), notice ?? '', 'x'.repeat(2000)) }),
  },
  { method: 'GET', path: '/manage', permission: 'people:manage', summary: 'People', handle: async () => ({ data: 1 }) },
  {
    method: 'GET',
    path: '/fail',
    permission: 'public',
    summary: 'Fails',
    handle: async () => {
      throw new Error('secret detail')
    },
  },
  {
    method: 'GET',
    path: '/taken',
    permission: 'public',
    summary: 'Refuses',
    handle: async () => {
      throw new Refusal('too-many-requests', { waitMs: 90_000 })
    },
  },
  {
    method: 'POST',
    path: '/late',
    permission: 'public',
    summary: 'A field wrong for a reason of its own',
    handle: async () => {
      throw InvalidInput.at('recipient', 'http.invalid.choose')
    },
  },
  {
    method: 'GET',
    path: '/never',
    permission: 'public',
    summary: 'Takes too long',
    handle: () => new Promise(() => {}),
  },
  {
    method: 'POST',
    path: '/peer',
    permission: 'peer',
    summary: 'For nodes',
    handle: async ({ request }) => ({ data: (await request.arrayBuffer()).byteLength }),
  },
  { method: 'GET', path: '/set-up', permission: 'set-up', summary: 'Set-up', handle: async () => ({ data: 1 }) },
  {
    method: 'POST',
    path: '/from',
    permission: 'public',
    summary: 'Where from',
    handle: async ({ request }) => ({ data: addressOf(request) }),
  },
]

const assetsFolder = mkdtempSync(join(tmpdir(), 'chancery-assets-'))
writeFileSync(join(assetsFolder, 'a.woff2'), 'font')
writeFileSync(join(assetsFolder, 'chancery.css'), '@font-face{src:url(a.woff2)} /* words */')

function httpFor(viewer: Viewer | undefined, more: Partial<HttpOptions> = {}) {
  return createHttp({
    services,
    routes,
    assetsFolder,
    viewerOf: async () => viewer,
    mayListen: (_, topic) => topic === 'space:1',
    troublePage: (visit, shown) => h('main', { lang: visit.language }, shown.title, shown.what, ...shown.remedies),
    ...more,
  })
}

const ask = (
  path: string,
  init: RequestInit = {},
  viewer: Viewer | undefined = officer,
  more: Partial<HttpOptions> = {},
) => httpFor(viewer, more).fetch(new Request(publicUrl + path, init))
const own = { 'sec-fetch-site': 'same-origin' }
const asJson = { accept: 'application/json' }
const post = (
  path: string,
  values: Record<string, string> | [string, string][],
  headers: Record<string, string> = own,
) => ask(path, { method: 'POST', body: new URLSearchParams(values), headers })

test('every answer carries the strict headers, whatever became of the request', async () => {
  const paths = [
    '/page',
    '/spaces/1',
    '/nowhere',
    '/fail',
    '/taken',
    '/manage',
    '/assets/chancery.css',
    '/assets/none.js',
    '/api/openapi.json',
    '/live?topic=space:1',
  ]
  for (const path of paths) {
    const { headers, body } = await ask(path)
    assert.match(
      headers.get('content-security-policy') ?? '',
      /default-src 'none'.*style-src 'self'.*frame-ancestors 'none'/,
      path,
    )
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('referrer-policy'), 'same-origin', path)
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path)
    assert.equal(headers.get('strict-transport-security'), null, 'no HSTS on http')
    assert.ok(headers.get('cache-control'), path)
    await body?.cancel()
  }
})

test('a form from another site is refused, and so is one that does not say where it comes from', async () => {
  const values = { id: '1', subject: 'Logs', to: 'bor' }
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://borovia.localhost:7101' },
    { origin: 'null' },
    {},
  ]) {
    const response = await post('/notes', values, headers as Record<string, string>)
    assert.equal(response.status, 403, JSON.stringify(headers))
    assert.match(await response.text(), /autre site/)
  }
  for (const headers of [own, { origin: publicUrl }])
    assert.equal((await post('/notes', values, headers as Record<string, string>)).status, 303)
})

test('peers and bearers of a token need no origin', async () => {
  assert.equal(await (await ask('/peer', { method: 'POST', body: 'abc' })).json(), 3)
  const bearer = { authorization: 'Bearer t', 'content-type': 'application/json', ...asJson }
  assert.equal(
    (
      await ask('/notes', {
        method: 'POST',
        body: JSON.stringify({ id: '1', subject: 'Logs', to: ['bor'] }),
        headers: bearer,
      })
    ).status,
    200,
  )
  const formWithBearer = await post('/notes', { id: '1' }, { authorization: 'Bearer t' })
  assert.equal(formWithBearer.status, 403)
})

test('somebody not signed in is sent to the entrance and back to where they wanted', async () => {
  const response = await ask('/spaces/7?from=3', {}, null as unknown as undefined, { viewerOf: async () => undefined })
  assert.equal(response.status, 303)
  assert.equal(response.headers.get('location'), `/sign-in?to=${encodeURIComponent('/spaces/7?from=3')}`)
  const json = await ask('/spaces/7', { headers: asJson }, undefined, { viewerOf: async () => undefined })
  assert.equal(json.status, 401)
})

test('a person without the power is told so, in their language', async () => {
  const response = await ask('/manage')
  assert.equal(response.status, 403)
  assert.match(await response.text(), /Votre service ne détient pas le pouvoir/)
})

test('set-up is closed unless the app opens it', async () => {
  assert.equal((await ask('/set-up')).status, 403)
  assert.equal((await ask('/set-up', {}, undefined, { maySetUp: () => true })).status, 200)
})

test('a fixed address wins over a parameter, in whatever order modules list them', async () => {
  assert.equal(await (await ask('/spaces/open')).json(), 'the form')
  assert.deepEqual(await (await ask('/spaces/9')).json(), { space: '9' })
})

test('two routes for one address are a mistake seen at start', () => {
  assert.throws(() => httpFor(officer, { routes: [...routes, { ...routes[0]!, path: '/spaces/:id' }] }), /two routes/)
})

test('a form and JSON are the same input', async () => {
  got.length = 0
  await post('/notes', [
    ['id', '1'],
    ['subject', 'Logs'],
    ['hours', '4'],
    ['to', 'bor'],
  ])
  await ask('/notes', {
    method: 'POST',
    headers: { ...own, ...asJson, 'content-type': 'application/json' },
    body: JSON.stringify({ id: '1', subject: 'Logs', hours: 4, to: ['bor'] }),
  })
  assert.deepEqual(got[0], got[1])
  await post('/notes', [
    ['id', '1'],
    ['subject', 'Logs'],
    ['hours', ''],
    ['to', 'bor'],
    ['to', 'cal'],
  ])
  assert.deepEqual(got[2], { id: '1', subject: 'Logs', to: ['bor', 'cal'] })
})

test('what no database keeps is taken out of what people send, in a form and in JSON', async () => {
  got.length = 0
  const subject = 'Lo\u0000gs\u000B of\tus\nsaid'
  await post('/notes', [
    ['id', '1'],
    ['subject', subject],
    ['to', 'bor'],
  ])
  await ask('/notes', {
    method: 'POST',
    headers: { ...own, ...asJson, 'content-type': 'application/json' },
    body: JSON.stringify({ id: '1', subject: `${subject}\ud800`, to: ['bor'] }),
  })
  const [typed, sent] = got as { subject: string }[]
  assert.equal(typed?.subject, 'Logs of\tus\nsaid')
  assert.equal(sent?.subject, 'Logs of\tus\nsaid\ufffd')
})

test('files arrive with name, kind and content, and an empty choice is no file', async () => {
  got.length = 0
  const body = new FormData()
  for (const [name, value] of [
    ['id', '1'],
    ['subject', 'Logs'],
    ['to', 'bor'],
  ] as const)
    body.append(name, value)
  body.append('files', new File(['content'], 'C:\\notes\\annex.txt', { type: 'text/plain' }))
  body.append('files', new File([], ''))
  assert.equal((await ask('/notes', { method: 'POST', body, headers: own })).status, 303)
  const [file] = (got[0] as { files: { name: string; media: string; content: Uint8Array }[] }).files
  assert.equal(file?.name, 'annex.txt')
  assert.equal(Buffer.from(file!.content).toString(), 'content')
  const json = {
    id: '1',
    subject: 'Logs',
    to: ['bor'],
    files: [{ name: 'annex.txt', media: 'text/plain', content: Buffer.from('content').toString('base64') }],
  }
  await ask('/notes', {
    method: 'POST',
    headers: { ...own, ...asJson, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
  assert.equal(
    Buffer.from((got[1] as typeof json & { files: [{ content: Uint8Array }] }).files[0].content).toString(),
    'content',
  )
})

test('a form with mistakes comes back filled, each mistake explained', async () => {
  const response = await post('/notes', { id: '1', subject: 'Far too long a subject for this', hours: 'many' })
  assert.equal(response.status, 422)
  const html = (await response.text()).replaceAll('&quot;', '"')
  assert.match(html, /value="Far too long a subject for this"/)
  assert.match(html, /"subject":"N’écrivez pas plus de 20 caractères\."/)
  assert.match(html, /"hours":"Indiquez un nombre\."/)
  assert.match(html, /"to":"Remplissez ce champ\."/)
})

test('JSON with mistakes gets a problem that points at each', async () => {
  const response = await ask('/notes', {
    method: 'POST',
    headers: { ...own, ...asJson, 'content-type': 'application/json' },
    body: JSON.stringify({ id: '1', to: ['a', 5] }),
  })
  assert.equal(response.status, 422)
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  const problem = (await response.json()) as { code: string; errors: { pointer: string }[] }
  assert.equal(problem.code, 'invalid-input')
  assert.deepEqual(
    problem.errors.map((e) => e.pointer),
    ['#/subject', '#/to/1'],
  )
})

test('a mistake only the handler can see is shown like any other', async () => {
  const response = await ask('/late', { method: 'POST', headers: { ...own, ...asJson } })
  assert.equal(response.status, 422)
  assert.equal(((await response.json()) as { errors: { pointer: string }[] }).errors[0]?.pointer, '#/recipient')
})

test('what is larger than accepted is refused with the limit, whether it says its size or not', async () => {
  const big = `subject=${'x'.repeat(1_200_000)}`
  const headers = { ...own, 'content-type': 'application/x-www-form-urlencoded' }
  const said = await ask('/notes', {
    method: 'POST',
    body: big,
    headers: { ...headers, 'content-length': String(big.length) },
  })
  assert.equal(said.status, 413)
  assert.match(await said.text(), /1\sMo/)
  const stream = new ReadableStream({
    start(c) {
      for (let i = 0; i < 13; i += 1) c.enqueue(new TextEncoder().encode(big.slice(0, 100_000)))
      c.close()
    },
  })
  assert.equal(
    (await ask('/notes', { method: 'POST', body: stream, headers, duplex: 'half' } as RequestInit)).status,
    413,
  )
  assert.equal((await ask('/peer', { method: 'POST', body: 'x'.repeat(2_500_000) })).status, 200)
})

test('a form takes no more than its words, and where its route declares files no more than those beside', async () => {
  const headers = { ...own, 'content-type': 'multipart/form-data; boundary=b' }
  const bring = (path: string, bytes: number) => {
    const part = ['--b', 'Content-Disposition: form-data; name="file"; filename="a.txt"', '', 'x'.repeat(bytes)]
    return ask(path, { method: 'POST', body: [...part, '--b--', ''].join('\r\n'), headers })
  }
  assert.equal((await bring('/late', 1_200_000)).status, 413)
  assert.equal((await bring('/notes', 1_200_000)).status, 422)
  assert.equal((await bring('/notes', 2_700_000)).status, 413)
})

test('broken bodies are refused, never a failure of ours', async () => {
  const send = (type: string, body: string) =>
    ask('/notes', { method: 'POST', body, headers: { ...own, 'content-type': type } })
  assert.equal((await send('application/json', '{')).status, 400)
  assert.equal((await send('application/json', '[1]')).status, 400)
  assert.equal((await send('multipart/form-data; boundary=x', 'nonsense')).status, 400)
  assert.equal((await send('text/xml', '<a/>')).status, 415)
  const many = Array.from({ length: 600 }, (_, i) => `f${i}=1`).join('&')
  assert.equal((await send('application/x-www-form-urlencoded', many)).status, 413)
})

test('an unexpected error is logged under the number the reader is told, and tells nothing else', async () => {
  logged.length = 0
  const response = await ask('/fail', { headers: asJson })
  const problem = (await response.json()) as { instance: string }
  assert.equal(response.status, 500)
  assert.ok(!JSON.stringify(problem).includes('secret'))
  assert.equal(logged[0]?.id, problem.instance)
  assert.match(String(logged[0]?.stack), /secret detail/)
})

test('trouble of the database is said in words and in one line of the log, and what was typed can be sent again', async () => {
  const troubles = [
    ['57P03', 503, 'database-away', /does not answer at the moment/],
    ['25006', 503, 'database-read-only', /can be read and not written to/],
    ['XX001', 503, 'database-unreadable', /cannot read part of its own files/],
    ['53100', 507, 'disk-full', /The disk of this chancery is full/],
  ] as const
  for (const [code, status, refusal, words] of troubles) {
    const broken: Route = {
      method: 'GET',
      path: '/broken',
      permission: 'public',
      summary: 'Meets a database in trouble',
      handle: async () => {
        throw Object.assign(new Error('said by PostgreSQL'), { code })
      },
    }
    const http = httpFor(undefined, { routes: [broken] })
    logged.length = 0
    const page = await http.fetch(new Request(`${publicUrl}/broken`, { headers: { accept: 'text/html' } }))
    assert.equal(page.status, status)
    const text = await page.text()
    assert.match(text, words)
    assert.ok(!text.includes('said by PostgreSQL'), 'what PostgreSQL says is for the log')
    assert.deepEqual(
      logged.map(({ event, code: said, path }) => [event, said, path]),
      [['storage.trouble', refusal, '/broken']],
    )
    const problem = await http.fetch(new Request(`${publicUrl}/broken`, { headers: { accept: 'application/json' } }))
    assert.equal(((await problem.json()) as { code: string }).code, refusal)
    assert.equal(logged.length, 1, 'one line, however many requests meet it')
  }
})

test('the log has one line a minute of each trouble of the database, and the next says how many were left out', () => {
  const lines: Record<string, unknown>[] = []
  const log = { info() {}, warn() {}, error: (_: string, facts = {}) => void lines.push(facts) }
  let now = 0
  const met = createTroubleLog(log, () => now)
  const ask = (code: string) => met({ code, method: 'GET', path: '/', error: 'said by PostgreSQL' })
  for (now = 0; now < 60_000; now += 100) ask('database-away')
  ask('disk-full')
  assert.deepEqual(
    lines.map(({ code, leftOut }) => [code, leftOut]),
    [
      ['database-away', undefined],
      ['disk-full', undefined],
    ],
  )
  ask('database-away')
  assert.deepEqual([lines.length, lines[2]?.leftOut], [3, 599])
  now += 60_000
  ask('database-away')
  assert.deepEqual([lines.length, lines[3]?.leftOut], [4, undefined])
})

test('an error page that fails itself still answers calmly', async () => {
  const response = await ask('/fail', {}, officer, {
    troublePage: () => {
      throw new Error('again')
    },
  })
  assert.equal(response.status, 500)
  assert.match(await response.text(), /notre côté/)
})

test('a wait is said in words and in the header', async () => {
  const response = await ask('/taken')
  assert.equal(response.status, 429)
  assert.equal(response.headers.get('retry-after'), '90')
  assert.match(await response.text(), /2 minutes/)
})

test('an answer that does not come is given up', async () => {
  assert.equal((await ask('/never', {}, officer, { answerWithinMs: 20 })).status, 503)
})

test('the language is the one chosen here, then the person’s, then the browser’s', async () => {
  const language = async (headers: Record<string, string>, viewer?: Viewer) =>
    (await ask('/page', { headers }, undefined, { viewerOf: async () => viewer })).headers.get('content-language')
  const chosen = cookieHeader(services.settings, 'language', 'ar').split(';')[0]!
  assert.equal(await language({ cookie: chosen, 'accept-language': 'en' }, officer), 'ar')
  assert.equal(await language({ 'accept-language': 'en' }, officer), 'fr')
  assert.equal(await language({ 'accept-language': 'ar' }), 'ar')
})

test('a redirect leaves one sentence for the next page, which takes it away', async () => {
  const redirect = await post('/notes', { id: '1', subject: 'Logs', to: 'bor' })
  assert.equal(redirect.status, 303)
  const cookie = redirect.headers.get('set-cookie')!
  const page = await ask('/page', { headers: { cookie: cookie.split(';')[0]! } })
  assert.match(await page.text(), /EnregistrerEnregistrer/)
  assert.match(page.headers.get('set-cookie') ?? '', /Max-Age=0/)
})

test('cookies of two nodes on one machine do not meet', () => {
  assert.notEqual(
    cookieName({ publicUrl }, 'session'),
    cookieName({ publicUrl: 'http://aurelia.localhost:7102' }, 'session'),
  )
  assert.match(
    cookieHeader({ publicUrl: 'https://aurelia.example' }, 'session', 'x'),
    /^__Host-.*Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  )
})

test('pages travel compressed to those who can read it', async () => {
  const response = await ask('/page', { headers: { 'accept-encoding': 'gzip' } })
  assert.equal(response.headers.get('content-encoding'), 'gzip')
  assert.match(gunzipSync(await response.arrayBuffer()).toString(), /^<!doctype html>/)
  assert.equal((await ask('/page')).headers.get('content-encoding'), null)
})

test('assets asked for by their hash stay for ever; fonts in the stylesheet carry theirs', async () => {
  const loose = await ask('/assets/chancery.css')
  assert.equal(loose.headers.get('cache-control'), 'no-cache')
  const font = /url\((\/assets\/a\.woff2\?h=[0-9a-f]{16})\)/.exec(await loose.text())?.[1]
  assert.ok(font)
  assert.match((await ask(font)).headers.get('cache-control') ?? '', /immutable/)
  assert.equal((await ask('/assets/a.woff2?h=0000000000000000')).headers.get('cache-control'), 'no-cache')
  for (const path of ['/assets/..%2fpackage.json', '/assets/%2e%2e%2f%2e%2e%2fpackage.json', '/assets/none.css'])
    assert.equal((await ask(path)).status, 404)
})

test('a hint reaches those who may hear it, and nobody else hears', async () => {
  const response = await ask('/live?topic=space:1&topic=space:2')
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const reader = response.body!.getReader()
  const read = async () => new TextDecoder().decode((await reader.read()).value)
  assert.match(await read(), /listening/)
  live.publish('space:2')
  live.publish('space:1')
  assert.equal(await read(), 'event: change\ndata: space:1\n\n')
  await reader.cancel()
  assert.equal((await ask('/live?topic=space:2')).status, 404)
  assert.equal((await ask('/live?topic=space:1', {}, undefined, { viewerOf: async () => undefined })).status, 401)
})

test('a hub passes on what was published here, never what came from elsewhere', () => {
  const passed: string[] = []
  const heard: string[] = []
  const hub = createLive({ passOn: (topic) => passed.push(topic) })
  const leave = hub.subscribe(['a', 'b'], (topic) => heard.push(topic))
  hub.publish('a')
  hub.deliver('b')
  leave()
  hub.publish('a')
  assert.deepEqual({ passed, heard }, { passed: ['a', 'a'], heard: ['a', 'b'] })
})

test('the description of the API names every route and the fields of its forms', () => {
  const document = httpFor(officer).openapi() as { openapi: string; paths: Record<string, Record<string, any>> }
  assert.equal(document.openapi, '3.1.0')
  for (const { method, path } of routes)
    assert.ok(document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()], path)
  const schema = document.paths['/notes']?.post.requestBody.content['application/json'].schema
  assert.deepEqual(schema.required, ['id', 'subject', 'to'])
  assert.doesNotThrow(() => JSON.stringify(document))
})

test('attempts are counted per address and forgotten with time', () => {
  let now = 0
  const limit = createRateLimit({ most: 2, withinMs: 1000, clock: { now: () => now } })
  limit.take('a')
  limit.take('a')
  limit.take('b')
  assert.throws(
    () => limit.take('a'),
    (error) => error instanceof Refusal && error.facts.waitMs === 1000,
  )
  now = 1000
  limit.take('a')
})

test('only paths of this node are ever returned to', () => {
  assert.equal(localPath('/spaces/1?a=b'), '/spaces/1?a=b')
  for (const bad of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:1',
    '',
    undefined,
    '/a\nb',
    '/a\\b',
  ])
    assert.equal(localPath(bad), '/')
  fc.assert(fc.property(fc.string(), (to) => assert.equal(new URL(localPath(to), publicUrl).origin, publicUrl)))
})

test('a refusal’s status follows its code or its last word', () => {
  assert.equal(statusOf('draft.not-found'), 404)
  assert.equal(statusOf('drafts.own-release'), 409)
})

test('through a real socket: the address is known, and closing ends live streams', async () => {
  const running = await httpFor(officer).listen()
  const url = `http://127.0.0.1:${running.port}`
  const from = await fetch(`${url}/from`, { method: 'POST', headers: { origin: url } })
  assert.equal(await from.json(), '127.0.0.1')
  const tooLarge = await fetch(`${url}/notes`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: 'x'.repeat(3_000_000),
  })
  assert.equal(tooLarge.status, 413)
  const stream = await fetch(`${url}/live?topic=space:1`)
  const ended = stream.text()
  await running.close()
  assert.match(await ended, /listening/)
})

test('a browser closed while it sends: half a form is never taken, a whole one is taken once though nobody reads the answer', async (t) => {
  const taken: string[] = []
  const begun = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  const sending: Route = {
    method: 'POST',
    path: '/sending',
    permission: 'signed-in',
    summary: 'Send',
    input: note,
    async handle({ input }) {
      begun.resolve()
      await goOn.promise
      taken.push(input.subject)
      done.resolve()
      return { redirect: '/' }
    },
  }
  const { fetch: answer } = httpFor(officer, { routes: [sending] })
  const { hostname, port } = new URL(await listen(t, async (request) => answer(request)))
  const whole = new URLSearchParams({ id: '1', to: 'borovia', subject: 'Hosts' }).toString()
  async function post(body: string): Promise<Socket> {
    const line = connect(Number(port), hostname)
    await once(line, 'connect')
    const lines = ['POST /sending HTTP/1.1', `Host: ${hostname}`, 'Sec-Fetch-Site: same-origin']
    const about = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${whole.length}`]
    line.write([...lines, ...about, '', body].join('\r\n'))
    return line
  }
  const half = await post(whole.slice(0, 12))
  half.destroy()
  await once(half, 'close')
  const closed = await post(whole)
  await begun.promise
  closed.destroy()
  await once(closed, 'close')
  goOn.resolve()
  await done.promise
  assert.deepEqual(taken, ['Hosts'])
})
