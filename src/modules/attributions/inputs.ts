import { z } from 'zod'
import { hash } from '../../core/module/fields.ts'
import { tlpLabels } from '../../protocol/types.ts'
import { bases, choices, kinds, levels, makers } from './vocabulary.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const line = z.string().trim().min(1).max(300)
const words = z.string().trim().min(1).max(8_000)
const tlp = z.enum(tlpLabels)
const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())
const many = z.preprocess((value) => (value === undefined || value === '' ? [] : [value].flat()), z.array(id).max(300))

/** A year, a month or a day that there is. */
const partDate = z
  .string()
  .trim()
  .regex(/^\d{4}(-\d\d(-\d\d)?)?$/, 'attributions.invalid.day')
  .refine((day) => z.iso.date().safeParse(`${day}-01-01`.slice(0, 10)).success, 'attributions.invalid.day')

export const claimInput = z.object({
  id,
  maker: z.enum(makers),
  name: z.string().trim().max(300).default(''),
  accused: z.string().trim().max(300).default(''),
  basis: z.enum(bases),
  kind: z.enum(kinds),
  day: partDate,
  source: line,
  tlp,
  corrects: optional(id),
  why: z.string().trim().max(2_000).default(''),
})

export const disputeInput = z.object({ id, by: line, on: partDate, words })

export const decisionInput = z.object({
  id,
  choice: z.enum(choices),
  accused: z.string().trim().max(300).default(''),
  why: words,
  dissent: z.string().trim().max(8_000).default(''),
  assessment: optional(id),
  evidence: many,
  decidedOn: z.iso.date(),
  decidedBy: line,
  reviewOn: optional(z.iso.date()),
})

export const lookInput = z.object({ id, seen: hash, why: words })

export const statementInput = z.object({
  id,
  level: z.enum(levels),
  tlp,
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
  subject: line,
  text: z.string().trim().min(1).max(20_000),
  evidence: many,
  corrects: optional(id),
})

export const releaseInput = z.object({ seen: hash })
export const reasonInput = z.object({ why: words })
