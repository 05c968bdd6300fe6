import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { rules } from './rules.ts'

const page = readFileSync(new URL('../../docs/protocol/admission.md', import.meta.url), 'utf8')
const folder = new URL('.', import.meta.url)
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'rules.ts')
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n')

test('every rule that can be broken is in docs/protocol/admission.md, with the same words, and no other', () => {
  const table = page.slice(page.indexOf('## Rules'))
  const documented = [...table.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \|$/gm)].map(([, id, says]) => [id, says])
  assert.deepEqual(Object.fromEntries(documented), { ...rules })
})

test('every rule is thrown or named somewhere in this folder', () => {
  const unused = Object.keys(rules).filter((id) => !sources.includes(`'${id}'`))
  assert.deepEqual(unused, [])
})

test('the second verifier knows every rule but those that the page says come out of no file', () => {
  const verifier = new URL('../../verifier/', folder)
  const known = readdirSync(verifier)
    .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
    .map((name) => readFileSync(new URL(name, verifier), 'utf8'))
    .join('\n')
  const [, named = ''] = /^Out of no dossier.*?: (.+?) \(/m.exec(page) ?? []
  const apart = [...named.matchAll(/`([a-z0-9-]+)`/g)].map(([, id]) => id)
  assert.deepEqual(
    Object.keys(rules).filter((id) => !known.includes(`"${id}"`)),
    apart,
  )
})
