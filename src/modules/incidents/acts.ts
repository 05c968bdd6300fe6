import { z } from 'zod'
import { hash, partyName, prose } from '../../core/module/fields.ts'

export const contestGrounds = ['own-hosts-victims', 'wrong-data', 'other'] as const
export const preservationSources = ['requested', 'agreed'] as const

/** "We contest what you told us": which act, and on what ground. */
export const factsContestedBody = z.strictObject({ about: hash, ground: z.enum(contestGrounds) })
export type FactsContestedBody = z.infer<typeof factsContestedBody>

/** "Please keep this data": it would be deleted on `deletionDate`; please keep it until `keepUntil`. */
export const preservationRequestedBody = z.strictObject({
  deletionDate: z.iso.date(),
  keepUntil: z.iso.date(),
  source: z.enum(preservationSources),
  /** Party asked; the only other member if not said. */
  addressee: partyName.optional(),
})
export type PreservationRequestedBody = z.infer<typeof preservationRequestedBody>

/** "The data is kept until that day." */
export const preservationConfirmedBody = z.strictObject({ request: hash, keptUntil: z.iso.date() })
export type PreservationConfirmedBody = z.infer<typeof preservationConfirmedBody>

export const incidentProse = prose
export type IncidentProse = z.infer<typeof incidentProse>
