import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64url, toBase64url } from '../../protocol/index.ts'
import {
  keyOfHour,
  newKeyPair,
  newRoomKey,
  openWords,
  type Sealed,
  sealWords,
  unwrapRoomKey,
  wrapRoomKey,
} from './room-key.ts'

const room = 'r'.repeat(43)
const content = fc.record(
  { words: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2_000 }), at: fc.nat() },
  { noNullPrototype: true },
)

/** The same with one bit the other way. */
function spoilt(sealed: Sealed, at: number): Sealed {
  const bytes = fromBase64url(sealed.box)
  bytes[at % bytes.length] = bytes[at % bytes.length]! ^ (1 << (at % 8))
  return { ...sealed, box: toBase64url(bytes) }
}

test('whoever holds the key of an hour opens its words, and a changed bit, hour or room opens nothing', () => {
  fc.assert(
    fc.property(content, fc.nat(800), fc.nat(), (said, hour, bit) => {
      const key = keyOfHour(newRoomKey(), hour, room)
      const sealed = sealWords(key, room, said)
      assert.deepEqual(openWords(key, room, sealed), said)
      assert.equal(openWords(key, room, spoilt(sealed, bit)), undefined)
      assert.equal(openWords(keyOfHour(key, hour + 1, room), room, sealed), undefined)
      assert.equal(openWords({ ...key, hour: hour + 1 }, room, sealed), undefined)
      assert.equal(openWords(key, 's'.repeat(43), sealed), undefined)
      assert.equal(fromBase64url(sealed.box).length % 512, 16, 'lengths tell half kibibytes')
    }),
    { numRuns: 60 },
  )
})

test('the key of an hour gives those of later hours, whatever the steps between, and none of an earlier one', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), (first, further) => {
      const start = newRoomKey()
      const there = keyOfHour(keyOfHour(start, first, room), first + further, room)
      assert.deepEqual(there, keyOfHour(start, first + further, room))
      assert.throws(() => keyOfHour(there, first + further - 1, room), RangeError)
    }),
  )
})

test('the key of a room reaches the party that joined by this act, and opens for no other pair or act', () => {
  const [opener, joiner, stranger] = [newKeyPair(), newKeyPair(), newKeyPair()]
  const key = keyOfHour(newRoomKey(), 5, room)
  const joined = 'j'.repeat(43)
  const sealed = wrapRoomKey(key, { room, joined, ours: opener!.privateKey, theirs: joiner!.publicKey })
  const between = { room, joined, ours: joiner!.privateKey, theirs: opener!.publicKey }
  assert.deepEqual(unwrapRoomKey(sealed, between), key)
  for (const other of [
    { joined: 'k'.repeat(43) },
    { room: 's'.repeat(43) },
    { ours: stranger!.privateKey },
    { theirs: stranger!.publicKey },
  ])
    assert.equal(unwrapRoomKey(sealed, { ...between, ...other }), undefined)
  // Whoever opened the room can seal anything to us, and is believed no hour beyond those that a room can have.
  const endless = wrapRoomKey(
    { ...key, hour: 1e9 },
    { room, joined, ours: opener!.privateKey, theirs: joiner!.publicKey },
  )
  const short = wrapRoomKey(
    { hour: 5, key: new Uint8Array(8) },
    { room, joined, ours: opener!.privateKey, theirs: joiner!.publicKey },
  )
  for (const wrong of [endless, short]) assert.equal(unwrapRoomKey(wrong, between), undefined)
})
