import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, readDated } from '../../../core/dated-data/index.ts'
import type { Services } from '../../../core/module/types.ts'
import shipped from './reference/regions.json' with { type: 'json' }

const regionsSchema = z
  .strictObject({
    ...datedHead,
    regions: z
      .array(
        z.strictObject({
          /** Numeric code of M49, by which its name is known in every language. */
          code: z.string().regex(/^\d{3}$/),
          row: z.number().int().min(0).max(11),
          column: z.number().int().min(0).max(11),
          countries: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1),
        }),
      )
      .min(1)
      .max(60),
  })
  .superRefine(({ regions }, context) => {
    const twice = (what: string, values: string[]) => {
      const found = values.find((one, at) => values.indexOf(one) < at)
      if (found !== undefined)
        context.addIssue({ code: 'custom', path: ['regions'], message: `${what} ${found} twice` })
    }
    twice(
      'the region',
      regions.map(({ code }) => code),
    )
    twice(
      'the place',
      regions.map(({ row, column }) => `${row}/${column}`),
    )
    twice(
      'the country',
      regions.flatMap(({ countries }) => countries),
    )
  })
export type Regions = z.output<typeof regionsSchema>

const file: DatedFile<Regions> = { path: 'incidents/regions.json', schema: regionsSchema, shipped }

/** Regions of the world by which countries are counted, each with its place on a grid of tiles: no land, no border. */
export const readRegions = (services: Pick<Services, 'settings'>): DatedData<Regions> => readDated(services, file)

export const regionName = (code: string, language: string): string =>
  new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code
