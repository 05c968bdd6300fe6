import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, names, readDated } from '../../../core/dated-data/index.ts'
import shipped from '../reference/responsibility.json' with { type: 'json' }

const spectrumSchema = z.strictObject({
  ...datedHead,
  names,
  /** From the least responsible to the most. */
  steps: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z-]{1,40}$/), names, meaning: names }))
    .min(2)
    .max(20),
})
export type Spectrum = z.output<typeof spectrumSchema>

const spectrumFile: DatedFile<Spectrum> = { path: 'weighing/responsibility.json', schema: spectrumSchema, shipped }

/** The spectrum of state responsibility as the file of the house says today. @throws Refusal `dated-data.faulty` */
export const readSpectrum = (services: { settings: { dataDir?: string } }): DatedData<Spectrum> =>
  readDated(services, spectrumFile)
