import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { modules } from '../../src/app/modules.ts'
import type { Services } from '../../src/core/module/types.ts'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

interface Mechanism {
  words: string
  pages: string[]
  step: string
  tests: string[]
}

function readMechanisms(page: string): Mechanism[] {
  const rows = page.split('\n').filter((line) => /^\| (?!In the words)/.test(line))
  return rows.map((row) => {
    const [words = '', paths = '', step = '', tests = ''] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim())
    return {
      words,
      pages: [...paths.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
      step,
      tests: [...tests.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ''),
    }
  })
}

const mechanisms = readMechanisms(read('docs/mechanisms.md'))

/** Routes are listed without a node: whoever reads a service while listing gets another such thing. */
const nothing: unknown = new Proxy(() => nothing, { get: (_, name) => (name === 'then' ? undefined : nothing) })

test('every page that the list of mechanisms names is a route', () => {
  const routes = new Set(
    modules().flatMap((module) => (module.routes?.(nothing as Services) ?? []).map((route) => route.path)),
  )
  const missing = mechanisms.flatMap(({ words, pages }) =>
    pages.length === 0 ? [`${words}: no page`] : pages.filter((page) => !routes.has(page)),
  )
  assert.deepEqual(missing, [])
  assert.ok(mechanisms.length >= 30, `found only ${mechanisms.length} lines`)
})

test('every step of the demonstration and every command that the list names exists', () => {
  const commands = globSync('src/cli/commands/*.ts', { cwd: root }).flatMap(
    (file) => /^ {2}name: '([a-z-]+)',$/m.exec(read(file))?.[1] ?? [],
  )
  const steps = /export const steps = \[([^\]]+)\]/.exec(read('src/cli/demo/stage.ts'))?.[1] ?? ''
  const known = new Set([
    '–',
    ...commands.map((command) => `\`chancery ${command}\``),
    ...[...steps.matchAll(/'([a-z]+)'/g)].map((match) => `demo: ${match[1]}`),
  ])
  assert.deepEqual(
    mechanisms.filter(({ step }) => !known.has(step)).map(({ words, step }) => `${words}: ${step}`),
    [],
  )
})

const sources = globSync('{src,test}/**/*.test.{ts,tsx}', { cwd: root }).map(read).join('\n')
const isTest = (title: string) => sources.includes(`test('${title}'`)

test('every test that the list of mechanisms names is there under its title', () => {
  const missing = mechanisms.flatMap(({ words, tests }) =>
    tests.length === 0 ? [`${words}: no test`] : tests.filter((title) => !isTest(title)),
  )
  assert.deepEqual(missing, [])
})

test('every fault of a night names tests that are there under their titles', () => {
  const [, table = ''] = read('docs/operate/faults.md').split('## Faults of a night')
  const rows = [...table.matchAll(/^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$/gm)].slice(1)
  const named = rows.map(([, fault = '', tests = '']) => ({
    fault,
    titles: [...tests.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  }))
  assert.equal(named.length, 13)
  const missing = named.flatMap(({ fault, titles }) =>
    titles.length === 0 ? [`${fault}: no test`] : titles.filter((title) => !isTest(title)),
  )
  assert.deepEqual(missing, [])
})
