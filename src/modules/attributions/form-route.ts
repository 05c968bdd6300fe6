import type { z } from 'zod'
import { Refusal, wordsOf } from '../../core/http/index.ts'
import type { Answer, Permission, Route, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import type { Returned } from './pages/parts.tsx'

export const path = '/incidents/:incident/attributions'

/** A malformed name is one that does not exist. */
export function incidentOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

interface FormRoute<S extends z.ZodType> {
  at: string
  permission: Permission
  input: S
  summary: string
  /** The page the form stands on, with what was typed. */
  show(visit: Visit, returned: Returned): Promise<Answer>
  /** @returns where to go on, below the register */
  act(visit: Visit<z.infer<S>>): Promise<string>
}

/** A form below the register: wrong input and expected refusals bring its page back with everything typed. */
export function formRoute<S extends z.ZodType>({ at, permission, input, summary, show, act }: FormRoute<S>): Route {
  return {
    method: 'POST',
    path: `${path}/${at}`,
    permission,
    input,
    summary,
    async handle(visit) {
      try {
        const to = await act(visit as Visit<z.infer<S>>)
        return {
          redirect: `/incidents/${incidentOf(visit)}/attributions${to}`,
          notice: 'attributions.notice.saved',
          data: {},
        }
      } catch (error) {
        if (!(error instanceof Refusal) || visit.wantsJson || /not-found$/.test(error.code)) throw error
        const words = wordsOf(error, visit)
        const { field } = error.facts
        return show(visit, {
          values: visit.values ?? {},
          errors: typeof field === 'string' ? { [field]: words } : {},
          ...(typeof field !== 'string' && { trouble: words }),
        })
      }
    },
    onInvalid: (visit, errors) => show(visit, { values: visit.values ?? {}, errors }),
  }
}
