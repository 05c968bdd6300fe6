import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  chunkBytes,
  convictsSealer,
  newBlob,
  openChunks,
  openContentKey,
  type Part,
  ProtocolError,
  readSealedBlob,
  sealBlob,
  sha256,
  sealedSizeOf,
  toBase64url,
} from './index.ts'

const bytes = (length: number) => new Uint8Array(randomBytes(length))

function seal(content: Uint8Array, key = bytes(32)) {
  const { commitment, blob, size } = newBlob(content)
  const { bytes: sealed, enc } = sealBlob(blob, key, commitment)
  const part: Part = { role: 'attachment', hash: commitment, size, media: 'application/octet-stream', enc }
  return { part, blob, key, sealed }
}

test('what was sealed opens under its generation key, whatever its length', () => {
  const around = [0, 1, chunkBytes - 33, chunkBytes - 32, chunkBytes - 31, chunkBytes, 2 * chunkBytes + 7]
  for (const length of around) {
    const { part, blob, key, sealed } = seal(bytes(length))
    assert.equal(sealed.length, sealedSizeOf(length))
    const read = readSealedBlob(sealed, part)
    const contentKey = openContentKey(read, key)
    assert.ok(contentKey)
    assert.deepEqual(openChunks(read, contentKey), blob)
    assert.equal(convictsSealer(part, sealed, contentKey), false)
  }
})

test('no other key opens it, and no changed byte goes unnoticed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (content, at, flip) => {
      const { part, key, sealed } = seal(content)
      const read = readSealedBlob(sealed, part)
      assert.equal(openContentKey(read, bytes(32)), undefined)
      assert.equal(openChunks(read, bytes(32)), undefined)
      const changed = sealed.slice()
      const place = at % changed.length
      changed[place] = (changed[place] as number) ^ flip
      assert.throws(() => readSealedBlob(changed, part), ProtocolError)
      assert.throws(() => readSealedBlob(sealed.subarray(1), part), ProtocolError)
      assert.throws(() => readSealedBlob(sealed, { ...part, size: part.size + 1 }), ProtocolError)
      // Even under a statement that names the changed bytes, nothing opens.
      const forged = { ...part, enc: { ...part.enc!, hash: toBase64url(sha256(changed)) } }
      if (place < 4) return assert.throws(() => readSealedBlob(changed, forged), ProtocolError)
      const other = readSealedBlob(changed, forged)
      const contentKey = openContentKey(other, key)
      assert.equal(contentKey && openChunks(other, contentKey), undefined)
    }),
    { numRuns: 100 },
  )
})

test('equal content sealed twice has nothing in common but its length', () => {
  const content = new Uint8Array(5_000).fill(7)
  const key = bytes(32)
  const [one, two] = [seal(content, key), seal(content, key)]
  assert.notEqual(one.part.hash, two.part.hash)
  const windows = new Set<string>()
  for (let at = 4; at + 8 <= one.sealed.length; at += 1)
    windows.add(Buffer.from(one.sealed.slice(at, at + 8)).toString('hex'))
  for (let at = 4; at + 8 <= two.sealed.length; at += 1) {
    assert.ok(!windows.has(Buffer.from(two.sealed.slice(at, at + 8)).toString('hex')))
  }
})
