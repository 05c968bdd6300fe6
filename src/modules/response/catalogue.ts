import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, faulty, names, readDated } from '../../core/dated-data/index.ts'
import { isDuration } from '../../core/clocks/index.ts'
import shippedMeasures from './reference/measures.json' with { type: 'json' }
import shippedRules from './reference/rules.json' with { type: 'json' }

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)
const choice = z.strictObject({ id, names })

const rulesSchema = z
  .strictObject({
    ...datedHead,
    /** From what needs no justification up. */
    rungs: z.array(choice).min(1),
    /** What a breach and a responsible state, each shown or not, give. */
    ladder: z.array(z.strictObject({ breach: z.boolean(), responsible: z.boolean(), gives: id })).length(4),
    /** How far an attribution reaches, from nobody up. */
    levels: z.array(choice).min(1),
    questions: z.array(
      z.strictObject({
        id,
        group: z.enum(['legal', 'case']),
        names,
        choices: z.union([z.array(choice).min(2), z.literal('levels')]),
      }),
    ),
    rules: z.array(
      z.strictObject({
        id,
        of: z.enum(['case', 'measure', 'sheet']),
        input: id,
        wanted: z.array(id).min(1),
        legal: z.boolean(),
        /** Holds for every measure of this rung; others name it themselves. */
        gate: id.optional(),
        source: z.string().min(1),
        names,
      }),
    ),
    factors: z.array(z.enum(['scope', 'scale', 'duration', 'intensity', 'complexity', 'sophistication', 'impact'])),
  })
  .superRefine((file, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    const rungs = new Set(file.rungs.map((one) => one.id))
    file.ladder.forEach(({ gives }, at) => {
      if (!rungs.has(gives)) fault(['ladder', at, 'gives'], `no rung is called ${gives}`)
    })
    const pairs = new Set(file.ladder.map((one) => `${one.breach} ${one.responsible}`))
    if (pairs.size !== 4) fault(['ladder'], 'each of the four cases has to stand here once')
    for (const needed of ['breach', 'responsible', 'attribution'])
      if (!file.questions.some((one) => one.id === needed)) fault(['questions'], `the question ${needed} is missing`)
    file.rules.forEach((rule, at) => {
      if (rule.gate !== undefined && !rungs.has(rule.gate))
        fault(['rules', at, 'gate'], `no rung is called ${rule.gate}`)
      if (rule.of !== 'case') return
      const question = file.questions.find((one) => one.id === rule.input)
      if (!question) fault(['rules', at, 'input'], `no question is called ${rule.input}`)
      const choices = question?.choices === 'levels' ? file.levels : (question?.choices ?? [])
      for (const wanted of rule.wanted)
        if (question && !choices.some((one) => one.id === wanted))
          fault(['rules', at, 'wanted'], `${wanted} is no answer to ${rule.input}`)
    })
  })

export const categories = [
  'preventive',
  'cooperative',
  'stability',
  'restrictive',
  'support',
  'technical',
  'judicial',
  'retorsion',
  'countermeasure',
] as const
const audiences = ['states', 'public', 'state-concerned', 'persons', 'operators'] as const

const measureSchema = z.strictObject({
  id,
  practice: z.enum(['eu', 'uk', 'us', 'uk-us', 'national']),
  category: z.enum(categories),
  names,
  /** Who decides, and by what procedure. */
  body: names,
  procedure: names,
  gate: id,
  /** How far the attribution has to reach. */
  attribution: id,
  needs: z.array(id),
  traits: z.strictObject({ reversibility: z.enum(['full', 'partial', 'none']), force: z.enum(['yes', 'no']) }),
  escalation: z.enum(['low', 'medium', 'high']),
  audience: z.array(z.enum(audiences)).min(1),
  partners: z.enum(['none', 'optional', 'needed', 'members']),
  reviewAfter: z.string().refine(isDuration, 'no duration such as P3M'),
  source: z.string().min(1),
  unconfirmed: z.boolean(),
})
const measuresSchema = z.strictObject({ ...datedHead, measures: z.array(measureSchema).min(1) })

export type Rules = z.output<typeof rulesSchema>
export type Question = Rules['questions'][number]
export type Rule = Rules['rules'][number]
export type Measure = z.output<typeof measureSchema>
type Measures = z.output<typeof measuresSchema>

export interface Catalogue {
  rules: Rules
  measures: readonly Measure[]
  /** The files themselves, for the note on every page. */
  files: readonly DatedData<Rules | Measures>[]
}

export const rulesFile: DatedFile<Rules> = { path: 'response/rules.json', schema: rulesSchema, shipped: shippedRules }
export const measuresFile: DatedFile<Measures> = {
  path: 'response/measures.json',
  schema: measuresSchema,
  shipped: shippedMeasures,
}

/** Measures, rules and ladder as they stand today. @throws Refusal `dated-data.faulty` */
export function readCatalogue(services: { settings: { dataDir?: string } }): Catalogue {
  const rules = readDated(services, rulesFile)
  const measures = readDated(services, measuresFile)
  for (const [at, measure] of measures.content.measures.entries()) requireKnown(rules.content, measure, at)
  return { rules: rules.content, measures: measures.content.measures, files: [rules, measures] }
}

function requireKnown({ rungs, levels, rules }: Rules, measure: Measure, at: number): void {
  const fault = (place: string, what: string) => faulty(measuresFile.path, `measures[${at}].${place}`, what)
  if (!rungs.some((one) => one.id === measure.gate)) throw fault('gate', `no rung is called ${measure.gate}`)
  if (!levels.some((one) => one.id === measure.attribution))
    throw fault('attribution', `no level is called ${measure.attribution}`)
  measure.needs.forEach((need, place) => {
    if (!rules.some((one) => one.id === need)) throw fault(`needs[${place}]`, `no rule is called ${need}`)
  })
}

/** The answers a question takes. */
export const choicesOf = ({ levels }: Pick<Rules, 'levels'>, question: Question) =>
  question.choices === 'levels' ? levels : question.choices
