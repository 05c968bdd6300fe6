import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../core/http/refusal.ts'
import { choicesOf, readCatalogue } from './catalogue.ts'
import measures from './reference/measures.json' with { type: 'json' }
import rules from './reference/rules.json' with { type: 'json' }
import { type Answers, gateOf, type InForce, weighOptions } from './weigh-options.ts'

const shipped = readCatalogue({ settings: {} })
const toRung = (gives: string): InForce => ({ target: 'rung', gives })
const aside = (target: string): InForce => ({ target, gives: 'met' })

/** Everything that speaks for a countermeasure of one's own; each case below changes one or two of it. */
const full: Answers = {
  breach: 'sovereignty',
  responsible: 'direct',
  injured: 'us',
  demand: 'yes',
  notice: 'given',
  attribution: 'state',
}
const without = (...questions: string[]): Answers =>
  Object.fromEntries(Object.entries(full).filter(([question]) => !questions.includes(question)))
const sheet = { proportionate: 'yes', rights: 'none' }

interface Case {
  title: string
  answers: Answers
  overrides?: InForce[]
  sheet?: Answers
  /** What the gate gives; undefined: not given. */
  rung?: string
  /** Standing and reasons of: a dialogue, the expulsion of diplomats, a suspended obligation. */
  nothing: string
  retorsion: string
  countermeasure: string
}

const cases: Case[] = [
  {
    title: 'nothing answered',
    answers: {},
    nothing: 'open',
    retorsion: 'not-given rung attribution',
    countermeasure: 'not-given rung attribution prior-demand notice-given injured-state',
  },
  {
    title: 'only a breach answered',
    answers: { breach: 'sovereignty' },
    nothing: 'open',
    retorsion: 'not-given rung attribution',
    countermeasure: 'not-given rung attribution prior-demand notice-given injured-state',
  },
  {
    title: 'no breach, nobody answered who is responsible',
    answers: { breach: 'none', attribution: 'state' },
    nothing: 'open',
    retorsion: 'not-given rung',
    countermeasure: 'not-given rung prior-demand notice-given injured-state',
  },
  {
    title: 'neither breach nor state',
    answers: { ...full, breach: 'none', responsible: 'none' },
    rung: 'nothing',
    nothing: 'open',
    retorsion: 'excluded rung',
    countermeasure: 'excluded rung',
  },
  {
    title: 'a breach, no state',
    answers: { ...full, responsible: 'none' },
    rung: 'retorsion',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded rung',
  },
  {
    title: 'a state, no breach',
    answers: { ...full, breach: 'none' },
    rung: 'retorsion',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded rung',
  },
  {
    title: 'a state indirectly, no breach',
    answers: { ...full, breach: 'none', responsible: 'indirect' },
    rung: 'retorsion',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded rung',
  },
  {
    title: 'both, the state directly',
    answers: full,
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'open',
  },
  {
    title: 'both, the state indirectly',
    answers: { ...full, responsible: 'indirect' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'open',
  },
  {
    title: 'lack of due diligence and a state',
    answers: { ...full, breach: 'due-diligence' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'open',
  },
  {
    title: 'use of force by a state opens no force in return',
    answers: { ...full, breach: 'use-of-force' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'open',
  },
  {
    title: 'no demand was made',
    answers: { ...full, demand: 'no' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded prior-demand',
  },
  {
    title: 'nobody says whether a demand was made',
    answers: without('demand'),
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'not-given prior-demand',
  },
  {
    title: 'no notice and nothing urgent',
    answers: { ...full, notice: 'not-given' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded notice-given',
  },
  {
    title: 'no notice because it is urgent',
    answers: { ...full, notice: 'urgent' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'open',
  },
  {
    title: 'urgency spares the notice, not the demand',
    answers: { ...full, notice: 'urgent', demand: 'no' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded prior-demand',
  },
  {
    title: 'others alone were injured',
    answers: { ...full, injured: 'others' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded injured-state',
  },
  {
    title: 'we and others were injured',
    answers: { ...full, injured: 'both' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'open',
  },
  {
    title: 'no sheet was written',
    answers: full,
    sheet: {},
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'not-given is-proportionate keeps-rights',
  },
  {
    title: 'it was judged out of proportion',
    answers: full,
    sheet: { ...sheet, proportionate: 'no' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded is-proportionate',
  },
  {
    title: 'it would breach human rights',
    answers: full,
    sheet: { ...sheet, rights: 'breach' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'excluded keeps-rights',
  },
  {
    title: 'the attribution stops at persons',
    answers: { ...full, attribution: 'actor' },
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'excluded attribution',
    countermeasure: 'excluded attribution',
  },
  {
    title: 'everything fails at once, and every reason is told',
    answers: {
      breach: 'none',
      responsible: 'none',
      injured: 'others',
      demand: 'no',
      notice: 'not-given',
      attribution: 'none',
    },
    sheet: { proportionate: 'no', rights: 'breach' },
    rung: 'nothing',
    nothing: 'open',
    retorsion: 'excluded rung attribution',
    countermeasure: 'excluded rung attribution prior-demand notice-given injured-state is-proportionate keeps-rights',
  },
  {
    title: 'the adviser opens the rung',
    answers: { ...full, responsible: 'none' },
    overrides: [toRung('countermeasure')],
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'open, aside rung',
  },
  {
    title: 'the adviser shuts the rung',
    answers: full,
    overrides: [toRung('nothing')],
    rung: 'nothing',
    nothing: 'open',
    retorsion: 'excluded rung',
    countermeasure: 'excluded rung',
  },
  {
    title: 'the adviser gives a rung before anybody answered',
    answers: { attribution: 'state' },
    overrides: [toRung('retorsion')],
    rung: 'retorsion',
    nothing: 'open',
    retorsion: 'open, aside rung',
    countermeasure: 'excluded rung prior-demand notice-given injured-state',
  },
  {
    title: 'the adviser holds collective countermeasures lawful',
    answers: { ...full, injured: 'others' },
    overrides: [aside('injured-state')],
    rung: 'countermeasure',
    nothing: 'open',
    retorsion: 'open',
    countermeasure: 'open, aside injured-state',
  },
]

for (const one of cases)
  test(`what the legal gate opens and shuts: ${one.title}`, () => {
    const { answers, overrides = [] } = one
    const sheets = { 'suspend-obligation': one.sheet ?? sheet }
    const { gate, options } = weighOptions(shipped, { answers, overrides, sheets })
    const told = (id: string) => {
      const option = options.find((o) => o.measure === id)
      const against = [...(option?.exclusions ?? []), ...(option?.missing ?? [])].map(({ rule }) => rule)
      const set = option?.setAside.map(({ rule }) => rule) ?? []
      return [option?.standing, ...against].join(' ') + (set.length > 0 ? `, aside ${set.join(' ')}` : '')
    }
    assert.equal(gate.rung, one.rung)
    const sorted = (text: string) => text.split(/,? /).toSorted().join(' ')
    assert.deepEqual(
      [told('off-record'), told('expulsion'), told('suspend-obligation')].map(sorted),
      [one.nothing, one.retorsion, one.countermeasure].map(sorted),
    )
  })

/** Each condition of a countermeasure, the article it rests on, and the one answer that fails it. */
const conditions: { rule: string; article: RegExp; answers?: Answers; traits?: Answers; sheet?: Answers }[] = [
  { rule: 'prior-demand', article: /ILC 2001, art\. 52\(1\)\(a\)/, answers: { demand: 'no' } },
  { rule: 'notice-given', article: /ILC 2001, art\. 52\(1\)\(b\) and \(2\)/, answers: { notice: 'not-given' } },
  { rule: 'injured-state', article: /ILC 2001, arts 49 and 54/, answers: { injured: 'others' } },
  { rule: 'no-force', article: /ILC 2001, art\. 50\(1\)\(a\)/, traits: { force: 'yes' } },
  { rule: 'can-be-undone', article: /ILC 2001, art\. 49\(2\) and \(3\)/, traits: { reversibility: 'none' } },
  { rule: 'is-proportionate', article: /ILC 2001, art\. 51/, sheet: { proportionate: 'no' } },
  { rule: 'keeps-rights', article: /ILC 2001, art\. 50\(1\)\(b\) and \(d\)/, sheet: { rights: 'breach' } },
]

test('each condition of a countermeasure shuts it alone, by the article it rests on, and yields to the adviser only where it is a question of law', () => {
  const asked = shipped.rules.rules.filter(({ gate }) => gate === 'countermeasure')
  assert.deepEqual(
    asked.map(({ id }) => id),
    conditions.map(({ rule }) => rule),
    'no condition without a case',
  )
  for (const { rule, article, answers, traits, sheet: wrong } of conditions) {
    const changed = shipped.measures.map((one) =>
      one.id === 'suspend-obligation' ? { ...one, traits: { ...one.traits, ...traits } } : one,
    )
    const weigh = (overrides: InForce[] = []) => {
      const { options, gate } = weighOptions(
        { rules: shipped.rules, measures: changed },
        { answers: { ...full, ...answers }, overrides, sheets: { 'suspend-obligation': { ...sheet, ...wrong } } },
      )
      assert.equal(gate.rung, 'countermeasure', 'a condition moves no rung')
      const of = (id: string) => options.find(({ measure }) => measure === id)
      return { countermeasure: of('suspend-obligation'), retorsion: of('expulsion') }
    }
    const { countermeasure, retorsion } = weigh()
    assert.deepEqual(
      [countermeasure?.standing, countermeasure?.exclusions.map((one) => one.rule), countermeasure?.missing],
      ['excluded', [rule], []],
    )
    assert.equal(retorsion?.standing, 'open', `${rule} is no condition of retorsion`)
    const { source = '', legal } = asked.find(({ id }) => id === rule) ?? {}
    assert.match(source, article)
    assert.equal(countermeasure?.exclusions[0]?.legal, legal)
    if (!legal) continue
    const set = weigh([aside(rule)]).countermeasure
    assert.deepEqual([set?.standing, set?.setAside.map((one) => one.rule)], ['open', [rule]])
  }
})

test('every class of breach, by a state or by none, stands on the rung that the ladder of EuRepoC gives', () => {
  const of = (question: string) => shipped.rules.questions.find(({ id }) => id === question)!
  const [breaches, states] = ['breach', 'responsible'].map((one) => choicesOf(shipped.rules, of(one)))
  assert.equal(breaches?.length, 18, 'seventeen classes and none')
  for (const { id: breach } of breaches ?? [])
    for (const { id: responsible } of states ?? []) {
      const met = [breach, responsible].filter((one) => one !== 'none').length
      const { rung, missing } = gateOf(shipped.rules, { breach, responsible })
      assert.deepEqual(
        [rung, missing],
        [['nothing', 'retorsion', 'countermeasure'][met], []],
        `${breach}, ${responsible}`,
      )
    }
})

test('whatever is answered, no option is lost and each exclusion names the answer that shuts it', () => {
  const answer = Object.fromEntries(
    shipped.rules.questions.map((question) => [
      question.id,
      fc.option(fc.constantFrom(...choicesOf(shipped.rules, question).map(({ id }) => id)), { nil: undefined }),
    ]),
  )
  fc.assert(
    fc.property(fc.record(answer), (drawn) => {
      const answers = Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)) as Answers
      const { options, gate } = weighOptions(shipped, { answers })
      assert.deepEqual(
        options.map(({ measure }) => measure),
        shipped.measures.map(({ id }) => id),
      )
      for (const option of options) {
        assert.equal(option.standing === 'open', option.exclusions.length + option.missing.length === 0)
        for (const { answer: stands, wanted } of option.exclusions) assert.ok(stands && !wanted.includes(stands))
      }
      if (answers.breach === undefined || answers.responsible === undefined) assert.equal(gate.rung, undefined)
    }),
    { numRuns: 200 },
  )
})

function house(files: Record<string, unknown>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-rules-'))
  mkdirSync(join(dataDir, 'rules/response'), { recursive: true })
  for (const [name, content] of Object.entries(files))
    writeFileSync(
      join(dataDir, 'rules/response', name),
      typeof content === 'string' ? content : JSON.stringify(content),
    )
  return { settings: { dataDir } }
}

test('the house lays its own file of rules in place, and the gate follows at once', (t) => {
  const services = house({})
  t.after(() => rmSync(services.settings.dataDir, { recursive: true }))
  const answers = { ...full, responsible: 'none' }
  const rung = () => gateOf(readCatalogue(services).rules, answers).rung
  assert.equal(rung(), 'retorsion')
  const stricter = rules.ladder.map((one) => (one.gives === 'retorsion' ? { ...one, gives: 'nothing' } : one))
  writeFileSync(
    join(services.settings.dataDir, 'rules/response/rules.json'),
    JSON.stringify({ ...rules, ladder: stricter }),
  )
  assert.equal(rung(), 'nothing')
  assert.deepEqual(
    readCatalogue(services).files.map(({ own }) => own),
    [true, false],
  )
  writeFileSync(join(services.settings.dataDir, 'rules/response/rules.json'), `${JSON.stringify(rules)}\n`)
  assert.equal(rung(), 'retorsion')
})

test('a mistake in a file of rules is named with file and place, and the shipped file never steps in', (t) => {
  const [first] = measures.measures
  const broken: [Record<string, unknown>, RegExp][] = [
    [{ 'rules.json': '{\n  "dated": }' }, /rules\.json, at 2:\d+: this is no JSON/],
    [{ 'rules.json': { ...rules, dated: 'soon' } }, /at dated:/],
    [{ 'rules.json': { ...rules, ladder: rules.ladder.slice(1) } }, /at ladder:/],
    [
      { 'rules.json': { ...rules, ladder: rules.ladder.map((one) => ({ ...one, gives: 'war' })) } },
      /at ladder\[0\]\.gives: no rung is called war/,
    ],
    [
      { 'rules.json': { ...rules, questions: rules.questions.slice(1) } },
      /at questions: the question breach is missing/,
    ],
    [
      { 'measures.json': { ...measures, measures: [{ ...first, reviewAfter: 'soon' }] } },
      /at measures\[0\]\.reviewAfter: no duration/,
    ],
    [
      { 'measures.json': { ...measures, measures: [{ ...first, names: { en: 'x', fr: 'x' } }] } },
      /at measures\[0\]\.names\.ar:/,
    ],
    [
      { 'measures.json': { ...measures, measures: [{ ...first, needs: ['luck'] }] } },
      /measures\[0\]\.needs\[0\]: no rule is called luck/,
    ],
  ]
  for (const [files, expected] of broken) {
    const services = house(files)
    t.after(() => rmSync(services.settings.dataDir, { recursive: true }))
    assert.throws(
      () => readCatalogue(services),
      (error) => error instanceof Refusal && error.code === 'dated-data.faulty' && expected.test(error.message),
      JSON.stringify(files).slice(0, 80),
    )
  }
})
