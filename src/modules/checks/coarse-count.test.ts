import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { coarseCount, fewestAsked, isCoarse } from './coarse-count.ts'

/** What `knowing` of the parties did is known; the others did anything that gives the same figures. */
function possible(asked: number, told: string, known: readonly boolean[]) {
  const others = asked - known.length
  const knownAnswers = known.filter(Boolean).length
  return Array.from({ length: others + 1 }, (_, answers) => answers).filter(
    (answers) => JSON.stringify(coarseCount(asked, knownAnswers + answers)) === told,
  )
}

test('the aggregate of a campaign never shows a single party, not even to two others together', () => {
  const outcomes = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 })
  const few = fc.array(fc.boolean(), { minLength: 1, maxLength: fewestAsked + 2 })
  fc.assert(
    fc.property(fc.oneof(outcomes, few), fc.nat(2), (answered, insiders) => {
      const figures = coarseCount(answered.length, answered.filter(Boolean).length)
      if (figures === undefined) return
      const known = answered.slice(0, insiders)
      const others = answered.length - known.length
      const answers = possible(answered.length, JSON.stringify(figures), known)
      // Some way of answering leaves one of the others silent, and some lets one answer: so each may be either.
      assert.ok(
        answers.some((n) => n < others),
        'nobody can tell that all others answered',
      )
      assert.ok(
        answers.some((n) => n > 0),
        'nobody can tell that all others were silent',
      )
    }),
    { numRuns: 5_000 },
  )
})

test('where one, two or six parties were asked there is no figure, whatever they did', () => {
  for (let asked = 0; asked < fewestAsked; asked += 1)
    for (let answered = 0; answered <= asked; answered += 1)
      assert.equal(coarseCount(asked, answered), undefined, `${answered} of ${asked}`)
})

test('only figures that show no single party count as an aggregate', () => {
  for (let asked = 0; asked <= 40; asked += 1)
    for (let answered = 0; answered <= asked; answered += 1) {
      const made = coarseCount(asked, answered)
      if (made) assert.ok(isCoarse(made) && made.answered.from <= answered && answered <= made.answered.to)
      const exact = { asked, answered: { from: answered, to: answered } }
      assert.equal(isCoarse(exact), asked >= fewestAsked && answered > 3 && answered < asked - 3)
    }
  assert.equal(isCoarse({ asked: 30, answered: { from: 0, to: 30 } }), false)
})
