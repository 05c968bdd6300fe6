import { z } from 'zod'
import { tlpLabels } from '../../../protocol/types.ts'
import { languages } from '../../../text/index.ts'
import { categoryCodes } from '../../incidents/index.ts'
import { type PlanPart, servicePriorities } from './content.ts'

export const id = z.string().regex(/^[0-9a-f]{32}$/)
const needed = (max: number) => z.string().trim().min(1).max(max)
const words = (max: number) => z.string().trim().max(max).default('')
const optionalId = z.union([z.literal(''), id]).default('')
const holder = z.string().regex(/^(person|office):[\w.@-]{1,100}$/)
const longestMinutes = 60 * 24 * 366
const mostWorkingDays = 366
const length = z
  .union([z.literal('').transform(() => null), z.coerce.number().int().min(1).max(longestMinutes)])
  .default(null)
const serviceLength = z
  .union([z.literal('').transform(() => null), z.coerce.number().int().min(1).max(9_999)])
  .default(null)
const lengthUnit = z.enum(['minutes', 'hours', 'days']).default('hours')
const many = (one: z.ZodType<string>) =>
  z.union([one.transform((value) => [value]), z.array(one)]).default([]) as z.ZodType<string[]>

/** Units in which a term is written. */
export const termUnits = ['minutes', 'hours', 'working-days'] as const

export const headInput = z.object({
  id,
  seen: id.optional(),
  name: needed(200),
  purpose: words(2_000),
  marking: z.enum(tlpLabels).default('AMBER'),
  isInUse: z
    .enum(['yes', 'no'])
    .default('yes')
    .transform((value) => value === 'yes'),
  /** `<scheme>:<level>`; empty: suggested for none. */
  trigger: z.union([z.literal(''), z.string().regex(/^[\w.-]{1,60}:[\w.-]{1,60}$/)]).default(''),
  categories: many(z.enum(categoryCodes as [string, ...string[]])),
})

const common = { id, seen: id, item: optionalId }
const annexed = { annex: optionalId }

/** Fields of the form of one item, by the list it stands in. */
export const itemInputs = {
  roles: z.object({ ...common, title: needed(200), who: holder, deputy: z.union([z.literal(''), holder]).default('') }),
  steps: z
    .object({
      ...common,
      ...annexed,
      title: needed(200),
      words: words(2_000),
      role: id,
      within: length,
      unit: z.enum(termUnits).default('minutes'),
      after: optionalId,
      counts: z.enum(['due', 'done']).default('due'),
      place: z.union([z.literal('').transform(() => undefined), z.coerce.number().int().min(1).max(100)]).optional(),
    })
    .refine(({ within, unit }) => unit !== 'working-days' || (within ?? 0) <= mostWorkingDays, {
      path: ['within'],
      message: 'preparedness.invalid.working-days',
    }),
  contacts: z.object({
    ...common,
    ...annexed,
    /** `<space> <party> <contact>`, as the directory keys it. */
    contact: z.string().regex(/^\S{1,100} \S{1,100} \S{1,100}$/),
    why: words(300),
  }),
  texts: z.object({
    ...common,
    ...annexed,
    title: needed(200),
    language: z.string().refine((one) => languages().includes(one), 'preparedness.invalid.not-there'),
    words: needed(8_000),
    validUntil: z.iso.date(),
  }),
  annexes: z.object({
    ...common,
    party: needed(100),
    space: optionalId,
    agreed: needed(4_000),
    agreement: z.union([z.literal(''), z.string().regex(/^[\w-]{43}$/)]).default(''),
  }),
  services: z.object({
    ...common,
    name: needed(200),
    owner: holder,
    operator: words(200),
    priority: z.enum(servicePriorities),
    needs: many(id),
    rto: serviceLength,
    rtoUnit: lengthUnit,
    mtpd: serviceLength,
    mtpdUnit: lengthUnit,
  }),
} satisfies Record<PlanPart, z.ZodType>

export const removeInput = z.object({ id, seen: id, item: id })
export const seenInput = z.object({ seen: id })
export const clearInput = z.object({ text: id, seen: z.string().regex(/^[\w-]{43}$/) })
export const answerInput = z.object({
  lesson: id,
  answer: z.enum(['take-up', 'set-aside']),
  words: words(2_000),
})
export const openFromInput = z.object({
  id,
  run: id,
  version: z.coerce.number().int().min(1).max(100_000),
  annexes: many(id),
  title: needed(200),
  category: z.enum(categoryCodes as [string, ...string[]]),
  drill: z.enum(['yes', 'no']).transform((value) => value === 'yes'),
  marking: z.enum(tlpLabels).default('AMBER'),
})

export const startInput = z.object({
  id,
  plan: id,
  version: z.coerce.number().int().min(1).max(100_000),
  annexes: many(id),
})
export const emergencyInput = z.object({ id, plan: id, seen: id, annexes: many(id), reason: needed(2_000) })
export const markInput = z.object({
  id,
  step: id,
  state: z.enum(['done', 'otherwise', 'open']),
  words: words(2_000),
})
export const assignInput = z.object({ id, role: id, who: holder })
export const moveInput = z.object({
  id,
  version: z.coerce.number().int().min(1).max(100_000),
  reason: needed(2_000),
})
export const lessonInput = z.object({ id, step: optionalId, words: needed(2_000) })
