import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { rules } from './rules.ts'

const folder = new URL('.', import.meta.url)
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'rules.ts')
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n')

test('every rule that can be broken is in docs/protocol/admission.md, with the same words, and no other', () => {
  const page = readFileSync(new URL('../../docs/protocol/admission.md', folder), 'utf8')
  const table = page.slice(page.indexOf('## Rules'))
  const documented = [...table.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \|$/gm)].map(([, id, says]) => [id, says])
  assert.deepEqual(Object.fromEntries(documented), { ...rules })
})

test('every rule is thrown or named somewhere in this folder', () => {
  const unused = Object.keys(rules).filter((id) => !sources.includes(`'${id}'`))
  assert.deepEqual(unused, [])
})
