import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { id, line, pastDay } from '../input-fields.ts'
import { chosenCompartment } from '../need-to-know/chosen-compartment.ts'
import type { Returned } from '../../frame/index.ts'
import { listCarried } from '../share/carried.ts'
import { loadIncident } from '../read/load-incident.ts'
import { FactsPage } from './facts-page.tsx'
import { consents, particularKinds, type ParticularValue } from './particular.ts'
import { disputeParticular, listParticulars, stateParticular } from './state-particular.ts'
import { precisions } from './when.ts'

const typed = (max: number) => z.string().trim().max(max).optional()
const day = z.preprocess((given) => (given === '' ? undefined : given), pastDay.optional())
const amount = z.union([z.literal('').transform(() => undefined), z.coerce.number().min(0).max(1e15)]).optional()

const particularInput = z.object({
  id,
  kind: z.enum(particularKinds),
  words: typed(1_000),
  code: typed(60),
  precision: z.enum(precisions).optional(),
  when: typed(16),
  zone: typed(60),
  from: amount,
  to: amount,
  currency: typed(3),
  method: typed(300),
  knownBy: line(200),
  knownSince: day,
  consent: z.enum(consents).default('not-needed'),
  embargo: day,
  compartment: chosenCompartment,
  corrects: z.union([z.literal('').transform(() => undefined), id]).optional(),
})
const disputeInput = z.object({ id, by: line(200), why: line(1_000) })

/** What is stated of an incident, piece by piece. */
export function factRoutes(): Route[] {
  const common = { to: '/particulars', again: factsPage as Again }
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/particulars',
      permission: 'incidents:read',
      summary: 'What is stated of an incident: course, victims, sectors, countries, category, technique, damage',
      async handle(visit) {
        if (!visit.wantsJson) return factsPage(visit)
        return { data: await listParticulars(visit.services, visit.viewer, idOf(visit)) }
      },
    },
    formRoute(
      { ...common, path: 'particulars', input: particularInput, summary: 'State something of an incident' },
      ({ services, viewer, input }, incident) => {
        const { id: own, kind, knownBy, knownSince, consent, embargo, compartment, corrects } = input
        const common = { id: own, kind, knownBy, knownSince, consent, embargo, compartment, corrects }
        return stateParticular(services, viewer, incident, { ...common, value: statedBy(input) })
      },
    ),
    formRoute(
      {
        ...common,
        path: 'particulars/:particular/contest',
        name: 'contest',
        input: disputeInput,
        summary: 'Note who contests a statement and why',
      },
      ({ services, viewer, params, input }, incident) =>
        disputeParticular(services, viewer, incident, { ...input, particular: params.particular ?? '' }),
    ),
  ]
}

/** Of what a form brought, what its kind states. */
function statedBy(input: z.infer<typeof particularInput>): ParticularValue {
  const { kind, words, code, precision = 'minute', when = '', zone = 'Etc/UTC', from, to, currency, method } = input
  const local = precision === 'unknown' ? '' : when
  if (kind === 'event') return { words, when: { precision, local, zone } }
  if (kind === 'damage') return { from, to, currency: currency?.toUpperCase(), method }
  if (kind === 'country') return { code: code?.toUpperCase() }
  return kind === 'sector' || kind === 'category' ? { code } : { words }
}

async function factsPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer, query } = visit
  const loaded = await loadIncident(services, viewer, idOf(visit))
  const particulars = await listParticulars(services, viewer, loaded.incident.id)
  const names = new Map((await services.people.list()).map(({ id: person, name }) => [person, name]))
  const corrects = particulars.find((one) => one.id === (returned?.values.corrects ?? query.get('correct')))
  const asked = String(corrects?.kind ?? returned?.values.kind ?? query.get('kind') ?? 'event')
  const kind = particularKinds.find((one) => one === asked)
  if (!kind) throw new Refusal('incidents.particular-not-found')
  const contested = particulars.find((one) => one.id === (visit.params.particular ?? query.get('contest')))
  return {
    page: (
      <FactsPage
        visit={visit}
        loaded={loaded}
        particulars={particulars}
        names={names}
        kind={kind}
        corrects={corrects}
        contested={contested}
        returned={returned}
        carried={await listCarried(services, viewer, loaded.incident.id)}
      />
    ),
    ...(returned && { status: 422 }),
  }
}
