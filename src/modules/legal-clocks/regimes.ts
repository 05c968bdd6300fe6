import { z } from 'zod'
import { isDuration } from '../../core/clocks/index.ts'
import { type DatedData, type DatedFile, datedHead, names, readDated } from '../../core/dated-data/index.ts'
import shipped from './reference/regimes.json' with { type: 'json' }

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)
/** What this house is in the matter. */
export const roles = ['report', 'receive', 'forward'] as const
export type Role = (typeof roles)[number]

const termSchema = z.strictObject({
  id,
  names,
  role: z.enum(roles),
  /** `awareness`, or the term whose sending starts it. */
  after: id,
  /** ISO 8601; with neither this nor `workingDays` the law says "without undue delay" and no clock runs. */
  within: z.string().refine(isDuration, 'no duration such as PT24H').optional(),
  workingDays: z.int().min(1).max(366).optional(),
  /** To the second; when the day is over; or the same, moved on to a working day. */
  ends: z.enum(['exact', 'end-of-day', 'working-day']),
  fields: z.array(id).min(1),
})
const regimeSchema = z.strictObject({
  id,
  names,
  law: z.string().min(1),
  entity: names,
  authority: names,
  trigger: names,
  source: z.string().min(1),
  unconfirmed: z.boolean(),
  terms: z.array(termSchema).min(1),
})
const fileSchema = z
  .strictObject({
    ...datedHead,
    /** 1 Monday to 7 Sunday. */
    weekend: z.array(z.int().min(1).max(7)).max(6),
    holidays: z.array(z.iso.date()),
    fields: z.array(
      z.strictObject({ id, names, from: z.enum(['title', 'aware', 'bottom-line', 'category']).optional() }),
    ),
    regimes: z.array(regimeSchema).min(1),
  })
  .superRefine(({ fields, regimes }, context) => {
    const known = new Set(fields.map((one) => one.id))
    for (const [r, { terms }] of regimes.entries())
      for (const [t, term] of terms.entries()) {
        const fault = (place: string, message: string) =>
          context.addIssue({ code: 'custom', path: ['regimes', r, 'terms', t, place], message })
        if (term.within !== undefined && term.workingDays !== undefined)
          fault('workingDays', 'a term has one length: within or workingDays')
        const earlier = terms.slice(0, t).some((one) => one.id === term.after && one.role === term.role)
        if (term.after !== 'awareness' && !earlier)
          fault('after', `no earlier term of the same role is called ${term.after}`)
        for (const field of term.fields) if (!known.has(field)) fault('fields', `no field is called ${field}`)
      }
  })

export type RegimeFile = z.output<typeof fileSchema>
export type Regime = z.output<typeof regimeSchema>
export type Term = z.output<typeof termSchema>

export const regimesFile: DatedFile<RegimeFile> = { path: 'legal-clocks/regimes.json', schema: fileSchema, shipped }

/** Laws and their terms as they stand today. @throws Refusal `dated-data.faulty` */
export const readRegimes = (services: { settings: { dataDir?: string } }): DatedData<RegimeFile> =>
  readDated(services, regimesFile)
