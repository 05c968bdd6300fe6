import { z } from 'zod'

export const deviceInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  label: z.string().trim().min(1).max(80),
})

export const ruleInput = z.object({
  allowed: z.enum(['yes', 'no']),
  ceiling: z.enum(['CLEAR', 'GREEN', 'AMBER']),
  sealed: z.enum(['yes', 'no']),
})
