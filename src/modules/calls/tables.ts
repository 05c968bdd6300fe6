import type { z } from 'zod'
import type { callLoggedBody } from './acts.ts'

type Body = z.infer<typeof callLoggedBody>

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.calls_call': {
      space: string
      hash: string
      idx: number
      /** Who logged it. */
      author: string
      about: string
      caller: string
      called: string
      at: number
      code: Body['code']
      ended: Body['ended']
      answered_by: string | null
      /** `confirmed`, or `contested`: the other side remembers it otherwise, or not at all. */
      answer: 'confirmed' | 'contested' | null
      answered_at: number | null
    }
  }
}
