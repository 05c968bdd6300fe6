import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')

/** Ways past the gate: its phantom property, its own store, and casting the mark away. */
const waysPast = [/\b__value\b/, /\bas\s+(unknown\s+as\s+)?Marked</, /markings\/gate\.ts/]

function findPassing(source: string): string[] {
  return waysPast.filter((way) => way.test(source)).map(String)
}

test('only core/markings opens what is marked', () => {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((file) => !file.startsWith('src/core/markings/'))
  const passing = files.flatMap((file) =>
    findPassing(readFileSync(join(root, file), 'utf8')).map((way) => `${file}: ${way}`),
  )
  assert.deepEqual(passing, [])
  assert.ok(files.length > 100)
})

test('each way past the gate is noticed', () => {
  assert.equal(findPassing('const open = marked.__value').length, 1)
  assert.equal(findPassing('send({ ...thing } as unknown as Marked<string>)').length, 1)
  assert.equal(findPassing("import { values } from '../markings/gate.ts'").length, 1)
  assert.equal(findPassing('reveal(marked, reader, exit)').length, 0)
})
