import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { getIncident } from '../incident.ts'
import { id, line } from '../input-fields.ts'
import type { Returned } from '../../frame/index.ts'
import {
  agreeToGlass,
  askForGlass,
  listBrokenGlass,
  listGlassRequests,
  refuseGlass,
  takeNoteOfGlass,
} from './break-glass.ts'
import { listUnreachable, nameNewLead } from './lead-left.ts'
import { MovePage } from './move-page.tsx'
import { moveItems } from './move-items.ts'
import { listMovable, listMoves } from './moved-items.ts'
import { chosenCompartment } from './chosen-compartment.ts'
import { listCompartments } from './compartments.ts'
import { GlassPage } from './glass-page.tsx'
import {
  endReader,
  handOverLead,
  listReaders,
  nameReader,
  openCompartment,
  openToHouse,
  restrictIncident,
} from './readers.ts'
import { ReadersPage } from './readers-page.tsx'

const readerInput = z.object({
  id,
  who: z.string().regex(/^(person|office):[\w.-]{1,64}$/),
  compartment: chosenCompartment,
})
const compartmentInput = z.object({ id, name: line(80) })
const leadInput = z.object({ lead: z.string().regex(/^[\w.-]{1,64}$/) })
const newLeadInput = z.object({ newLead: z.string().regex(/^[\w.-]{1,64}$/), why: line(600) })
const chosen = z
  .union([id.transform((one) => [one]), z.array(id).max(500)])
  .optional()
  .transform((ids) => ids ?? [])
const moveInput = z.object({
  id,
  into: z.union([z.literal('whole').transform(() => undefined), id]),
  why: line(600),
  fact: chosen,
  particular: chosen,
  entry: chosen,
  evidence: chosen,
})
const glassInput = z.object({ id, askedFor: line(60), why: line(600) })
const glass = '/incidents/break-glass'

/** Who may know of an incident: its readers and compartments, and the way in for two persons in an emergency. */
export function needToKnowRoutes(): Route[] {
  return [...readersRoutes(), ...glassRoutes()]
}

function readersRoutes(): Route[] {
  const again: Again = readersPage
  const common = { to: '/readers', again, evenMerged: true }
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/readers',
      permission: 'incidents:read',
      summary: 'Who may know of an incident',
      handle: (visit) => readersPage(visit),
    },
    formRoute(
      { ...common, path: 'readers', input: readerInput, summary: 'Name a reader' },
      ({ services, viewer, input }, incident) => {
        const [kind, who] = input.who.split(':') as ['person' | 'office', string]
        return nameReader(services, viewer, incident, { id: input.id, kind, who, compartment: input.compartment })
      },
    ),
    formRoute(
      { ...common, path: 'readers/restrict', summary: 'Hide an incident from all but named readers' },
      ({ services, viewer }, incident) => restrictIncident(services, viewer, incident),
    ),
    formRoute(
      { ...common, path: 'readers/open', summary: 'Open an incident to the house' },
      ({ services, viewer }, incident) => openToHouse(services, viewer, incident),
    ),
    formRoute(
      { ...common, path: 'readers/compartments', input: compartmentInput, summary: 'Add a compartment' },
      ({ services, viewer, input }, incident) => openCompartment(services, viewer, incident, input),
    ),
    formRoute(
      {
        ...common,
        path: 'readers/lead',
        input: leadInput,
        summary: 'Hand over the lead',
        permission: 'incidents:draft',
      },
      ({ services, viewer, input }, incident) => handOverLead(services, viewer, incident, input.lead),
    ),
    formRoute(
      {
        ...common,
        path: 'readers/new-lead',
        input: newLeadInput,
        summary: 'Name a lead in place of one who left the house',
        permission: 'incidents:manage',
      },
      ({ services, viewer, input: { newLead, why } }, incident) =>
        nameNewLead(services, viewer, incident, { lead: newLead, why }),
    ),
    {
      method: 'GET',
      path: '/incidents/:incident/readers/move',
      permission: 'incidents:draft',
      summary: 'Form that moves items into a compartment',
      handle: (visit) => movePage(visit),
    },
    formRoute(
      {
        ...common,
        path: 'readers/move',
        input: moveInput,
        summary: 'Move items between compartments',
        again: movePage,
        evenMerged: false,
      },
      ({ services, viewer, input: { id: move, into, why, ...items } }, incident) =>
        moveItems(services, viewer, incident, { id: move, why, items, ...(into !== undefined && { into }) }),
    ),
    formRoute(
      {
        ...common,
        path: 'readers/glass-seen',
        summary: 'Take note of who broke the glass',
        permission: 'incidents:read',
      },
      ({ services, viewer }, incident) => takeNoteOfGlass(services, viewer, incident),
    ),
    formRoute(
      { ...common, path: 'readers/:reader/end', summary: 'End what a reader may know' },
      ({ services, viewer, params }, incident) => endReader(services, viewer, incident, params.reader ?? ''),
    ),
  ]
}

async function movePage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  if (incident.lead !== viewer.person.id) throw new Refusal('incidents.not-the-lead')
  const compartments = await listCompartments(services, viewer, incident.id)
  const items = await listMovable(visit, incident.id)
  return {
    page: <MovePage {...{ visit, incident, compartments, items, returned }} />,
    ...(returned && { status: 422 }),
  }
}

async function readersPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const [readers, compartments, people, offices, broken] = await Promise.all([
    listReaders(services, viewer, incident.id),
    listCompartments(services, viewer, incident.id),
    services.people.list(),
    services.people.offices(),
    listBrokenGlass(services, viewer),
  ])
  const moves = await listMoves(services, viewer, incident.id, compartments)
  const items = moves.length > 0 ? await listMovable(visit, incident.id) : []
  const isBroken = broken.some((one) => one.incident === incident.id)
  return {
    page: (
      <ReadersPage
        visit={visit}
        incident={incident}
        readers={readers}
        compartments={compartments}
        people={people}
        offices={offices}
        isBroken={isBroken}
        moves={moves}
        items={items}
        returned={returned}
      />
    ),
    ...(returned && { status: 422 }),
  }
}

function glassRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: glass,
      permission: 'break-glass:manage',
      summary: 'Requests to open an incident in an emergency',
      handle: (visit) => glassPage(visit, {}),
    },
    {
      method: 'POST',
      path: glass,
      permission: 'break-glass:manage',
      input: glassInput,
      summary: 'Ask to open an incident in an emergency',
      async handle({ services, viewer, input }: Visit<z.infer<typeof glassInput>>) {
        await askForGlass(services, viewer, input)
        return { redirect: glass, notice: 'need-to-know.notice.asked' }
      },
      onInvalid: (visit, errors) => glassPage(visit, errors),
    },
    {
      method: 'POST',
      path: `${glass}/:request/agree`,
      permission: 'break-glass:manage',
      summary: 'Agree as the second person',
      async handle({ services, viewer, params }) {
        const found = await agreeToGlass(services, viewer, params.request ?? '')
        return { redirect: glass, notice: `need-to-know.notice.${found ? 'opened' : 'no-such'}` }
      },
    },
    {
      method: 'POST',
      path: `${glass}/:request/refuse`,
      permission: 'break-glass:manage',
      summary: 'Refuse a request to open an incident',
      async handle({ services, viewer, params }) {
        await refuseGlass(services, viewer, params.request ?? '')
        return { redirect: glass, notice: 'need-to-know.notice.refused' }
      },
    },
  ]
}

async function glassPage(visit: Visit, errors: Record<string, string>): Promise<Answer> {
  const { services, viewer } = visit
  const unreachable = await listUnreachable(services, viewer)
  const people = await services.people.list()
  const requests = (await listGlassRequests(services)).map((one) => ({
    ...one,
    name: people.find(({ id: person }) => person === one.askedBy)?.name ?? one.askedBy,
  }))
  return {
    page: <GlassPage {...{ visit, requests, unreachable }} values={visit.values ?? {}} errors={errors} />,
    ...(Object.keys(errors).length > 0 && { status: 422 }),
  }
}
