import type { z } from 'zod'
import { Refusal, wordsOf } from '../../core/http/index.ts'
import type { Answer, Json, Route, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { BundleRefusal } from '../exchange/index.ts'
import { faultWords } from './open/fault-words.ts'
import { requireNotMerged } from './merge/merge-incidents.ts'
import type { Returned } from './pages/parts.tsx'

/** The incident named in the address; a malformed name is one that does not exist. */
export function idOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

/** The sentence of a refusal. */
export function refusalWords(visit: Visit, refusal: Refusal): string {
  return wordsOf(refusal, { t: visit.t, language: visit.language })
}

type Act<S extends z.ZodType> = (visit: Visit<z.infer<S>>, incident: string) => Promise<unknown>
/** Shows the page of a form again. */
export type Again = (visit: Visit, returned?: Returned) => Promise<Answer>

/** One form of a page of an incident: on success back to `to`, else the page again with what was typed. */
export function formRoute<S extends z.ZodType>(
  {
    path,
    name = path,
    input,
    to,
    summary,
    again,
    permission = 'incidents:draft',
    fileBytes,
    evenMerged = false,
  }: {
    path: string
    name?: string
    input?: S
    /** Where to go on, below the incident. */
    to: string | ((data: unknown, visit: Visit) => string)
    summary: string
    again: Again
    permission?: Route['permission']
    fileBytes?: number
    /** Also where the incident is read through another by now. */
    evenMerged?: boolean
  },
  act: Act<S>,
): Route {
  const returned = (visit: Visit, errors: Record<string, string>, trouble?: string) =>
    again(visit, { form: name, values: visit.values ?? {}, errors, ...(trouble && { trouble }) })
  return {
    method: 'POST',
    path: `/incidents/:incident/${path}`,
    permission,
    input,
    ...(fileBytes !== undefined && { fileBytes }),
    summary,
    async handle(visit) {
      const incident = idOf(visit)
      try {
        if (!evenMerged) await requireNotMerged(visit.services, visit.viewer, incident)
        const data = await act(visit as Visit<z.infer<S>>, incident)
        return {
          redirect: `/incidents/${incident}${typeof to === 'string' ? to : to(data, visit)}`,
          notice: 'incidents.notice.saved',
          data: (data ?? { id: incident }) as Json,
        }
      } catch (error) {
        if (!(error instanceof Refusal) || visit.wantsJson || error.code === 'incidents.not-found') throw error
        const words = refusalWords(visit, error)
        if (error instanceof BundleRefusal)
          return returned(visit, { file: [words, ...error.faults.map((one) => faultWords(visit, one))].join(' ') })
        return typeof error.facts.field === 'string'
          ? returned(visit, { [error.facts.field]: words })
          : returned(visit, {}, words)
      }
    },
    onInvalid: (visit, errors) => returned(visit, errors),
  }
}
