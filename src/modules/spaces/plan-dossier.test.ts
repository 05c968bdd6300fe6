import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { tlpRank } from '../../core/markings/index.ts'
import type { LoggedAct, SpaceFacts } from '../../core/module/types.ts'
import { type Marking, tlpLabels } from '../../protocol/types.ts'
import { publicAudiences } from './acts.ts'
import type { Disclosure } from './disclosures.ts'
import { changesBetween } from './draft-changes.ts'
import { planDossier } from './plan-dossier.ts'

const ourselves = 'aurelia.example'
const others = ['borovia.example', 'calenia.example']
const space = { id: '1'.repeat(32) } as SpaceFacts

const act = (index: number, author: string, marking: Marking, roles: string[]): LoggedAct => ({
  space: space.id,
  index,
  hash: `act-${index}`,
  time: 0,
  scenarioTime: 0,
  statement: {
    type: 'channels.note-sent',
    author,
    marking,
    parts: roles.map((role) => ({ role })),
  } as LoggedAct['statement'],
})

const anyMarking: fc.Arbitrary<Marking> = fc.record(
  {
    tlp: fc.constantFrom(...tlpLabels),
    caveats: fc.constant(['ORCON']),
    audience: fc.subarray(others),
  },
  { requiredKeys: ['tlp'] },
)
const anyAct = fc.record({
  author: fc.constantFrom(ourselves, ...others),
  marking: anyMarking,
  roles: fc.subarray(['body', 'text', 'attachment'], { minLength: 1 }),
})
const anyTerms = fc.record({
  purpose: fc.constantFrom('verification', 'proceedings'),
  audience: fc.constantFrom(...publicAudiences, ...others),
  ceiling: fc.constantFrom(...tlpLabels),
})
const anyAnswer = fc.record({
  party: fc.constantFrom(...others),
  answer: fc.constantFrom('consented' as const, 'refused' as const),
})

test('nothing narrower than the reader, and no words of others without their consent, ever go in whole', () => {
  fc.assert(
    fc.property(fc.array(anyAct), anyTerms, anyTerms, fc.array(anyAnswer), (given, terms, asked, answers) => {
      const acts = given.map((one, index) => act(index, one.author, one.marking, one.roles))
      const disclosure: Disclosure = {
        space: space.id,
        request: 'r',
        author: ourselves,
        purpose: asked.purpose,
        audience: asked.audience,
        requestedAt: 0,
        acts: acts.map((one) => one.hash),
        answers: answers.map((one, at) => ({ ...one, hash: `a${at}`, at })),
      }
      const [planned] = planDossier(ourselves, terms, [{ space, acts }], [disclosure])
      for (const {
        act: { statement },
        stub,
      } of planned?.acts ?? []) {
        if (stub !== undefined) continue
        assert.ok(tlpRank(statement.marking.tlp) <= tlpRank(terms.audience === 'public' ? 'CLEAR' : terms.ceiling))
        if (statement.marking.audience) assert.ok(statement.marking.audience.includes(terms.audience))
        const hasWords = statement.parts.some((part) => part.role !== 'body')
        if (statement.author === ourselves || !(hasWords || statement.marking.caveats)) continue
        assert.deepEqual([asked.purpose, asked.audience], [terms.purpose, terms.audience])
        assert.equal(answers.findLast((one) => one.party === statement.author)?.answer, 'consented')
      }
    }),
  )
})

test('bodies that admission depends on always go in', () => {
  const opened = { ...act(0, 'borovia.example', { tlp: 'RED' }, ['body']) }
  opened.statement = { ...opened.statement, type: 'space.opened' }
  const [planned] = planDossier(
    ourselves,
    { purpose: 'archive', audience: 'public', ceiling: 'CLEAR' },
    [{ space, acts: [opened] }],
    [],
  )
  assert.deepEqual(
    planned?.acts.map((one) => one.stub),
    [undefined],
  )
})

test('a releaser sees every word that changed since the draft was last submitted, and nothing else', () => {
  const before = {
    body: { number: '1' },
    text: { subject: 'A', paragraphs: ['one', 'two'] },
    marking: { tlp: 'AMBER' as const },
    attachments: [
      { name: 'annex.pdf', media: 'application/pdf', hash: 'h1', size: 1, marking: { tlp: 'AMBER' as const } },
    ],
  }
  assert.deepEqual(changesBetween(before, structuredClone(before)), [])
  const after = {
    ...before,
    text: { subject: 'A', paragraphs: ['one', 'too', 'three'] },
    marking: { tlp: 'GREEN' as const },
    attachments: [],
  }
  assert.deepEqual(changesBetween(before, after), [
    { place: 'text.paragraphs.1', before: 'two', after: 'too' },
    { place: 'text.paragraphs.2', before: '', after: 'three' },
    { place: 'marking.tlp', before: 'AMBER', after: 'GREEN' },
    { place: 'attachments.annex.pdf.hash', before: 'h1', after: '' },
    { place: 'attachments.annex.pdf.marking.tlp', before: 'AMBER', after: '' },
  ])
})
