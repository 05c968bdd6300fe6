import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, names, readDated } from '../../../core/dated-data/index.ts'
import shipped from './reference/categories.json' with { type: 'json' }

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)
const code = z.string().min(1).max(60)

const categoriesSchema = z
  .strictObject({
    ...datedHead,
    /** Vocabularies of others, with their codes as they write them. */
    vocabularies: z.array(z.strictObject({ id, names, codes: z.array(z.strictObject({ id: code, names })).min(1) })),
    /** What an incident is taken for, with what can stand beside it, by vocabulary. */
    categories: z.array(z.strictObject({ id, names, beside: z.record(id, z.array(code)) })).min(1),
  })
  .superRefine(({ vocabularies, categories }, context) => {
    categories.forEach(({ id: own, beside }, at) => {
      const fault = (place: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path: ['categories', at, ...place], message })
      if (categories.findIndex((one) => one.id === own) < at) fault(['id'], `${own} stands here twice`)
      for (const [name, codes] of Object.entries(beside)) {
        const known = vocabularies.find((one) => one.id === name)
        if (!known) fault(['beside', name], 'no vocabulary is called so')
        codes.forEach((one, place) => {
          if (known && !known.codes.some((other) => other.id === one))
            fault(['beside', name, place], `${name} has no ${one}`)
        })
      }
    })
  })

export type Categories = z.output<typeof categoriesSchema>

const categoriesFile: DatedFile<Categories> = {
  path: 'incidents/categories.json',
  schema: categoriesSchema,
  shipped,
}

/** Categories of the house and what can stand beside them in other vocabularies. @throws Refusal `dated-data.faulty` */
export const readCategories = (services: { settings: { dataDir?: string } }): DatedData<Categories> =>
  readDated(services, categoriesFile)
