import type { z } from 'zod'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import type { Returned } from '../frame/index.ts'
import { formRoute } from '../incidents/index.ts'
import * as inputs from './inputs.ts'
import { offeredByPlans, originOf } from './from-plan/planned-of.ts'
import { takeFromPlan } from './from-plan/take-from-plan.ts'
import { lessonRoutes } from './lesson-routes.tsx'
import { readLessons } from './lessons/read-lessons.ts'
import { type Loaded, loadPage } from './load-page.ts'
import { JoinedPage } from './pages/joined-page.tsx'
import { RecoveryPage } from './pages/recovery-page.tsx'
import { ServicePage } from './pages/service-page.tsx'
import { type Service, serviceIn } from './plan/read-plans.ts'
import { strike, tell } from './plan/tell.ts'
import { takeOff, writeService } from './plan/write-service.ts'
import { recoveryCsv } from './recovery-csv.ts'
import { joinPictures } from './share/joined-picture.ts'
import { loadSharing } from './share/load-sharing.ts'

const at = '/incidents/:incident/recovery'

/** The recovery plan of an incident: read by whoever knows of it, kept by its desk. */
export function recoveryRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: at,
      permission: 'incidents:read',
      summary: 'Which services an incident hit, what they wait for, and when they can be expected',
      handle: (visit) => planPage(visit),
    },
    {
      method: 'GET',
      path: `${at}/csv`,
      permission: 'incidents:read',
      summary: 'The recovery plan as a table for other programs',
      async handle(visit) {
        const loaded = await loadPage(visit)
        return new Response(recoveryCsv(visit, loaded), {
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': 'attachment; filename="recovery.csv"',
          },
        })
      },
    },
    {
      method: 'GET',
      path: `${at}/services/:service`,
      permission: 'incidents:read',
      summary: 'One service: its targets, all that was told of it, and the forms to tell more',
      handle: (visit) => servicePage(visit),
    },
    {
      method: 'GET',
      path: '/recovery/pictures/:space',
      permission: 'recovery:read',
      summary: 'What the parties of a space tell of the recovery of their services, beside one another',
      async handle(visit) {
        const space = await visit.services.ledger.find(visit.params.space ?? '')
        if (!space) throw new Refusal('recovery.space-not-found')
        const joined = await joinPictures(visit.services, visit.viewer, space)
        if (!visit.wantsJson) return { page: <JoinedPage visit={visit} joined={joined} /> }
        return { data: { now: joined.now, pictures: joined.pictures, services: joined.services } }
      },
    },
    ...formRoutes(),
    ...lessonRoutes(),
  ]
}

type Form<S extends z.ZodType> = (visit: Visit<z.infer<S>>, incident: string) => Promise<unknown>

/** A form on the page of a service, which it names in a hidden field. */
function onService<S extends z.ZodType<{ service: string }>>(
  name: string,
  input: S,
  summary: string,
  act: Form<S>,
): Route {
  const to = (_data: unknown, { values }: Visit) => `/recovery/services/${values?.service}`
  return formRoute({ path: `recovery/${name}`, name, input, to, summary, again: servicePage }, act)
}

function formRoutes(): Route[] {
  return [
    formRoute(
      {
        path: 'recovery/services',
        name: 'services',
        input: inputs.serviceInput,
        to: '/recovery#services',
        summary: 'Put a service on the recovery plan, or change what it says',
        again: (visit, returned) => (visit.values?.changes ? servicePage(visit, returned) : planPage(visit, returned)),
      },
      ({ services, viewer, input: { changes, seen, ...input } }, incident) =>
        writeService(services, viewer, incident, {
          ...input,
          ...(changes !== undefined && { changes }),
          ...(seen !== undefined && { seen }),
        }),
    ),
    formRoute(
      {
        path: 'recovery/from-plan',
        name: 'from-plan',
        input: inputs.fromPlanInput,
        to: '/recovery#services',
        summary: 'Make services that a response plan names the recovery plan of the incident',
        again: (visit, { errors: { why, ...errors }, ...returned }) =>
          planPage(visit, { ...returned, errors: why ? { ...errors, [`why-${visit.values?.run}`]: why } : errors }),
      },
      ({ services, viewer, input }, incident) => takeFromPlan(services, viewer, incident, input),
    ),
    onService(
      'states',
      inputs.stateInput,
      'Note how a service stands, since when, and who says so on what',
      ({ services, viewer, input }, incident) => {
        const { id, service, tlp, state, saidBy, basis, note, precision, when, zone, dataAsOf } = input
        const local = precision === 'unknown' ? '' : when
        return tell(services, viewer, incident, {
          ...{ id, service, tlp },
          content: {
            ...{ kind: 'state', state, saidBy, basis, note, when: { precision, local, zone } },
            dataAsOf: dataAsOf === '' ? null : { local: dataAsOf, zone },
          },
        })
      },
    ),
    onService(
      'forecasts',
      inputs.forecastInput,
      'Note when a service is expected by those who answer for it, or that they cannot say',
      ({ services, viewer, input: { id, service, tlp, expected, zone, ...told } }, incident) =>
        tell(services, viewer, incident, {
          ...{ id, service, tlp },
          content: { kind: 'forecast', expected: expected === '' ? null : { local: expected, zone }, ...told },
        }),
    ),
    onService(
      'struck',
      inputs.strikeInput,
      'Strike what was told of a service in error',
      ({ services, viewer, input }, incident) => strike(services, viewer, incident, input),
    ),
    onService('off', inputs.offInput, 'Take a service off the recovery plan', ({ services, viewer, input }, incident) =>
      takeOff(services, viewer, incident, input),
    ),
  ]
}

async function planPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadPage(visit)
  if (visit.wantsJson && !returned) return { data: asData(loaded) }
  const { services, viewer } = visit
  const { id } = loaded.incident
  const [sharing, lessons, offered] = await Promise.all([
    loadSharing(services, viewer, id),
    readLessons(services, viewer, { incident: id }),
    offeredByPlans(services, viewer, id),
  ])
  return { page: <RecoveryPage {...{ visit, loaded, sharing, lessons, offered }} returned={returned} /> }
}

async function servicePage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadPage(visit)
  const named = visit.params.service ?? visit.values?.service ?? visit.values?.changes
  const service = serviceIn(loaded.plan, String(named ?? ''))
  const origin = await originOf(visit.services, visit.viewer, service)
  return {
    page: <ServicePage visit={visit} loaded={loaded} service={service} origin={origin} returned={returned} />,
  }
}

function asData({ incident, plan: { wires: _, ...plan } }: Loaded) {
  const told = ({ content, reports, ...rest }: Service) => ({
    ...rest,
    ...content,
    reports: reports.map(({ content: said, ...report }) => ({ ...report, ...said })),
  })
  return { ...plan, incident: incident.id, services: plan.services.map(told), off: plan.off.map(told) }
}
