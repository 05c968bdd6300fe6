import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ZodType } from 'zod'
import { parse } from 'node-html-parser'
import { render } from 'preact-render-to-string'
import { modules } from '../../src/app/modules.ts'
import type { Visit } from '../../src/core/module/types.ts'
import { Framed } from '../../src/modules/frame/index.ts'
import { createTranslator } from '../../src/text/index.ts'
import { personOf } from '../support/space-pages.ts'
import { fileInput } from '../../src/core/http/index.ts'
import type { Services } from '../../src/core/module/types.ts'

/** Routes are listed without a node: whoever reads a service while listing gets another such thing. */
const nothing: unknown = new Proxy(() => nothing, { get: (_, name) => (name === 'then' ? undefined : nothing) })

const routes = modules().flatMap((module) =>
  (module.routes?.(nothing as Services) ?? []).map((route) => ({ ...route, module: module.name })),
)

const named = /^(public|signed-in|peer|set-up|[a-z][a-z.*-]*:(draft|release|send|read|manage))$/

test('every route names who may call it and says what it is for', () => {
  const bare = routes.filter((route) => !named.test(route.permission) || route.summary.trim() === '')
  assert.deepEqual(
    bare.map((route) => `${route.module}: ${route.method} ${route.path} (${route.permission})`),
    [],
  )
  assert.ok(routes.length > 30, `found only ${routes.length} routes`)
})

test('no two modules answer at one address', () => {
  const addresses = routes.map((route) => `${route.method} ${route.path.replaceAll(/:[a-z]+/gi, ':x')}`)
  assert.deepEqual(
    addresses.filter((address, at) => addresses.indexOf(address) !== at),
    [],
  )
})

test('only signing in, set-up and what is public anyway may be called by anybody', () => {
  const open = routes.filter((route) => route.permission === 'public').map((route) => route.path)
  const expected =
    /^\/(sign-in|sign-out|set-up|recover|guest|language|offline\/standing|page-test|demo|assets|api\/openapi|\.well-known)/
  assert.deepEqual(
    open.filter((path) => !expected.test(path)),
    [],
  )
})

/** Whether a schema takes a file anywhere. */
function takesFile(schema: unknown, depth = 0): boolean {
  if (schema === fileInput) return true
  const def = (schema as ZodType | undefined)?._zod?.def as Record<string, unknown> | undefined
  if (!def || depth > 8) return false
  const { shape = {}, options = [], items = [], ...others } = def
  const inner = [...Object.values(shape as object), ...(options as unknown[]), ...(items as unknown[])]
  return [...inner, ...['innerType', 'element', 'in', 'out', 'left', 'right'].map((name) => others[name])].some((one) =>
    takesFile(one, depth + 1),
  )
}

test('only routes whose forms bring files read more than words, and each says how much', () => {
  const addressOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
  const taking = routes.filter(({ input }) => takesFile(input)).map(addressOf)
  const declaring = routes.filter(({ fileBytes }) => fileBytes !== undefined)
  assert.deepEqual(declaring.map(addressOf).sort(), taking.sort())
  assert.ok(taking.length >= 7, taking.join(', '))
  // A form is held in memory whole.
  const large = declaring.filter(({ fileBytes = 0 }) => fileBytes > 32 * 1024 * 1024)
  assert.deepEqual(large.map(addressOf), [])
})

test('a room is found by its name: Today and Search first, at most six names beside them, each room once, the current one marked', () => {
  const all = modules().flatMap((module) => module.navigation ?? [])
  for (const language of ['en', 'fr', 'ar']) {
    const t = createTranslator(language)
    const visit = {
      ...{ t, language, services: { party: 'a.example', modules: modules(), nameOf: () => 'A' } },
      viewer: personOf('p'),
      request: new Request('http://a.example/register'),
    } as unknown as Visit
    const html = parse(render(Framed({ visit, title: 'x', current: '/register' })))
    const first = html.querySelectorAll('.main-nav > ul > li').map((one) => one.querySelector('a, summary')?.text)
    assert.deepEqual(first.slice(0, 2), [t('today.navigation'), t('search.navigation')])
    assert.ok(first.length <= 8, first.join(', '))
    const links = html.querySelectorAll('.main-nav a').map((one) => one.getAttribute('href') ?? '')
    assert.deepEqual(links.toSorted(), all.map(({ href }) => href).toSorted())
    const [marked, ...others] = html.querySelectorAll('.main-nav [aria-current]').map((one) => one.text)
    assert.deepEqual([marked, others], [t('frame.group.correspondence'), [t('channels.register.navigation')]])
    const names = html.querySelectorAll('.main-nav a, .main-nav summary').map((one) => one.text)
    assert.equal(new Set(names).size, names.length, 'no two bear one name')
  }
})

test('only these pages may lie on a device; a room off the record, an incident or a draft never does', () => {
  const kept = routes.filter((route) => route.keep).map((route) => `${route.method} ${route.path}`)
  assert.deepEqual(kept.toSorted(), [
    'GET /',
    'GET /directory/now',
    'GET /directory/print',
    'GET /offline/not-here',
    'GET /offline/unsent',
    'GET /plans/:plan',
    'GET /spaces/:space',
    'GET /spaces/:space/acts/:hash',
    'GET /spaces/:space/notes/:act/acknowledge',
  ])
  const telling = modules().flatMap((module) => (module.needsOnDevices ? [module.name] : []))
  const silent = ['off-record', 'incidents', 'good-offices', 'demarches', 'originator', 'clearance', 'administration']
  assert.deepEqual(
    silent.filter((name) => telling.includes(name)),
    [],
  )
})
