import type { z } from 'zod'
import { Refusal, wordsOf } from '../../core/http/index.ts'
import type { Answer, Json, Permission, Route, Visit } from '../../core/module/types.ts'
import type { Returned } from './returned.tsx'

/** Shows the page of a form again. */
export type Again = (visit: Visit, returned: Returned) => Promise<Answer>

export interface FormRoute<S extends z.ZodType> {
  path: string
  /** Which form of its page; the path where it is left out. */
  name?: string
  permission: Permission
  input?: S
  summary: string
  /** What the next page says once it is done, as a message. */
  notice: string
  fileBytes?: number
  again: Again
  /** Fields that a refusal speaks of, where it does not name one itself. */
  errorsOf?(visit: Visit, refusal: Refusal): Record<string, string> | undefined
}

/** Where a form leads once it is done, and what programs are told. */
export type Done = string | { to: string; data: Json }

/**
 * One form: on success to where `act` says; wrong input and refusals bring its page back (422) with everything typed,
 * beside the field that a refusal names or above them all. What does not exist stays not found.
 */
export function formRoute<S extends z.ZodType>(
  { name, notice, again, errorsOf, ...route }: FormRoute<S>,
  act: (visit: Visit<z.infer<S>>) => Promise<Done>,
): Route {
  const back = async (visit: Visit, errors: Record<string, string>, trouble?: string): Promise<Answer> => {
    const returned = { form: name ?? route.path, values: visit.values ?? {}, errors, ...(trouble && { trouble }) }
    const answer = await again(visit, returned)
    return 'page' in answer ? { ...answer, status: 422 } : answer
  }
  return {
    method: 'POST',
    ...route,
    async handle(visit) {
      try {
        const done = await act(visit as Visit<z.infer<S>>)
        const { to, data } = typeof done === 'string' ? { to: done, data: {} } : done
        return { redirect: to, notice, data }
      } catch (error) {
        if (!(error instanceof Refusal) || visit.wantsJson || error.code.endsWith('not-found')) throw error
        const words = wordsOf(error, visit)
        const { field } = error.facts
        const errors = errorsOf?.(visit, error) ?? (typeof field === 'string' ? { [field]: words } : undefined)
        return errors ? back(visit, errors) : back(visit, {}, words)
      }
    },
    onInvalid: (visit, errors) => back(visit, errors),
  }
}
