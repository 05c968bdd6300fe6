import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { statementSchema } from './acts.ts'
import { toBase64url, utf8 } from './bytes.ts'
import { canonicalBytes, parseCanonical } from './canonical.ts'
import { plainStatement } from './statement-form.ts'
import { type Json, papLabels, type Statement, tlpLabels } from './types.ts'

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toBase64url)
const whole = fc.oneof(fc.nat(), fc.nat({ max: 999_999_999_999_999 }))
const party = fc.constantFrom('mfa.aurelia.example', 'a.b', 'xn--bcher-kva.example', '0-0.x9')
const label = fc.constantFrom('restricted', 'EU only', 'a/b', '~', '!')
const media = fc.constantFrom('application/json', 'text/plain', 'image/svg+xml', 'a/b')

const part = fc.record(
  {
    role: fc.constantFrom('body', 'text', 'attachment', 'a.1'),
    hash,
    size: fc.nat({ max: 99_999_999 }),
    media,
    enc: fc.record({ alg: fc.constant('A256GCM-1MiB'), hash, size: whole, keys: hash }, { noNullPrototype: true }),
  },
  { requiredKeys: ['role', 'hash', 'size', 'media'], noNullPrototype: true },
)

const statement = fc.record(
  {
    v: fc.constant(1 as const),
    space: id,
    type: fc.constantFrom('channels.note-sent', 'space.opened', 'a-1.b'),
    id,
    author: party,
    office: fc.constantFrom('duty-desk', 'a', '0._-'),
    seen: fc.record({ size: whole, root: hash }, { noNullPrototype: true }),
    at: whole,
    after: fc.array(hash, { minLength: 1, maxLength: 4 }),
    refs: fc.array(fc.record({ act: hash, space: id }, { requiredKeys: ['act'], noNullPrototype: true }), {
      minLength: 1,
      maxLength: 4,
    }),
    marking: fc.record(
      {
        tlp: fc.constantFrom(...tlpLabels),
        pap: fc.constantFrom(...papLabels),
        class: label,
        caveats: fc.array(label, { maxLength: 3 }),
        audience: fc.array(party, { maxLength: 3 }),
      },
      { requiredKeys: ['tlp'], noNullPrototype: true },
    ),
    parts: fc.array(part, { maxLength: 3 }),
  },
  {
    requiredKeys: ['v', 'space', 'type', 'id', 'author', 'office', 'seen', 'at', 'marking', 'parts'],
    noNullPrototype: true,
  },
)

const textOf = (value: unknown) => Buffer.from(canonicalBytes(value as Json)).toString('latin1')

/** What the schema says of the same text: the statement, or nothing. */
function judged(text: string): Statement | undefined {
  try {
    return statementSchema.safeParse(parseCanonical(utf8(text))).data as Statement | undefined
  } catch {
    return undefined
  }
}

test('what people usually state is seen through without the schema, to the same statement', () => {
  fc.assert(
    fc.property(statement, (value) => {
      const text = textOf(value)
      assert.deepEqual(plainStatement(text), judged(text))
      assert.deepEqual(plainStatement(text), value)
    }),
    { numRuns: 500 },
  )
})

// Pieces that make a statement wrong at its seams more often than random characters do.
const piece = fc.oneof(
  fc.constantFrom('"', '\\', ',', ',,', ':', '{', '}', '[', ']', ' ', '0', '-', '1e3', '.', 'null', '\\u0041', '', '9'),
  fc.constantFrom('"v":1', ',"after":[]', '"refs":[]', '{}', '"x":1,', '"size":-0', '9007199254740993', 'A', '_', '\n'),
  fc.string({ maxLength: 3 }),
)

test('a text changed anywhere is never taken for a statement that the schema would not take', () => {
  let taken = 0
  fc.assert(
    fc.property(statement, fc.nat(), fc.nat({ max: 6 }), piece, (value, at, cut, put) => {
      const text = textOf(value)
      const from = at % (text.length + 1)
      const changed = text.slice(0, from) + put + text.slice(from + cut)
      const plain = plainStatement(changed)
      if (plain === undefined) return
      taken += 1
      assert.deepEqual(plain, judged(changed), changed)
    }),
    { numRuns: 3_000 },
  )
  assert.ok(taken > 50, `${taken} changes left a statement`)
})

test('a statement at each limit is judged alike with and without the schema', () => {
  const base = fc.sample(statement, { seed: 1, numRuns: 1 })[0] as Statement
  const hashes = (count: number) => Array.from({ length: count }, (_, n) => toBase64url(Buffer.alloc(32, n + 1)))
  const parts = (count: number) => hashes(count).map((one) => ({ role: 'a', hash: one, size: 1, media: 'a/b' }))
  const changes: [Partial<Record<keyof Statement, unknown>>, boolean][] = [
    [{ after: hashes(64) }, true],
    [{ after: hashes(65) }, false],
    [{ refs: hashes(64).map((act) => ({ act })) }, true],
    [{ refs: hashes(65).map((act) => ({ act })) }, false],
    [{ parts: parts(64) }, true],
    [{ parts: parts(65) }, false],
    [{ marking: { tlp: 'RED', caveats: Array(16).fill('x'), audience: Array(64).fill('a.b') } }, true],
    [{ marking: { tlp: 'RED', caveats: Array(17).fill('x') } }, false],
    [{ marking: { tlp: 'RED', audience: Array(65).fill('a.b') } }, false],
    [{ marking: { tlp: 'RED', class: 'x'.repeat(64) } }, true],
    [{ marking: { tlp: 'RED', class: 'x'.repeat(65) } }, false],
    [{ office: 'o'.repeat(64) }, true],
    [{ office: 'o'.repeat(65) }, false],
    [{ type: `a.${'b'.repeat(94)}` }, true],
    [{ type: `a.${'b'.repeat(95)}` }, false],
    [{ author: `${`${'a'.repeat(62)}.`.repeat(4)}x`.slice(0, 253) }, true],
    [{ author: `${`${'a'.repeat(62)}.`.repeat(4)}xx` }, false],
    [{ author: `${'a'.repeat(64)}.b` }, false],
    [{ parts: [{ role: 'a', hash: hashes(1)[0], size: 1, media: `a/${'b'.repeat(125)}` }] }, true],
    [{ parts: [{ role: 'a', hash: hashes(1)[0], size: 1, media: `a/${'b'.repeat(126)}` }] }, false],
    [{ parts: [{ role: 'r'.repeat(65), hash: hashes(1)[0], size: 1, media: 'a/b' }] }, false],
    [{ at: 999_999_999_999_999 }, true],
    [{ at: -1 }, false],
    [{ v: 2 }, false],
    [{ space: 'A'.repeat(32) }, false],
  ]
  for (const [change, fits] of changes) {
    const text = textOf({ ...base, ...change })
    assert.equal(plainStatement(text) !== undefined, fits, text)
    assert.deepEqual(plainStatement(text), judged(text), text)
  }
})
