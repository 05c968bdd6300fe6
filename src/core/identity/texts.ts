import { z } from 'zod'
import { isId, isParty } from '../../protocol/index.ts'

export const idText = z.string().refine(isId, 'not 32 lower-case hex digits')
export const partyText = z.string().refine(isParty, 'not a lower-case domain')
export const envelopeSchema = z.strictObject({ payload: z.string(), protected: z.string(), signature: z.string() })
