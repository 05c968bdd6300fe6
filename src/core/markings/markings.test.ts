import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { type Marking, papLabels, tlpLabels } from '../../protocol/types.ts'
import { covers, mark, markingText, mayLeave, narrowest, parsePap, parseTlp, reveal, tlpRank } from './index.ts'
import type { Exit, MarkingReader } from './types.ts'

const exits: Exit[] = ['page', 'api', 'mail', 'notification', 'federation', 'dossier', 'print']
const parties = ['aurelia.example', 'borovia.example', 'calenia.example']
const classes = ['aurelia.example/RESTRICTED', 'aurelia.example/SECRET', 'borovia.example/SECRET']
const anyTlp = fc.constantFrom(...tlpLabels)
const anyExit = fc.constantFrom(...exits)
const anyMarking: fc.Arbitrary<Marking> = fc.record(
  {
    tlp: anyTlp,
    pap: fc.constantFrom(...papLabels),
    class: fc.constantFrom(...classes),
    caveats: fc.subarray(['ORCON', 'EYES-ONLY', 'DECL:2030-01-01', 'DECL:2035-01-01', 'DECL:EVENT end of talks'], {
      minLength: 1,
    }),
    audience: fc.subarray(parties),
  },
  { requiredKeys: ['tlp'] },
)
const anyReader: fc.Arbitrary<MarkingReader> = fc.record(
  {
    ceiling: anyTlp,
    party: fc.constantFrom(...parties),
    member: fc.boolean(),
    classes: fc.subarray(classes),
    today: fc.constantFrom('2026-01-01', '2031-01-01', '2040-01-01'),
  },
  { requiredKeys: ['ceiling'] },
)

test('nothing is ever revealed above the reader’s ceiling, at any exit', () => {
  fc.assert(
    fc.property(anyMarking, anyReader, anyExit, fc.boolean(), (marking, reader, exit, consented) => {
      const revealed = reveal(mark('said', marking), reader, exit, { consented })
      if (tlpRank(marking.tlp) > tlpRank(reader.ceiling)) assert.equal(revealed.shown, false)
    }),
  )
})

test('a narrower marking never opens what a wider one kept shut', () => {
  fc.assert(
    fc.property(anyMarking, anyMarking, anyReader, anyExit, fc.boolean(), (a, b, reader, exit, consented) => {
      const both = mayLeave(narrowest([a, b]), { exit, reader, consented })
      if (both.allowed) {
        assert.ok(mayLeave(a, { exit, reader, consented }).allowed)
        assert.ok(mayLeave(b, { exit, reader, consented }).allowed)
      }
    }),
  )
})

test('a higher ceiling never shuts what a lower one opened', () => {
  fc.assert(
    fc.property(anyMarking, anyReader, anyTlp, anyExit, (marking, reader, higher, exit) => {
      fc.pre(tlpRank(higher) >= tlpRank(reader.ceiling))
      if (mayLeave(marking, { exit, reader }).allowed) {
        assert.ok(mayLeave(marking, { exit, reader: { ...reader, ceiling: higher } }).allowed)
      }
    }),
  )
})

test('mail and notifications never carry content, not even TLP:CLEAR', () => {
  fc.assert(
    fc.property(anyMarking, anyReader, fc.boolean(), (marking, reader, consented) => {
      for (const exit of ['mail', 'notification'] as const) {
        assert.deepEqual(mayLeave(marking, { exit, reader, consented }), { allowed: false, reason: 'exit' })
      }
    }),
  )
})

test('originator control keeps a thing out of dossier and print until the originator consents', () => {
  const reader = { party: 'calenia.example', ceiling: 'RED' } as const
  const marked = mark('said', { tlp: 'GREEN', caveats: ['ORCON'] })
  for (const exit of ['dossier', 'print', 'federation'] as const) {
    const refused = reveal(marked, reader, exit)
    assert.ok(!refused.shown && refused.reason === 'caveat')
    assert.ok(reveal(marked, reader, exit, { consented: true }).shown)
  }
  assert.ok(reveal(marked, reader, 'page').shown, 'at home it is read as before')
  assert.ok(!reveal(marked, { ...reader, onDevice: true }, 'page', { consented: true }).shown, 'and lies on no device')
})

test('an audience limits who gets a copy, never the members of the space nor the people at home', () => {
  const marked = mark('said', { tlp: 'AMBER', audience: ['borovia.example'] })
  const open = (reader: MarkingReader, exit: Exit) => reveal(marked, reader, exit).shown
  assert.ok(open({ party: 'borovia.example', ceiling: 'AMBER' }, 'dossier'))
  assert.ok(!open({ party: 'calenia.example', ceiling: 'AMBER' }, 'dossier'))
  assert.ok(!open({ ceiling: 'AMBER' }, 'dossier'))
  assert.ok(open({ party: 'calenia.example', ceiling: 'RED', member: true }, 'federation'))
  assert.ok(open({ party: 'aurelia.example', ceiling: 'AMBER' }, 'page'))
})

test('a stranger outside the house gets neither AMBER+STRICT nor RED, whatever ceiling is claimed for them', () => {
  for (const tlp of ['AMBER+STRICT', 'RED'] as const) {
    assert.equal(reveal(mark('said', { tlp }), { ceiling: 'RED' }, 'dossier').shown, false)
  }
})

test('a marked value cannot be reached around the gate', () => {
  const marked = mark({ secret: 'the word' }, { tlp: 'RED' })
  const everything =
    inspect(marked, { showHidden: true, depth: 9 }) +
    JSON.stringify(marked) +
    Reflect.ownKeys(marked)
      .map((key) => inspect(Reflect.get(marked, key)))
      .join()
  assert.ok(!everything.includes('the word'))
  assert.throws(() => reveal({ marking: { tlp: 'CLEAR' } }, { ceiling: 'RED' }, 'page'), TypeError)
})

test('a marking cannot be widened after the value was marked', () => {
  const marking: Marking = { tlp: 'RED', caveats: ['ORCON'] }
  const marked = mark('said', marking)
  marking.tlp = 'CLEAR'
  assert.equal(marked.marking.tlp, 'RED')
  assert.throws(() => {
    ;(marked.marking as Marking).tlp = 'CLEAR'
  }, TypeError)
})

test('labels of TLP 1.0, 2.0 and MISP are read as the same labels', () => {
  const forms = [
    'TLP:WHITE',
    'tlp:clear',
    'TLP:AMBER+STRICT',
    'tlp:amber+strict',
    'Amber Strict',
    'TLP: RED',
    'tlp:green',
  ]
  assert.deepEqual(forms.map(parseTlp), [
    'CLEAR',
    'CLEAR',
    'AMBER+STRICT',
    'AMBER+STRICT',
    'AMBER+STRICT',
    'RED',
    'GREEN',
  ])
  assert.deepEqual(['PAP:WHITE', 'pap:amber', 'PAP:PINK'].map(parsePap), ['CLEAR', 'AMBER', undefined])
  assert.deepEqual(['tlp:ex:chr', 'tlp:unclear', 'PAP:RED', '', 'TLP:RED;DROP'].map(parseTlp), Array(5).fill(undefined))
})

test('the narrowest of many is order-free, covers each part and keeps the label text', () => {
  fc.assert(
    fc.property(fc.array(anyMarking, { minLength: 1 }), (markings) => {
      const whole = narrowest(markings)
      assert.deepEqual(narrowest([...markings].reverse()), whole)
      for (const part of markings) assert.ok(covers(whole, part))
    }),
  )
  assert.equal(
    markingText({ tlp: 'AMBER+STRICT', pap: 'RED', caveats: ['ORCON'] }),
    'TLP:AMBER+STRICT · PAP:RED · ORCON',
  )
})
