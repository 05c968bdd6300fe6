import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SpaceFacts } from '../../core/module/types.ts'
import { finalityLevel, holdingOf } from './finality.ts'

const parties = ['aurelia.example', 'borovia.example', 'calenia.example']
const space = {
  host: 'aurelia.example',
  members: parties.map((party, index) => ({ party, role: 'member', since: index === 2 ? 5 : 0 })),
} as SpaceFacts
const anyCosignatures = fc.array(
  fc.record({
    party: fc.constantFrom(...parties),
    size: fc.integer({ min: 1, max: 10 }),
    time: fc.nat(1000),
  }),
)

test('an act never becomes less final as cosignatures come in, and an earlier one is at least as final', () => {
  fc.assert(
    fc.property(anyCosignatures, anyCosignatures, fc.nat(9), (some, more, index) => {
      const level = (at: number, lines: typeof some) => finalityLevel[holdingOf(space, at, lines).word]
      assert.ok(level(index, [...some, ...more]) >= level(index, some))
      const isSameMembership = index >= 5 === index - 1 >= 5
      if (index > 0 && isSameMembership) assert.ok(level(index - 1, some) >= level(index, some))
    }),
  )
})

test('confirmed by all means every member that was in at that place, the host by its own signature', () => {
  const lines = [
    { party: 'borovia.example', size: 7, time: 9 },
    { party: 'borovia.example', size: 4, time: 3 },
  ]
  assert.deepEqual(holdingOf(space, 3, lines), {
    word: 'confirmed-by-all',
    holders: [{ party: 'borovia.example', at: 3 }],
  })
  assert.equal(holdingOf(space, 6, lines).word, 'witnessed', 'Calenia was in by then')
  assert.equal(holdingOf(space, 7, lines).word, 'on-the-record')
})
