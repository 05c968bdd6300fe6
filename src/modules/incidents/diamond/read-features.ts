import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, names, readDated } from '../../../core/dated-data/index.ts'
import shipped from './reference/diamond.json' with { type: 'json' }

const list = z
  .array(z.strictObject({ id: z.string().regex(/^[a-z-]{1,40}$/), names }))
  .min(1)
  .max(30)
const featuresSchema = z.strictObject({ ...datedHead, phases: list, directions: list, results: list })
export type FeatureLists = z.output<typeof featuresSchema>

const featuresFile: DatedFile<FeatureLists> = { path: 'weighing/diamond.json', schema: featuresSchema, shipped }

/** Phases, directions and results as the file of the house says today. @throws Refusal `dated-data.faulty` */
export const readFeatureLists = (services: { settings: { dataDir?: string } }): DatedData<FeatureLists> =>
  readDated(services, featuresFile)
