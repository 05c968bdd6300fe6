import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { consistencies, credibilities, type GradedEvidence, reliabilities, weightOf } from './marks.ts'
import { leaders, rank } from './ranking.ts'
import { codeName } from '../open/code-name.ts'

const item = (
  id: string,
  grade: string,
  h1: GradedEvidence['marks'][string],
  h2: GradedEvidence['marks'][string],
): GradedEvidence => ({ id, reliability: grade.charAt(0), credibility: grade.charAt(1), marks: { h1, h2 } })

test('the hypothesis with less against it leads, however much speaks for the other', () => {
  const { ranked } = rank(
    ['h1', 'h2'],
    [item('a', 'A1', '++', '+'), item('b', 'A1', '++', '0'), item('c', 'C3', '-', '0')],
  )
  assert.deepEqual(leaders(ranked), ['h2'])
  assert.deepEqual(
    ranked.map((one) => [one.hypothesis, one.place, one.points, one.support]),
    [
      ['h2', 1, 0, 16],
      ['h1', 2, 4, 64],
    ],
  )
})

test('what cannot be judged counts nowhere and is named', () => {
  const { ranked, excluded } = rank(['h1', 'h2'], [item('a', 'F1', '--', '0'), item('b', 'A6', '--', '0')])
  assert.deepEqual(excluded, ['a', 'b'])
  assert.deepEqual(
    ranked.map((one) => [one.place, one.points]),
    [
      [1, 0],
      [1, 0],
    ],
  )
  assert.equal(weightOf({ reliability: 'F', credibility: '1' }), undefined)
  assert.equal(weightOf({ reliability: 'B', credibility: '2' }), 9)
})

test('the one item that decides the order is named, with who would lead without it', () => {
  const evidence = [item('a', 'B2', '0', '-'), item('b', 'A1', '--', '0'), item('c', 'B2', '0', '-')]
  const { ranked, decisive } = rank(['h1', 'h2'], evidence)
  assert.deepEqual(leaders(ranked), ['h2'])
  assert.deepEqual(decisive, [{ evidence: 'b', leading: ['h1'] }])
})

test('an item that says the same of every hypothesis tells none from another', () => {
  assert.deepEqual(rank(['h1', 'h2'], [item('a', 'A1', '-', '-'), item('b', 'A1', '-', '0')]).undiagnostic, ['a'])
})

const evidenceOf = fc
  .array(
    fc.record({
      reliability: fc.constantFrom(...reliabilities),
      credibility: fc.constantFrom(...credibilities),
      h1: fc.constantFrom(...consistencies),
      h2: fc.constantFrom(...consistencies),
    }),
    { maxLength: 12 },
  )
  .map((list) =>
    list.map(({ h1, h2, ...grade }, at): GradedEvidence => ({ id: `e${at}`, ...grade, marks: { h1, h2 } })),
  )

test('the order of entering changes nothing, and items graded F or 6 change nothing', () => {
  fc.assert(
    fc.property(evidenceOf, (evidence) => {
      const all = rank(['h1', 'h2'], evidence).ranked
      assert.deepEqual(rank(['h1', 'h2'], evidence.toReversed()).ranked, all)
      assert.deepEqual(
        rank(
          ['h1', 'h2'],
          evidence.filter((one) => weightOf(one) !== undefined),
        ).ranked,
        all,
      )
      assert.deepEqual(
        rank(['h2', 'h1'], evidence).ranked.toSorted((a, b) => a.hypothesis.localeCompare(b.hypothesis)),
        all.toSorted((a, b) => a.hypothesis.localeCompare(b.hypothesis)),
      )
    }),
  )
})

test('every decisive item changes the lead when it is taken out, and no other does', () => {
  fc.assert(
    fc.property(evidenceOf, (evidence) => {
      const { ranked, decisive } = rank(['h1', 'h2'], evidence)
      for (const one of evidence) {
        const without = leaders(
          rank(
            ['h1', 'h2'],
            evidence.filter((other) => other !== one),
          ).ranked,
        )
        const named = decisive.find((other) => other.evidence === one.id)
        const same = without.toSorted().join() === leaders(ranked).toSorted().join()
        assert.equal(named === undefined, same)
      }
    }),
  )
})

test('code names are neutral words and differ by attempt', () => {
  assert.match(codeName('0'.repeat(32)), /^[a-z]+-[a-z]+$/)
  assert.notEqual(codeName('0'.repeat(32)), codeName('0'.repeat(32), 1))
  assert.equal(codeName('a'.repeat(32)), codeName('a'.repeat(32)))
})
