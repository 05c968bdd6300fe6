import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalBytes } from './canonical.ts'
import { ProtocolError } from './protocol-error.ts'
import {
  chunkBytes,
  chunkNonce,
  keySetReaches,
  readKeySet,
  readSealedPart,
  sealedPartBytes,
  sealedSize,
} from './sealed.ts'
import { toBase64url } from './bytes.ts'

test('a sealed part is taken apart and put together again', () => {
  for (const size of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1]) {
    const bytes = new Uint8Array(sealedSize(size)).fill(7)
    bytes.set(Buffer.from('CHS1'))
    const part = readSealedPart(bytes, size)
    assert.equal(
      part.chunks.reduce((sum, { ciphertext }) => sum + ciphertext.length, 0),
      size,
    )
    assert.deepEqual(sealedPartBytes(part), bytes)
    assert.deepEqual(
      part.chunks.map(({ nonce }) => nonce[11]),
      part.chunks.map((_, at) => (at === part.chunks.length - 1 ? 1 : 0)),
    )
    assert.throws(() => readSealedPart(bytes.subarray(1), size), ProtocolError)
    assert.throws(() => readSealedPart(bytes, size + 1), ProtocolError)
  }
})

test('no two chunks of a part share a nonce', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.boolean(), fc.boolean(), (a, b, lastA, lastB) => {
      const same = Buffer.compare(chunkNonce(a, lastA), chunkNonce(b, lastB)) === 0
      assert.equal(same, a === b && lastA === lastB)
    }),
  )
})

test('a key set names exactly its recipients, in order, each once', () => {
  const bytes = (length: number) => toBase64url(new Uint8Array(length))
  const wrap = (party: string) => ({ party, key: bytes(32), enc: bytes(1120), wrapped: bytes(48) })
  const keySet = (parties: string[]) =>
    canonicalBytes({
      v: 1,
      space: 'a'.repeat(32),
      author: 'a.example',
      generation: 'b'.repeat(32),
      seen: { size: 1, root: bytes(32) },
      suite: 'X-Wing',
      for: parties.map(wrap),
    })
  const read = readKeySet(keySet(['a.example', 'b.example']))
  assert.ok(keySetReaches(read, ['b.example', 'a.example']))
  assert.ok(!keySetReaches(read, ['a.example']))
  assert.ok(!keySetReaches(read, ['a.example', 'b.example', 'c.example']))
  for (const parties of [[], ['b.example', 'a.example'], ['a.example', 'a.example']]) {
    assert.throws(() => readKeySet(keySet(parties)), ProtocolError)
  }
})
