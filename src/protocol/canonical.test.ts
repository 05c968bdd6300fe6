import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64url, toBase64url } from './bytes.ts'
import { canonicalBytes, parseCanonical } from './canonical.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Json } from './types.ts'

const text = fc.string({ unit: 'binary', maxLength: 8 }).filter((value) => value.isWellFormed())
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((n) => n + 0),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }).map((record) => ({ ...record })),
  ),
})).value

test('every value has one form of bytes, and these bytes give the value back', () => {
  fc.assert(
    fc.property(json, (value) => {
      const bytes = canonicalBytes(value)
      const back = parseCanonical(bytes)
      assert.deepEqual(canonicalBytes(back), bytes)
      assert.deepEqual(JSON.parse(Buffer.from(bytes).toString('utf8')), JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('a changed byte gives another value or is refused', () => {
  fc.assert(
    fc.property(json, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, change) => {
      const bytes = canonicalBytes(value)
      const changed = new Uint8Array(bytes)
      changed[at % bytes.length] = (changed[at % bytes.length] as number) ^ change
      let back: Json
      try {
        back = parseCanonical(changed)
      } catch (error) {
        assert.ok(error instanceof ProtocolError)
        return
      }
      assert.notDeepEqual(canonicalBytes(back), bytes)
    }),
  )
})

test('spaces, line ends and other orders are refused', () => {
  fc.assert(
    fc.property(fc.dictionary(text, fc.nat(), { minKeys: 2, maxKeys: 5 }), (record) => {
      const bytes = canonicalBytes(record)
      const pretty = Buffer.from(JSON.stringify(record, null, 1))
      assert.throws(() => parseCanonical(pretty), ProtocolError)
      const names = Object.keys(record).sort().reverse()
      const reversed = Buffer.from(`{${names.map((name) => `${JSON.stringify(name)}:${record[name]}`).join(',')}}`)
      assert.throws(() => parseCanonical(reversed), ProtocolError)
      assert.ok(parseCanonical(bytes))
    }),
  )
})

test('members without a value are left out; what JSON cannot carry is refused', () => {
  assert.equal(Buffer.from(canonicalBytes({ b: 1, a: undefined } as unknown as Json)).toString(), '{"b":1}')
  for (const value of [undefined, () => 1, 1n, Symbol('a'), new Date(), new Map(), [undefined], Number.NaN, 0.1]) {
    assert.throws(() => canonicalBytes(value as unknown as Json), ProtocolError)
  }
})

test('base64url is read strictly', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes)))
  for (const bad of ['A', 'AB', 'AA==', 'A+/A', 'AA A', 'AA\n', 'é'])
    assert.throws(() => fromBase64url(bad), ProtocolError)
})
