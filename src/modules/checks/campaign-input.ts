import { z } from 'zod'
import { contactKinds } from '../directory/index.ts'
import { checkWithin } from './acts.ts'
import { cadences, type CampaignTerms, lengths } from './campaign.ts'

const empty = z.literal('').transform(() => undefined)
const id = z.string().regex(/^[0-9a-f]{32}$/)

/** A campaign as a form brings it. */
export const campaignInput = z.object({
  id,
  network: id,
  announced: z.enum(['yes', 'no']),
  kind: z.union([empty, z.enum(contactKinds)]).optional(),
  sample: z.union([empty, z.coerce.number().int().min(1).max(1_000)]).optional(),
  within: z.enum(checkWithin),
  lasts: z.enum(lengths),
  cadence: z.union([empty, z.enum(cadences)]).optional(),
})
export type CampaignInput = z.infer<typeof campaignInput>

export const termsOf = ({ announced, ...input }: CampaignInput): CampaignTerms => ({
  ...input,
  announced: announced === 'yes',
})
