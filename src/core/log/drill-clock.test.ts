import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ClockSetting, realTimeOf, scenarioAt } from './drill-clock.ts'

const time = fc.integer({ min: 0, max: 4_000_000_000_000 })

const settings = fc
  .array(fc.record({ gap: fc.nat(1e9), scenario: time, rate: fc.nat(3600) }), { maxLength: 6 })
  .map((list) => {
    let setAt = 1_800_000_000_000
    return list.map(({ gap, scenario, rate }, at): ClockSetting => {
      setAt += gap
      return { index: at + 1, setAt, scenario, rate }
    })
  })

test('the moment a drill clock shows a time is the first at which it has it', () => {
  fc.assert(
    fc.property(settings, time, (set, scenario) => {
      const real = realTimeOf(set, scenario)
      const last = set.at(-1)
      if (real === undefined) return assert.equal(last?.rate, 0)
      assert.ok(scenarioAt(set, real) >= scenario)
      if (last && real > last.setAt) assert.ok(scenarioAt(set, real - 1) < scenario)
    }),
  )
})

test('an act keeps the scenario time of its own position, whatever is set later', () => {
  fc.assert(
    fc.property(settings, fc.nat(1e9), (set, after) => {
      for (const [at, setting] of set.entries()) {
        const moment = setting.setAt + after
        const before = scenarioAt(set.slice(0, at + 1), moment, setting.index)
        assert.equal(scenarioAt(set, moment, setting.index), before)
        assert.equal(before, setting.scenario + setting.rate * after)
      }
    }),
  )
})

test('before any setting scenario time is real time', () => {
  assert.equal(scenarioAt([], 17), 17)
  assert.equal(realTimeOf([], 17), 17)
})
