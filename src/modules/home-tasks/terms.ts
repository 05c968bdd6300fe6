import { z } from 'zod'
import { isDuration } from '../../core/clocks/index.ts'
import { type DatedData, type DatedFile, datedHead, names, readDated } from '../../core/dated-data/index.ts'
import { stages } from './kinds.ts'
import shipped from './reference/terms.json' with { type: 'json' }

const length = {
  /** ISO 8601; or working days. */
  within: z.string().refine(isDuration, 'no duration such as P14D').optional(),
  workingDays: z.int().min(1).max(366).optional(),
  ends: z.enum(['end-of-day', 'working-day']),
}
const hasOneLength = (one: { within?: string | undefined; workingDays?: number | undefined }) =>
  (one.within === undefined) !== (one.workingDays === undefined)

const termSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,60}$/),
    kind: z.enum(['question', 'access']),
    names,
    law: z.string().min(1).max(300),
    source: z.string().min(1).max(600),
    unconfirmed: z.boolean(),
    ...length,
    /** Added to the end of the term, once; without it the rule knows no extension. */
    extension: z.strictObject(length).refine(hasOneLength, 'one length: within or workingDays').optional(),
  })
  .refine(hasOneLength, 'a term has one length: within or workingDays')
const inOrder = z
  .array(z.enum(stages))
  .min(1)
  .refine((list) => new Set(list).size === list.length, 'a stage comes once')
const fileSchema = z
  .strictObject({
    ...datedHead,
    /** 1 Monday to 7 Sunday. */
    weekend: z.array(z.int().min(1).max(7)).max(6),
    holidays: z.array(z.iso.date()),
    /** Who clears, in this order, by kind. */
    clearances: z.strictObject({ question: inOrder, access: inOrder, brief: inOrder }),
    terms: z.array(termSchema).min(1).max(100),
  })
  .superRefine(({ terms }, context) => {
    const ids = terms.map(({ id }) => id)
    for (const [at, id] of ids.entries())
      if (ids.indexOf(id) < at)
        context.addIssue({ code: 'custom', path: ['terms', at, 'id'], message: 'two terms have one id' })
  })

export type TermsFile = z.output<typeof fileSchema>
export type TaskTerm = z.output<typeof termSchema>

export const termsFile: DatedFile<TermsFile> = { path: 'home-tasks/terms.json', schema: fileSchema, shipped }

/** Terms, days off and the order of clearances as they stand today. @throws Refusal `dated-data.faulty` */
export const readTerms = (services: { settings: { dataDir?: string } }): DatedData<TermsFile> =>
  readDated(services, termsFile)
