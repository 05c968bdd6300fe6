import type { z } from 'zod'
import { Refusal } from '../../core/http/index.ts'
import type { Route, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { type FormRoute, formRoute as routeOf } from '../frame/index.ts'

export const path = '/incidents/:incident/attributions'

/** A malformed name is one that does not exist. */
export function incidentOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

/** A form below the register; `act` says where to go on, below it too. */
export function formRoute<S extends z.ZodType>({
  at,
  show,
  act,
  ...of
}: Pick<FormRoute<S>, 'permission' | 'input' | 'summary'> & {
  at: string
  show: FormRoute<S>['again']
  act(visit: Visit<z.infer<S>>): Promise<string>
}): Route {
  return routeOf(
    { ...of, path: `${path}/${at}`, notice: 'attributions.notice.saved', again: show },
    async (visit) => `/incidents/${incidentOf(visit)}/attributions${await act(visit)}`,
  )
}
