import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Marking } from '../../protocol/types.ts'
import {
  type Classification,
  classOf,
  classText,
  declassified,
  equivalentOf,
  mayLeave,
  narrowest,
  nodeClasses,
  openClasses,
} from './index.ts'

const us = 'aurelia.example'
const levels = ['RESTRICTED', 'CONFIDENTIAL', 'SECRET']
const others = ['borovia.example', 'calenia.example', 'mosc.example']

const anyRules: fc.Arbitrary<Classification> = fc.record({
  ladder: fc.constant(levels.map((id) => ({ id, names: {} }))),
  accredited: fc.option(fc.constantFrom(...levels), { nil: undefined }),
  equivalences: fc.array(
    fc.record({
      party: fc.constantFrom(...others, us),
      theirs: fc.constantFrom('ONE', 'TWO', ...levels),
      ours: fc.constantFrom(...levels, 'A LEVEL THAT IS GONE'),
      source: fc.constant('Exchange of notes'),
    }),
    { maxLength: 8 },
  ),
  groups: fc.constant([]),
})
const rank = (level: string | undefined) => levels.indexOf(level ?? '')

test('no order of markings lets a class pass that one of them is not cleared for', () => {
  const anyMarking: fc.Arbitrary<Marking> = fc.record(
    {
      tlp: fc.constant('GREEN' as const),
      class: fc.constantFrom(...levels.map((one) => classOf(us, one)), classOf('borovia.example', 'TWO'), 'NO LADDER'),
      caveats: fc.subarray(['DECL:2030-01-01', 'DECL:2035-06-01', 'DECL:EVENT end of talks'], { minLength: 1 }),
    },
    { requiredKeys: ['tlp'] },
  )
  fc.assert(
    fc.property(
      fc.array(anyMarking, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      anyRules,
      fc.constantFrom(...levels),
      fc.constantFrom('2029-01-01', '2032-01-01', '2040-01-01'),
      (markings, turn, rules, clearance, today) => {
        const reader = { party: us, ceiling: 'RED' as const, classes: openClasses(rules, us, clearance), today }
        const at = turn % markings.length
        const turned = [...markings.slice(at), ...markings.slice(0, at)]
        const stepwise = turned.reduce((whole, one) => narrowest([whole, one]))
        for (const whole of [narrowest(markings), narrowest(turned), stepwise])
          if (mayLeave(whole, { exit: 'page', reader }).allowed)
            for (const one of markings) assert.ok(mayLeave(one, { exit: 'page', reader }).allowed)
      },
    ),
  )
})

test('nobody reads above the node’s accredited ceiling, whatever clearance they hold', () => {
  fc.assert(
    fc.property(anyRules, fc.constantFrom(...levels), (rules, clearance) => {
      const open = openClasses(rules, us, clearance)
      for (const one of open) assert.ok(nodeClasses(rules, us).includes(one), one)
      for (const level of levels)
        if (rank(level) > Math.min(rank(clearance), rank(rules.accredited)))
          assert.ok(!open.includes(classOf(us, level)), level)
    }),
  )
})

test('an equivalence is never widened by going through a third party, and no equivalence known means shut', () => {
  fc.assert(
    fc.property(anyRules, fc.constantFrom(...levels), (rules, clearance) => {
      const most = Math.min(rank(clearance), rank(rules.accredited))
      for (const open of openClasses(rules, us, clearance)) {
        const [party, level] = open.split('/') as [string, string]
        if (party === us) assert.ok(rank(level) <= most, 'nobody else says what our own levels are worth')
        else {
          const direct = rules.equivalences.filter((one) => one.party === party && one.theirs === level)
          assert.ok(direct.length > 0, 'said of that very party')
          assert.ok(
            direct.every(({ ours }) => levels.includes(ours) && rank(ours) <= most),
            'by every rule about it, the higher one too',
          )
        }
      }
    }),
  )
  // Borovia holds our SECRET as its TWO, and Calenia holds Borovia's TWO as its ONE: neither tells us about Calenia.
  const rules: Classification = {
    ladder: levels.map((id) => ({ id, names: {} })),
    accredited: 'SECRET',
    equivalences: [{ party: 'borovia.example', theirs: 'TWO', ours: 'SECRET', source: 'Agreement of 2019' }],
    groups: [],
  }
  assert.ok(openClasses(rules, us, 'SECRET').includes('borovia.example/TWO'))
  assert.ok(!openClasses(rules, us, 'CONFIDENTIAL').includes('borovia.example/TWO'))
  assert.equal(equivalentOf(rules, { party: 'calenia.example', level: 'ONE' }), undefined)
  assert.ok(!openClasses(rules, us, 'SECRET').some((one) => one.startsWith('calenia.example/')))
})

test('a class ends on the day its originator named, and by an event only when the originator says so', () => {
  const reader = (today: string) => ({ party: us, ceiling: 'RED' as const, classes: [], today })
  const until = (caveat: string): Marking => ({ tlp: 'GREEN', class: classOf(us, 'SECRET'), caveats: [caveat] })
  const opens = (marking: Marking, today: string) => mayLeave(marking, { exit: 'page', reader: reader(today) }).allowed
  const dated = until(declassified({ date: '2031-03-01' }))
  assert.equal(opens(dated, '2031-02-28'), false)
  assert.equal(opens(dated, '2031-03-01'), true)
  assert.equal(opens(until(declassified({ event: 'end of talks' })), '2099-01-01'), false)
  assert.equal(opens(narrowest([dated, { ...dated, caveats: [] }]), '2099-01-01'), false, 'one part without an end')
  assert.equal(
    classText('aurelia.example/SECRET & borovia.example/TWO'),
    'SECRET (aurelia.example) & TWO (borovia.example)',
  )
})
