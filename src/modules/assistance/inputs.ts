import { z } from 'zod'
import { partyName } from '../../core/module/fields.ts'
import { requestKindNames } from '../channels/index.ts'
import { states } from './course.ts'
import { clockFilters } from './list-requests.ts'
import { workKinds } from './work.ts'

const none = z.literal('').transform(() => undefined)
const id = z.string().regex(/^[0-9a-f]{32}$/)

export const filterInput = z.object({
  side: z.union([none, z.enum(['ours', 'theirs'])]).optional(),
  state: z.union([none, z.enum(states)]).optional(),
  kind: z.union([none, z.enum(requestKindNames)]).optional(),
  party: z.union([none, partyName]).optional(),
  clock: z.union([none, z.enum(clockFilters)]).optional(),
  /** Requests that belong to it, for whoever may know of it. */
  incident: z.union([none, id]).optional(),
})
export type FilterInput = z.infer<typeof filterInput>

export const askInput = z.object({
  id,
  kind: z.enum(requestKindNames),
  space: id,
  party: partyName,
  incident: z.union([none, id]).optional(),
  /** Of a recovery, with which its words begin. */
  lesson: z.union([none, id]).optional(),
  follows: z
    .array(z.string().regex(/^[A-Za-z0-9_-]{43}$/))
    .max(8)
    .default([]),
})
export type AskInput = z.infer<typeof askInput>

export const workInput = z.object({
  id,
  kind: z.enum(workKinds),
  words: z.string().trim().max(10_000).default(''),
  person: z.union([none, z.string().max(64)]).optional(),
})
export type WorkInput = z.infer<typeof workInput>

export const incidentInput = z.object({ incident: id })
export const disposeInput = z.object({ how: z.enum(['returned', 'deleted']) })
