import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modules } from '../../src/app/modules.ts'
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
  const expected = /^\/(sign-in|sign-out|set-up|recover|guest|language|page-test|demo|assets|api\/openapi|\.well-known)/
  assert.deepEqual(
    open.filter((path) => !expected.test(path)),
    [],
  )
})
