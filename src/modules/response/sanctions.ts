import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, names, readDated } from '../../core/dated-data/index.ts'
import shipped from './reference/sanctions.json' with { type: 'json' }

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)
const schema = z.strictObject({
  ...datedHead,
  identifiers: z.array(z.strictObject({ id, names })).min(1),
  regimes: z
    .array(
      z.strictObject({
        id,
        names,
        law: z.string().min(1),
        criteria: z.array(z.strictObject({ id, names, source: z.string().min(1) })).min(1),
      }),
    )
    .min(1),
})
export type SanctionsFile = z.output<typeof schema>
export type SanctionsRegime = SanctionsFile['regimes'][number]

export const sanctionsFile: DatedFile<SanctionsFile> = { path: 'response/sanctions.json', schema, shipped }

/** Regimes and their listing criteria as they stand today. @throws Refusal `dated-data.faulty` */
export const readSanctions = (services: { settings: { dataDir?: string } }): DatedData<SanctionsFile> =>
  readDated(services, sanctionsFile)
