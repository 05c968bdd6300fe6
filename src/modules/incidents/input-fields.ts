import { z } from 'zod'
import { tlpLabels } from '../../protocol/types.ts'

/** An id as forms carry it. */
export const id = z.string().regex(/^[0-9a-f]{32}$/)
/** Words that have to be there. */
export const line = (max: number) => z.string().trim().min(1).max(max)
export const tlp = z.enum(tlpLabels)
