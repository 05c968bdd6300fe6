import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  consistencies,
  consistencyValue,
  credibilities,
  type GradedEvidence,
  reliabilities,
  weightOf,
} from './marks.ts'
import { leaders, rank } from './ranking.ts'
import { sensitivityOf, stepsFrom } from './sensitivity.ts'

const names = ['h1', 'h2', 'h3', 'h4']
const matrices = fc.record({
  hypotheses: fc.integer({ min: 1, max: 4 }).map((count) => names.slice(0, count)),
  evidence: fc
    .array(
      fc.record({
        reliability: fc.constantFrom(...reliabilities),
        credibility: fc.constantFrom(...credibilities),
        marks: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...consistencies)),
      }),
      { maxLength: 9 },
    )
    .map((list) => list.map((one, at): GradedEvidence => ({ id: `e${at}`, ...one }))),
})

/** The figures counted anew from the definition, for whatever lies in the matrix. */
function counted(hypotheses: readonly string[], evidence: readonly GradedEvidence[]) {
  return hypotheses.map((hypothesis) => {
    const values = evidence.map((item) => (weightOf(item) ?? 0) * consistencyValue[item.marks[hypothesis] ?? 'na'])
    const sum = (of: number[]) => of.reduce((all, one) => all + one, 0)
    return {
      hypothesis,
      points: sum(values.map((value) => Math.max(0, -value))),
      support: sum(values.map((value) => Math.max(0, value))),
    }
  })
}

function leadingIn(hypotheses: readonly string[], evidence: readonly GradedEvidence[]): string[] {
  const sums = counted(hypotheses, evidence)
  const isBeaten = (one: (typeof sums)[number]) =>
    sums.some((other) => other.points < one.points || (other.points === one.points && other.support > one.support))
  return sums.filter((one) => !isBeaten(one)).map((one) => one.hypothesis)
}

test('the ranking is what counting each item anew gives, with every item left out in turn', () => {
  fc.assert(
    fc.property(matrices, ({ hypotheses, evidence }) => {
      const { ranked, decisive, diagnosticity } = rank(hypotheses, evidence)
      assert.deepEqual(
        ranked.map(({ place: _, ...one }) => one).toSorted((a, b) => a.hypothesis.localeCompare(b.hypothesis)),
        counted(hypotheses, evidence),
      )
      const now = leadingIn(hypotheses, evidence)
      assert.deepEqual(leaders(ranked), now)
      const expected = evidence
        .filter((item) => weightOf(item) !== undefined)
        .map(({ id }) => ({
          evidence: id,
          leading: leadingIn(
            hypotheses,
            evidence.filter((one) => one.id !== id),
          ),
        }))
        .filter(({ leading }) => leading.join() !== now.join())
      assert.deepEqual(decisive, expected)
      for (const item of evidence) {
        const values = hypotheses.map((one) => consistencyValue[item.marks[one] ?? 'na'])
        assert.equal(diagnosticity[item.id], (weightOf(item) ?? 0) * (Math.max(...values) - Math.min(...values)))
      }
    }),
  )
})

test('a step of a grade or mark is named if, and only if, taking it changes who leads', () => {
  fc.assert(
    fc.property(matrices, ({ hypotheses, evidence }) => {
      const now = leadingIn(hypotheses, evidence).join()
      const expected = evidence.flatMap((item) =>
        stepsFrom(hypotheses, item).flatMap(({ item: moved, ...step }) => {
          if (weightOf(item) === undefined) return []
          const leading = leadingIn(
            hypotheses,
            evidence.map((one) => (one === item ? moved : one)),
          )
          return leading.join() === now ? [] : [{ evidence: item.id, ...step, leading }]
        }),
      )
      assert.deepEqual(sensitivityOf(hypotheses, evidence).turns, expected)
    }),
  )
})

test('a pair is named if both items together change who leads and neither does alone', () => {
  fc.assert(
    fc.property(matrices, ({ hypotheses, evidence }) => {
      const now = leadingIn(hypotheses, evidence).join()
      const changes = (...out: GradedEvidence[]) =>
        leadingIn(
          hypotheses,
          evidence.filter((one) => !out.includes(one)),
        ).join() !== now
      const alone = evidence.filter((one) => !changes(one))
      const expected = alone.flatMap((one, at) =>
        alone
          .slice(at + 1)
          .filter((other) => changes(one, other))
          .map((other) => `${one.id} ${other.id}`),
      )
      const { pairs, pairCount } = sensitivityOf(hypotheses, evidence)
      assert.equal(pairCount, expected.length)
      assert.deepEqual(
        pairs.map(({ evidence: both }) => both.join(' ')),
        expected.slice(0, pairs.length),
      )
    }),
  )
})

test('a grade that cannot be judged has no step, and one that can never steps into it', () => {
  const item: GradedEvidence = { id: 'e', reliability: 'E', credibility: '6', marks: {} }
  assert.deepEqual(
    stepsFrom(['h1'], item).map(({ what, to }) => `${what} ${to}`),
    ['reliability D'],
  )
})
