import { z } from 'zod'
import { tlpLabels } from '../../protocol/types.ts'
import { firstYear } from './facts/when.ts'

/** An id as forms carry it. */
export const id = z.string().regex(/^[0-9a-f]{32}$/)
/** Words that have to be there. */
export const line = (max: number) => z.string().trim().min(1).max(max)
/** A day on which something can have been known or told. */
export const pastDay = z.iso.date().refine((day) => Number(day.slice(0, 4)) >= firstYear, 'incidents.invalid.long-ago')
export const tlp = z.enum(tlpLabels)
