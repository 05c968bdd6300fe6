import type { Catalogue, Measure, Rule, Rules } from './catalogue.ts'
import type { Reason, WeighedOption } from './types.ts'

/** Question → answer; a question nobody answered is not there. */
export type Answers = Readonly<Record<string, string>>

/** What a legal adviser set aside or gave, and still counts. */
export interface InForce {
  /** `rung`, or the id of a rule. */
  target: string
  gives: string
}

export interface Gate {
  /** What the answers give; undefined while one of the two is missing. */
  computed?: string
  /** What counts: the word of a legal adviser where there is one. */
  rung?: string
  missing: string[]
  overridden: boolean
}

/** How far the law opens, as the ladder gives it from the breach and the responsibility of a state. */
export function gateOf(rules: Rules, answers: Answers, overrides: readonly InForce[] = []): Gate {
  const missing = ['breach', 'responsible'].filter((question) => answers[question] === undefined)
  const step = rules.ladder.find(
    ({ breach, responsible }) =>
      breach === (answers.breach !== 'none') && responsible === (answers.responsible !== 'none'),
  )
  const computed = missing.length === 0 ? step?.gives : undefined
  const override = overrides.find(({ target }) => target === 'rung')
  const rung = override?.gives ?? computed
  return {
    ...(computed !== undefined && { computed }),
    ...(rung !== undefined && { rung }),
    missing,
    overridden: override !== undefined,
  }
}

export interface Weighed {
  gate: Gate
  options: WeighedOption[]
}

/**
 * Which measures are open, and every reason against the others: which input, which rule. It recommends nothing and
 * orders nothing; measures stand in the order of their file.
 *
 * @param sheets - Measure → what its sheet says, for rules that ask the sheet.
 */
export function weighOptions(
  { rules, measures }: Pick<Catalogue, 'rules' | 'measures'>,
  {
    answers,
    overrides = [],
    sheets = {},
  }: { answers: Answers; overrides?: readonly InForce[]; sheets?: Readonly<Record<string, Answers>> },
): Weighed {
  const gate = gateOf(rules, answers, overrides)
  const aside = new Set(overrides.map(({ target }) => target))
  const options = measures.map((measure): WeighedOption => {
    const asked = [
      ...rungAsked(rules, gate.computed, measure),
      ...attributionAsked(rules, answers, measure),
      ...rulesOf(rules, measure).map((rule) => ruleAsked(rule, inputsOf(rule, { answers, sheets, measure }))),
    ]
    const against = asked.filter((one) => one.answer === undefined || !one.wanted.includes(one.answer))
    // The adviser may have shut the rung too: what they gave is asked in place of what the answers gave.
    const given = gate.overridden ? rungAsked(rules, gate.rung, measure).filter((one) => !isMet(one)) : []
    const counts = [...given, ...against.filter(({ rule }) => !aside.has(rule))]
    const exclusions = counts.filter((one) => one.answer !== undefined)
    const missing = counts.filter((one) => one.answer === undefined)
    const standing = exclusions.length > 0 ? 'excluded' : missing.length > 0 ? 'not-given' : 'open'
    const setAside = against.filter(({ rule }) => aside.has(rule) && !given.some((one) => one.rule === rule))
    return { measure: measure.id, standing, exclusions, missing, setAside }
  })
  return { gate, options }
}

const isMet = ({ answer, wanted }: Reason) => answer !== undefined && wanted.includes(answer)

const fromOn = (ladder: readonly { id: string }[], first: string): string[] =>
  ladder.slice(ladder.findIndex(({ id }) => id === first)).map(({ id }) => id)

/** What stands on the lowest rung needs no justification, so nothing is asked of it. */
function rungAsked({ rungs }: Rules, rung: string | undefined, measure: Measure): Reason[] {
  const wanted = fromOn(rungs, measure.gate)
  if (wanted.length === rungs.length) return []
  return [{ rule: 'rung', of: 'case', input: 'rung', ...(rung && { answer: rung }), wanted, legal: true }]
}

function attributionAsked({ levels }: Rules, answers: Answers, measure: Measure): Reason[] {
  const wanted = fromOn(levels, measure.attribution)
  if (wanted.length === levels.length) return []
  const { attribution: answer } = answers
  return [{ rule: 'attribution', of: 'case', input: 'attribution', ...(answer && { answer }), wanted, legal: false }]
}

const rulesOf = ({ rules, rungs }: Rules, measure: Measure): Rule[] =>
  rules.filter(
    ({ id, gate }) => measure.needs.includes(id) || (gate !== undefined && fromOn(rungs, gate).includes(measure.gate)),
  )

function inputsOf(
  rule: Rule,
  of: { answers: Answers; sheets: Readonly<Record<string, Answers>>; measure: Measure },
): Answers {
  if (rule.of === 'case') return of.answers
  return rule.of === 'measure' ? of.measure.traits : (of.sheets[of.measure.id] ?? {})
}

function ruleAsked(rule: Rule, inputs: Answers): Reason {
  const answer = inputs[rule.input] || undefined
  const { id, of, input, wanted, legal } = rule
  return { rule: id, of, input, ...(answer !== undefined && { answer }), wanted, legal }
}
