import { z } from 'zod'
import { tlpLabels } from '../../protocol/types.ts'
import { precisions, sectors } from '../incidents/index.ts'
import { lengthUnits } from '../preparedness/index.ts'
import { bases, enoughStates, lessonAnswers, priorities, states } from './vocabulary.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const line = z.string().trim().min(1).max(200)
const words = z.string().trim().max(2_000).default('')
const local = z.string().trim().max(16).default('')
const zone = z.string().trim().min(1).max(60)
const optionalId = z.union([z.literal('').transform(() => undefined), id]).optional()
const seen = z.union([z.literal('').transform(() => undefined), z.coerce.number().int()]).optional()

const unit = z.enum(['minutes', 'hours', 'days']).default('hours')
/** Nothing, or a whole number of some unit. */
const length = z.preprocess(
  (value) => (value === undefined || value === '' ? null : value),
  z
    .union([z.null(), z.string(), z.number()])
    .refine((value) => value === null || /^[1-9]\d{0,3}$/.test(String(value).trim()), 'recovery.invalid.length')
    .transform((value) => (value === null ? null : Number(value))),
)

const holder = z.string().regex(/^(person|office):[\w.@-]{1,100}$/, 'recovery.invalid.owner')
const list = z.preprocess((value) => (value === undefined || value === '' ? [] : [value].flat()), z.array(id).max(100))

export const serviceInput = z
  .object({
    id,
    changes: optionalId,
    seen,
    name: line,
    owner: holder,
    operator: z.string().trim().max(200).default(''),
    sector: z.union([z.literal(''), z.enum(sectors as [string, ...string[]])]).default(''),
    needs: list,
    priority: z.enum(priorities),
    enough: z.enum(enoughStates).default('restored'),
    rto: length,
    rtoUnit: unit,
    rpo: length,
    rpoUnit: unit,
    mtpd: length,
    mtpdUnit: unit,
    by: local,
    byZone: zone,
    tlp: z.enum(tlpLabels),
    why: words,
  })
  .transform(({ rtoUnit, rpoUnit, mtpdUnit, by, byZone, ...rest }) => ({
    ...rest,
    rto: rest.rto && rest.rto * lengthUnits[rtoUnit],
    rpo: rest.rpo && rest.rpo * lengthUnits[rpoUnit],
    mtpd: rest.mtpd && rest.mtpd * lengthUnits[mtpdUnit],
    by: by === '' ? null : { local: by, zone: byZone },
  }))

const told = { id, service: id, saidBy: line, basis: z.enum(bases), note: words, tlp: z.enum(tlpLabels) }

export const stateInput = z.object({
  ...told,
  state: z.enum(states),
  precision: z.enum(precisions),
  when: local,
  zone,
  dataAsOf: local,
})

export const forecastInput = z.object({ ...told, expected: local, zone })

export const strikeInput = z.object({ id, service: id, report: id, why: line })
export const offInput = z.object({ id, service: id, seen: z.coerce.number().int(), why: line })

/** Services of a response plan that come onto the recovery plan, and why the others do not. */
export const fromPlanInput = z.preprocess(
  (typed) => {
    if (typeof typed !== 'object' || typed === null || !('run' in typed)) return typed
    // Forms of several plans stand on one page: fields are named after theirs.
    const given = typed as Record<string, unknown>
    const own = (name: string) => given[`${name}-${given.run}`] ?? given[name]
    return { ...given, items: own('items'), why: own('why') }
  },
  z.object({ id, run: id, items: list, why: words }),
)

export const lessonInput = z.object({
  id,
  happened: z.string().trim().min(1).max(2_000),
  change: z.string().trim().min(1).max(300),
  owner: holder,
  due: z.iso.date(),
  services: list,
  tlp: z.enum(tlpLabels),
})

export const answerInput = z.object({
  id,
  answer: z.enum(lessonAnswers),
  run: optionalId,
  words,
})

export const draftInput = z.object({ id, space: optionalId })
