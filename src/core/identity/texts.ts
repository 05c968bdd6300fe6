import { z } from 'zod'
import { isId } from '../../protocol/index.ts'

export const idText = z.string().refine(isId, 'not 32 lower-case hex digits')
export const partyText = z.string().min(1).max(253).regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'not a lower-case domain')
