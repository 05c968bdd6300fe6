import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clearLabels, spreadLabels } from '../../../web/index.ts'
import { type LabelBox, layCourse } from './course-layout.ts'

const touches = (one: LabelBox, other: LabelBox): boolean =>
  one.x + 0.001 < other.x + other.width &&
  other.x + 0.001 < one.x + one.width &&
  one.y + 0.001 < other.y + other.height &&
  other.y + 0.001 < one.y + one.height

const courses = fc
  .record({ hypotheses: fc.integer({ min: 1, max: 24 }), stops: fc.integer({ min: 2, max: 60 }), most: fc.nat(400) })
  .chain(({ hypotheses, stops, most }) =>
    fc.record({
      hypotheses: fc.constant(Array.from({ length: hypotheses }, (_, at) => ({ id: `${at}`, label: `H${at + 1}` }))),
      // Many are equally contradicted, and some were not there yet or are weighed no more.
      points: fc.array(
        fc.array(fc.option(fc.oneof(fc.constant(0), fc.nat(most))), { minLength: hypotheses, maxLength: hypotheses }),
        { minLength: stops, maxLength: stops },
      ),
    }),
  )

test('no two words of the course of a ranking lie on one another, and all stand in the picture', () => {
  fc.assert(
    fc.property(courses, ({ hypotheses, points }) => {
      const laid = layCourse(
        hypotheses,
        points.map((row, stop) => ({
          label: stop === points.length - 1 ? 'maintenant' : String(stop + 1),
          points: new Map(row.flatMap((one, at) => (one === null ? [] : [[String(at), one] as const]))),
        })),
      )
      const boxes = [...laid.ticks, ...laid.lines.map(({ label }) => label)]
      for (const [at, one] of boxes.entries()) {
        assert.ok(one.x >= 0 && one.y >= 0, `${one.words} at ${one.x}, ${one.y}`)
        assert.ok(one.x + one.width <= laid.width && one.y + one.height <= laid.height, one.words)
        for (const other of boxes.slice(at + 1)) assert.ok(!touches(one, other), `${one.words} on ${other.words}`)
      }
      assert.ok(laid.ticks.some(({ words }) => words === 'maintenant'))
      assert.equal(laid.lines.length, hypotheses.filter((_, at) => points.some((row) => row[at] !== null)).length)
    }),
  )
})

test('labels with room to spare stand where they were wished, others as near as can be', () => {
  const line = { from: 0, until: 100 }
  const ten = (...wishes: number[]) =>
    spreadLabels(
      wishes.map((at) => ({ at, size: 10 })),
      line,
    )
  assert.deepEqual(ten(50, 20), [50, 20])
  assert.deepEqual(ten(50, 50), [45, 55])
  assert.deepEqual(ten(-20, 99, 100), [5, 85, 95])
  assert.deepEqual([...clearLabels([0, 4, 12, 20].map((at) => ({ at, size: 8 })))].toSorted(), [0, 2, 3])
})
