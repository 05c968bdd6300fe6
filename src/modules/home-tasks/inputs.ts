import { z } from 'zod'
import { isZone } from '../../core/clocks/index.ts'
import { language } from '../../core/module/fields.ts'
import { tlpLabels } from '../../protocol/types.ts'
import { groundKinds } from '../incidents/index.ts'
import type { ItemRef } from './items.ts'
import { decisions, stages, taskKinds, wordsLength } from './kinds.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const line = (most: number) => z.string().trim().min(1).max(most)
const maybe = (most: number) => z.string().trim().max(most).default('')
const day = z.iso.date('home-tasks.invalid.day')
const zone = z.string().max(60).refine(isZone, 'home-tasks.invalid.zone')
const seen = z.string().regex(/^[\w-]{43}$/)
const why = line(1_000)
const hour = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'home-tasks.invalid.hour')
  .optional()
  .or(z.literal('').transform(() => undefined))
const maybeDay = day.optional().or(z.literal('').transform(() => undefined))

/** A day, and an hour of it where one is named. */
export const namedMoment = ({ dueOn, dueHour }: { dueOn?: string | undefined; dueHour?: string | undefined }) =>
  dueOn === undefined ? undefined : dueHour === undefined ? dueOn : `${dueOn}T${dueHour}`

const common = {
  id,
  title: line(200),
  asked: line(wordsLength),
  marking: z.enum(tlpLabels),
  receivedOn: day,
  zone,
  term: maybe(60),
  dueOn: maybeDay,
  dueHour: hour,
  incident: id.optional().or(z.literal('').transform(() => undefined)),
}
/** What each kind asks besides. Fields of `about` are kept by their names. */
export const aboutFields = {
  question: { form: z.enum(['written', 'oral']), chamber: line(200), number: maybe(60), member: line(200) },
  access: { basis: line(300), theirReference: maybe(120) },
  brief: { occasion: line(300), minister: line(200), place: maybe(200) },
} as const
const applicant = { applicant: line(300), contact: maybe(500) }

export const openInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('question'), ...common, ...aboutFields.question }),
  z.object({ kind: z.literal('access'), ...common, ...aboutFields.access, ...applicant }),
  z.object({ kind: z.literal('brief'), ...common, ...aboutFields.brief }),
])
export const kindChoice = z.enum(taskKinds)

export const assignInput = z.object({ id, person: z.string().min(1).max(100) })
export const textInput = z.object({
  id,
  language,
  words: line(wordsLength),
  seen: z.union([id, z.literal('')]).default(''),
})
export const linkInput = z.object({ id, incident: id, linked: z.enum(['yes', 'no']).transform((one) => one === 'yes') })

/** Items as check boxes name them: `<incident> <kind> <id>`. */
const item = z
  .string()
  .regex(/^[0-9a-f]{32} [a-z-]{1,20} \S{1,80}$/)
  .transform((key, context): ItemRef => {
    const [incident = '', kind = '', ref = ''] = key.split(' ')
    const known = [...groundKinds, 'line' as const].find((one) => one === kind)
    if (known) return { incident, kind: known, id: ref }
    context.addIssue({ code: 'custom', message: 'no such kind' })
    return z.NEVER
  })
export const drawInput = z.object({
  id,
  items: z
    .union([z.array(item), item.transform((one) => [one])], 'home-tasks.invalid.items')
    .pipe(z.array(z.custom<ItemRef>()).min(1).max(100)),
})
export const rowInput = z.object({ id, row: z.string().min(1).max(60) })
export const confirmInput = rowInput.extend({ seen: z.string().max(2_000), why })
export const partInput = z.object({
  id,
  part: id.optional(),
  partTitle: line(300),
  decision: z.enum(decisions),
  ground: maybe(40),
  why: maybe(1_000),
  partWords: maybe(wordsLength),
})
export const clearInput = z.object({ id, stage: z.enum(stages), seen })
export const sendBackInput = z.object({ id, seen, reason: why })
export const legalInput = z.object({ id, legalReason: why })
export const extendInput = z.object({ id, extendReason: why, dueOn: maybeDay, dueHour: hour })
export const transferInput = z.object({ id, on: day, to: line(300), closeReason: why })
export const withdrawInput = z.object({ id, on: day, closeReason: why })
export const answerInput = z.object({ id, seen, on: day, to: line(300) })
