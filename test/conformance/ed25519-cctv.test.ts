import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { toBase64url, verifyStrict } from '../../src/protocol/index.ts'

// C2SP/CCTV ed25519vectors.json, kept outside the repository.
const file = new URL('../../../shared/data/vectors/ed25519-cctv.json', import.meta.url)
const skip = existsSync(file) ? false : 'no ../shared/data/vectors/ed25519-cctv.json (C2SP/CCTV, ed25519vectors.json)'

/** The strict rule in the words of the vectors: what any of these flags marks is refused. */
const refused = new Set(['low_order_A', 'low_order_R', 'non_canonical_A', 'non_canonical_R', 'low_order_residue'])

test('of the 914 CCTV edge cases the strict rule accepts exactly the 43 it should', { skip }, () => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
    number: number
    key: string
    sig: string
    msg: string
    flags?: string[]
  }[]
  assert.equal(vectors.length, 914)
  let accepted = 0
  for (const { number, key, sig, msg, flags } of vectors) {
    const verdict = verifyStrict(toBase64url(Buffer.from(key, 'hex')), Buffer.from(msg), Buffer.from(sig, 'hex'))
    assert.equal(verdict, !(flags ?? []).some((flag) => refused.has(flag)), `vector ${number}: ${flags}`)
    accepted += verdict ? 1 : 0
  }
  assert.equal(accepted, 43)
})
