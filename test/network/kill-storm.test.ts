import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testSeed } from './case/random.ts'
import { playStorm } from './kill-storm.ts'

test('nodes killed again and again under load: every receipt ever given holds in the one history both sides have', async (t) => {
  const seed = testSeed(20_261_130)
  const { kills, receipts, acts, broken } = await playStorm({ cycles: 3, seed, told: (line) => t.diagnostic(line) })
  assert.deepEqual(broken, [], `CHANCERY_TEST_SEED=${seed}`)
  assert.equal(kills, 3)
  assert.ok(receipts > 0 && receipts === acts, `${receipts} receipts of ${acts} acts`)
})
