import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { adversaries } from '../adversaries/index.ts'

const page = readFileSync(new URL('../../src/core/federation/README.md', import.meta.url), 'utf8')

function rowsUnder(heading: string): string[] {
  const [, section = ''] = page.split(`## ${heading}\n`)
  return (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
}

const quoted = (line: string) => [...(line.split('|').at(-2) ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name!)

test('the list of what a hostile host can try names every adversary that is played, and no other', () => {
  const named = rowsUnder('What a hostile host can try, and which test shows that it fails').flatMap(quoted)
  assert.deepEqual(named.toSorted(), adversaries.map(({ name }) => name).toSorted())
})

test('every row of the fault table names adversaries that are played or tests that exist', () => {
  const root = join(import.meta.dirname, '../..')
  const tests = globSync('{src,test}/**/*.test.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'))
  const played = new Set(adversaries.map(({ name }) => name))
  const rows = rowsUnder('Fault by fault')
  assert.deepEqual(
    rows.map((row) => Number(row.split('|')[1])),
    Array.from({ length: 26 }, (_, at) => at + 1),
  )
  for (const row of rows) {
    assert.ok(quoted(row).length > 0, row)
    for (const name of quoted(row))
      assert.ok(played.has(name) || tests.some((source) => source.includes(`test('${name}'`)), `no test "${name}"`)
  }
})

test('misbehaviour of others than hosts is detected by tests that exist and ask both verifiers', () => {
  const root = join(import.meta.dirname, '../..')
  const list = readFileSync(join(root, 'test/adversaries/README.md'), 'utf8')
  const titles = list.split('\n').flatMap((line) => (/^\| [a-z]/.test(line) ? quoted(line) : []))
  assert.equal(titles.length, 3)
  const sources = globSync('{src,test}/**/*.test.ts', { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  for (const title of titles) {
    const found = sources.flatMap((source) => source.split(/^test\(/m)).find((one) => one.startsWith(`'${title}'`))
    assert.match(found ?? '', /judgedByBoth\(/, title)
  }
})
