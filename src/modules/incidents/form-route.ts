import type { z } from 'zod'
import { Refusal, wordsOf } from '../../core/http/index.ts'
import type { Json, Route, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { BundleRefusal } from '../exchange/index.ts'
import { faultWords } from './open/fault-words.ts'
import { requireNotMerged } from './merge/merge-incidents.ts'
import { type Again, formRoute as routeOf } from '../frame/index.ts'

export type { Again }

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

/** One form of a page of an incident: on success back to `to`, else the page again with what was typed. */
export function formRoute<S extends z.ZodType>(
  {
    path,
    name = path,
    to,
    permission = 'incidents:draft',
    evenMerged = false,
    ...of
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
  act: (visit: Visit<z.infer<S>>, incident: string) => Promise<unknown>,
): Route {
  return routeOf(
    {
      ...of,
      path: `/incidents/:incident/${path}`,
      name,
      permission,
      notice: 'incidents.notice.saved',
      errorsOf: (visit, refusal) =>
        refusal instanceof BundleRefusal
          ? { file: [wordsOf(refusal, visit), ...refusal.faults.map((one) => faultWords(visit, one))].join(' ') }
          : undefined,
    },
    async (visit) => {
      const incident = idOf(visit)
      if (!evenMerged) await requireNotMerged(visit.services, visit.viewer, incident)
      const data = await act(visit, incident)
      return {
        to: `/incidents/${incident}${typeof to === 'string' ? to : to(data, visit)}`,
        data: (data ?? { id: incident }) as Json,
      }
    },
  )
}
