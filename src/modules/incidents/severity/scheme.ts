import { z } from 'zod'
import { datedHead, names } from '../../../core/dated-data/index.ts'

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)

/**
 * How answers become a figure: `mean`, the weighted mean of points from 0 to 100; `sum`; `sum-times`, the sum times
 * every factor; `highest`, the gravest answer alone.
 */
export const formulas = ['mean', 'sum', 'sum-times', 'highest'] as const

const input = z.strictObject({
  id,
  names,
  /** `noted`: told beside the figure and never in it. */
  counts: z.enum(['points', 'factor', 'noted']),
  /** Of a mean. */
  weight: z.number().positive().max(1_000).optional(),
  /** A later answer never gives less. */
  rising: z.boolean(),
  choices: z.array(z.strictObject({ id, points: z.number().min(0).max(1_000), names })).min(2),
})

export const schemeSchema = z
  .strictObject({
    ...datedHead,
    id,
    names,
    about: names,
    formula: z.enum(formulas),
    /** Machine tags under which others tell a level of this scheme: `nis:impact-severity`. */
    tags: z.array(z.string().regex(/^[a-z0-9-]{1,40}:[a-z0-9-]{1,60}$/)).optional(),
    /** What in it rests on no published text, and whose judgement it is. */
    judged: z.array(z.strictObject({ what: z.enum(['all', 'formula', 'weights', 'points', 'cuts']), words: names })),
    inputs: z.array(input).min(1).max(40),
    /** From the least to the gravest; each begins at `from`. */
    levels: z.array(z.strictObject({ id, from: z.number().min(0), names })).min(2),
  })
  .superRefine((scheme, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    once(scheme.inputs, (at, name) => fault(['inputs', at, 'id'], `${name} stands here twice`))
    once(scheme.levels, (at, name) => fault(['levels', at, 'id'], `${name} stands here twice`))
    if (scheme.levels[0]?.from !== 0) fault(['levels', 0, 'from'], 'the first level begins at 0')
    scheme.levels.forEach(({ from }, at) => {
      if (at > 0 && from <= (scheme.levels[at - 1]?.from ?? 0))
        fault(['levels', at, 'from'], 'each level begins above the one before it')
    })
    if (!scheme.inputs.some(({ counts }) => counts === 'points')) fault(['inputs'], 'nothing here gives points')
    scheme.inputs.forEach(({ choices, counts, weight, rising }, at) => {
      once(choices, (place, name) => fault(['inputs', at, 'choices', place, 'id'], `${name} stands here twice`))
      if (counts === 'factor' && scheme.formula !== 'sum-times')
        fault(['inputs', at, 'counts'], 'only sum-times has factors')
      if ((counts === 'points' && scheme.formula === 'mean') !== (weight !== undefined))
        fault(['inputs', at, 'weight'], 'what gives points to a mean has a weight, and nothing else has')
      choices.forEach(({ points }, place) => {
        if (scheme.formula === 'mean' && points > 100)
          fault(['inputs', at, 'choices', place, 'points'], 'a mean runs from 0 to 100')
        if (rising && points < (choices[place - 1]?.points ?? 0))
          fault(['inputs', at, 'choices', place, 'points'], 'falls, though the question is said to rise')
      })
    })
  })

function once(list: readonly { id: string }[], twice: (at: number, name: string) => void): void {
  list.forEach((one, at) => {
    if (list.findIndex((other) => other.id === one.id) < at) twice(at, one.id)
  })
}

/** A published way of saying how severe an incident is, with all that it computes from. */
export type SeverityScheme = z.output<typeof schemeSchema>
export type SchemeInput = SeverityScheme['inputs'][number]

/** Whether a level is at least another of the same scheme; undefined where the scheme has no such level. */
export function isAtLeast(scheme: SeverityScheme, level: string, least: string): boolean | undefined {
  const [place, floor] = [level, least].map((name) => scheme.levels.findIndex(({ id: own }) => own === name))
  return place === undefined || floor === undefined || place < 0 || floor < 0 ? undefined : place >= floor
}
