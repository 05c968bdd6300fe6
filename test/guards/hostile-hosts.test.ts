import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { adversaries } from '../adversaries/index.ts'

test('the list of what a hostile host can try names every adversary that is played, and no other', () => {
  const page = readFileSync(new URL('../../src/core/federation/README.md', import.meta.url), 'utf8')
  const table = page.slice(page.indexOf('## What a hostile host can try'))
  const named = table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => [...(line.split('|').at(-2) ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name as string))
  assert.deepEqual(named.toSorted(), adversaries.map(({ name }) => name).toSorted())
})
