import { z } from 'zod'
import {
  addPerson,
  appoint,
  approveRecovery,
  askRecovery,
  endAppointment,
  endPerson,
  issueSignInLink,
  listAppointments,
  listRecoveries,
  refuseRecovery,
  reissueFirstLink,
  roleIds,
} from '../../core/auth/index.ts'
import { Refusal, wordsOf } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { isZone, languages } from '../../text/index.ts'
import type { ShownLink } from '../entrance/index.ts'
import type { Outcome } from './pages/administration-frame.tsx'
import { PeoplePage, PersonPage } from './pages/people-pages.tsx'
import { dayEnd, dayStart } from './days.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const day = z.iso.date('http.invalid.date').optional()
const post = {
  office: z.string().max(64),
  role: z.enum(roleIds as [(typeof roleIds)[number], ...typeof roleIds]),
  from: day,
  until: day,
  acting: z.enum(['yes']).optional(),
}
const personInput = z.object({
  id,
  name: z.string().trim().min(1).max(200),
  email: z.email().max(254).optional(),
  language: z.string().refine((value) => languages().includes(value), 'entrance.account.choose-language'),
  zone: z.string().max(60).refine(isZone, 'entrance.account.choose-zone'),
  ...post,
})
const appointmentInput = z.object({ id, ...post })
const recoveryInput = z.object({ id, reason: z.string().trim().min(10).max(500) })
const endInput = z.object({ appointment: z.string().max(100) })
const linkInput = z.object({ id })

/** People, their appointments, and letting somebody in again. */
export const peopleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/people',
    permission: 'people:manage',
    summary: 'People of this party',
    handle: (visit) => showPeople(visit),
  },
  {
    method: 'POST',
    path: '/people',
    permission: 'people:manage',
    input: personInput,
    summary: 'Add a person with one appointment',
    handle: (visit) => withRefusal(visit, add, showPeople),
    onInvalid: (visit, errors) => showPeople(visit, { errors }),
  },
  {
    method: 'GET',
    path: '/people/:person',
    permission: 'people:manage',
    summary: 'One person',
    handle: (visit) => showPerson(visit),
  },
  {
    method: 'POST',
    path: '/people/:person/appointments',
    permission: 'people:manage',
    input: appointmentInput,
    summary: 'Appoint a person',
    handle: (visit) => withRefusal(visit, appointPerson, showPerson),
    onInvalid: (visit, errors) => showPerson(visit, { errors }),
  },
  {
    method: 'POST',
    path: '/people/:person/appointments/end',
    permission: 'people:manage',
    input: endInput,
    summary: 'End an appointment',
    handle: (visit: Visit<z.infer<typeof endInput>>) =>
      withRefusal(
        visit,
        async () => {
          await endAppointment(visit.services, { id: visit.input.appointment, by: visit.viewer.person.id })
          return { redirect: `/people/${visit.params.person}` }
        },
        showPerson,
      ),
  },
  {
    method: 'POST',
    path: '/people/:person/link',
    permission: 'people:manage',
    input: linkInput,
    summary: 'Issue another first link to somebody who never signed in',
    handle: (visit: Visit<z.infer<typeof linkInput>>) =>
      withRefusal(
        visit,
        async () => {
          const person = await personOf(visit)
          const link = await reissueFirstLink(visit.services, {
            id: visit.input.id,
            person: person.id,
            by: visit.viewer.person.id,
          })
          if (visit.wantsJson) return { data: { url: link?.url ?? null } }
          return showPerson(visit, {}, [{ name: person.name, link }])
        },
        showPerson,
      ),
  },
  {
    method: 'POST',
    path: '/people/:person/recovery',
    permission: 'people:manage',
    input: recoveryInput,
    summary: 'Ask that a person be let in again',
    handle: (visit: Visit<z.infer<typeof recoveryInput>>) =>
      withRefusal(
        visit,
        async () => {
          const person = await personOf(visit)
          await askRecovery(visit.services, { ...visit.input, person: person.id, by: visit.viewer.person.id })
          return { redirect: '/people#recoveries' }
        },
        showPerson,
      ),
    onInvalid: (visit, errors) => showPerson(visit, { errors }),
  },
  {
    method: 'POST',
    path: '/people/recovery/:recovery/approve',
    permission: 'people:manage',
    summary: 'Approve a recovery as second administrator',
    handle: (visit) => withRefusal(visit, approve, showPeople),
  },
  {
    method: 'POST',
    path: '/people/recovery/:recovery/refuse',
    permission: 'people:manage',
    summary: 'Turn a recovery down',
    async handle({ services, params, viewer }) {
      await refuseRecovery(services, { id: params.recovery ?? '', by: viewer.person.id })
      return { redirect: '/people' }
    },
  },
  {
    method: 'POST',
    path: '/people/:person/end',
    permission: 'people:manage',
    summary: 'End a person’s service',
    handle: (visit) =>
      withRefusal(
        visit,
        async () => {
          await endPerson(visit.services, { id: (await personOf(visit)).id, by: visit.viewer.person.id })
          return { redirect: '/people', notice: 'administration.people.ended' }
        },
        showPerson,
      ),
  },
]

/** Runs a form's operation; an expected refusal shows the page again with its reason. */
export async function withRefusal<I>(
  visit: Visit<I>,
  run: (visit: Visit<I>) => Promise<Answer>,
  show: (visit: Visit<any>, outcome: Outcome) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await run(visit)
  } catch (error) {
    if (!(error instanceof Refusal) || visit.wantsJson || error.code.endsWith('not-found')) throw error
    return show(visit, { refusal: wordsOf(error, visit) })
  }
}

async function add(visit: Visit<z.infer<typeof personInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const { office, role, from, until, acting, ...person } = input
  const by = viewer.person.id
  const link = await services.db.transaction().execute(async (tx) => {
    const { added } = await addPerson(services, tx, { ...person, by })
    if (!added) return undefined
    await appoint(services, tx, {
      id: `${person.id}-first`,
      person: person.id,
      office,
      role,
      acting: acting === 'yes',
      by,
      ...datesOf(visit, { from, until }),
    })
    return issueSignInLink(services, tx, { id: `${person.id}-first`, person: person.id, purpose: 'first', by })
  })
  if (visit.wantsJson) return { data: { id: person.id, url: link?.url ?? null } }
  return showPeople({ ...visit, values: {} }, {}, [{ name: person.name, link }])
}

async function appointPerson(visit: Visit<z.infer<typeof appointmentInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const person = await personOf(visit)
  const { from, until, acting, ...rest } = input
  await services.db.transaction().execute((tx) =>
    appoint(services, tx, {
      ...rest,
      person: person.id,
      acting: acting === 'yes',
      by: viewer.person.id,
      ...datesOf(visit, { from, until }),
    }),
  )
  return { redirect: `/people/${person.id}` }
}

async function approve(visit: Visit): Promise<Answer> {
  const { services, params, viewer } = visit
  const { person, link } = await approveRecovery(services, { id: params.recovery ?? '', by: viewer.person.id })
  const name = (await services.people.find(person))?.name ?? person
  if (visit.wantsJson) return { data: { person, url: link.url } }
  return showPeople(visit, {}, [{ name, link }])
}

/** Days in the administrator's zone: from the beginning of the first to the end of the last. */
function datesOf({ viewer }: Visit<any>, { from, until }: { from?: string; until?: string }) {
  return {
    fromAt: from === undefined ? undefined : dayStart(from, viewer.person.zone),
    untilAt: until === undefined ? undefined : dayEnd(until, viewer.person.zone),
  }
}

async function personOf({ services, params }: Visit<any>) {
  const person = await services.people.find(params.person ?? '')
  if (!person) throw new Refusal('not-found')
  return person
}

async function showPeople(visit: Visit<any>, outcome: Outcome = {}, links?: ShownLink[]): Promise<Answer> {
  const { services } = visit
  const [people, offices, recoveries] = await Promise.all([
    services.people.list(),
    services.people.offices(),
    listRecoveries(services),
  ])
  return {
    page: (
      <PeoplePage visit={visit} people={people} offices={offices} recoveries={recoveries} links={links} {...outcome} />
    ),
    status: statusOf(outcome),
  }
}

async function showPerson(visit: Visit<any>, outcome: Outcome = {}, links?: ShownLink[]): Promise<Answer> {
  const { services } = visit
  const person = await personOf(visit)
  const [offices, appointments, recoveries, session] = await Promise.all([
    services.people.offices(),
    listAppointments(services, { person: person.id }),
    listRecoveries(services, { person: person.id }),
    services.db.selectFrom('home.session').select('id').where('person', '=', person.id).limit(1).executeTakeFirst(),
  ])
  const facts = { person, offices, appointments, recoveries, hasSignedIn: session !== undefined, links }
  return { page: <PersonPage visit={visit} {...facts} {...outcome} />, status: statusOf(outcome) }
}

export function statusOf({ errors, refusal }: Outcome): number {
  return errors ? 422 : refusal ? 409 : 200
}
