import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, names, readDated } from '../../../core/dated-data/index.ts'
import shipped from './reference/grounds.json' with { type: 'json' }

/** Grounds that the gate itself gives: what it shuts is security, what another party may decide is its confidence. */
const ofTheGate = ['security', 'third-party']
/** The ground that is told in words of its own. */
export const otherGround = 'other'

const fileSchema = z
  .strictObject({
    ...datedHead,
    /** How a decision can be contested; stands on every copy. */
    appeal: names,
    grounds: z
      .array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), names }))
      .min(1)
      .max(40),
  })
  .superRefine(({ grounds }, context) => {
    const ids = grounds.map(({ id }) => id)
    if (new Set(ids).size < ids.length)
      context.addIssue({ code: 'custom', path: ['grounds'], message: 'two grounds have one id' })
    for (const id of [...ofTheGate, otherGround])
      if (!ids.includes(id))
        context.addIssue({ code: 'custom', path: ['grounds'], message: `no ground is called ${id}` })
  })
export type GroundsFile = z.output<typeof fileSchema>

export const groundsFile: DatedFile<GroundsFile> = { path: 'register/grounds.json', schema: fileSchema, shipped }

/** Grounds for withholding, and the line on appeal. @throws Refusal `dated-data.faulty` */
export const readGrounds = (services: { settings: { dataDir?: string } }): DatedData<GroundsFile> =>
  readDated(services, groundsFile)
