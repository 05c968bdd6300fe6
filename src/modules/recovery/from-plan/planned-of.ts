import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader } from '../../../core/storage/types.ts'
import { type PlanService, readRuns, type Run, type ServiceStanding } from '../../preparedness/index.ts'
import type { Service } from '../plan/read-plans.ts'
import type { ServiceContent } from '../tables.ts'
import '../tables.ts'

/** Services of the recovery plan that came from a run of a response plan, by what they are called in it. */
export async function plannedOf(db: Reader, run: string): Promise<Map<string, string>> {
  const rows = await db.selectFrom('home.recovery_planned').selectAll().where('run', '=', run).execute()
  return new Map(rows.map(({ item, service }) => [item, service]))
}

/** A response plan at work that names services which are not on the recovery plan of its incident. */
export interface Offered {
  run: Run
  services: ServiceStanding[]
}

/** What response plans of an incident name and could still be taken from them. */
export async function offeredByPlans(services: Services, viewer: Viewer, incident: string): Promise<Offered[]> {
  const runs = (await readRuns(services, viewer, { incident })).filter((run) => run.services.length > 0)
  const offered = await Promise.all(
    runs.map(async (run) => {
      const taken = await plannedOf(services.db, run.id)
      return { run, services: run.services.filter(({ service }) => !taken.has(service.id)) }
    }),
  )
  return offered.filter((one) => one.services.length > 0)
}

/** Where a service came from, and whether it is kept as that response plan names it. */
export interface Origin {
  run: Run
  isAsPlanned: boolean
}

export async function originOf(
  services: Services,
  viewer: Viewer,
  { id, incident, content }: Service,
): Promise<Origin | undefined> {
  const planned = await services.db
    .selectFrom('home.recovery_planned')
    .select(['run', 'item'])
    .where('service', '=', id)
    .executeTakeFirst()
  const [run] = planned ? await readRuns(services, viewer, { incident, run: planned.run }) : []
  const named = run?.services.find(({ service }) => service.id === planned?.item)?.service
  if (!run || !named) return undefined
  return { run, isAsPlanned: !content.isOff && isAsPlanned(content, named, await plannedOf(services.db, run.id)) }
}

const fields = ['name', 'owner', 'operator', 'priority', 'rto', 'mtpd'] as const

/** Whether a service is kept as the response plan names it; what that plan does not say is free. */
export function isAsPlanned(
  content: ServiceContent,
  planned: PlanService,
  services: ReadonlyMap<string, string>,
): boolean {
  const needs = new Set(planned.needs.flatMap((id) => services.get(id) ?? []))
  return (
    fields.every((field) => content[field] === planned[field]) &&
    content.needs.length === needs.size &&
    content.needs.every((id) => needs.has(id))
  )
}
