import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64url, utf8 } from './bytes.ts'
import { appendNodes, inclusionPath, inclusionPaths, leafHash, type NodeAt } from './merkle.ts'

test('paths of many leaves together are the paths of each alone, in trees of every size up to 140', () => {
  const nodes = new Map<string, Uint8Array>()
  const nodeAt = ({ level, index }: NodeAt) => nodes.get(`${level}/${index}`) as Uint8Array
  for (let size = 1; size <= 140; size += 1) {
    for (const { level, index, hash } of appendNodes(size - 1, leafHash(utf8(`entry ${size}`)), nodeAt)) {
      nodes.set(`${level}/${index}`, hash)
    }
    const pathOf = inclusionPaths(size, nodeAt, toBase64url)
    for (let index = 0; index < size; index += 1) {
      assert.deepEqual(pathOf(index), inclusionPath(index, size, nodeAt).map(toBase64url), `${index} of ${size}`)
    }
  }
})
