import { InvalidInput } from '../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { addressOf, isAmongParties, requestContacts } from '../channels/index.ts'
import { getIncident } from '../incidents/index.ts'
import { askInput, type AskInput } from './inputs.ts'
import { AskPage } from './pages/ask-page.tsx'
import { setIncident } from './work.ts'

/** From an incident or from anywhere: what is asked, of whom, in which space. */
export function askRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/assistance/ask',
      permission: 'channels.note-sent:draft',
      summary: 'Ask another party for assistance: kind, party and space',
      handle: (visit) => showAsk(services, visit),
    },
    {
      method: 'POST',
      path: '/assistance/ask/who',
      permission: 'channels.note-sent:draft',
      summary: 'Who takes a request of this kind, by our directory',
      handle: (visit) => showAsk(services, visit),
    },
    {
      method: 'POST',
      path: '/assistance/ask',
      permission: 'channels.note-sent:draft',
      input: askInput,
      summary: 'Begin the form of a request; notes the incident it belongs to, at home',
      handle: (visit) => begin(services, visit),
      onInvalid: (visit, errors) => showAsk(services, visit, errors),
    },
  ]
}

async function showAsk(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const value = (name: string) => String(visit.values?.[name] ?? visit.query.get(name) ?? '')
  const [spaces, contacts] = await Promise.all([
    spacesToAsk(services),
    value('kind') && value('party')
      ? requestContacts(services, visit.viewer, { kind: value('kind'), party: value('party') })
      : undefined,
  ])
  const incident = value('incident') === '' ? undefined : await getIncident(services, visit.viewer, value('incident'))
  const { t, language } = visit
  const inWords = { t, language, now: services.clock.now() }
  const listed = contacts && {
    right: contacts.right.map((one) => addressOf(one, inWords)),
    others: contacts.others.map((one) => addressOf(one, inWords)),
  }
  return {
    page: <AskPage visit={visit} spaces={spaces} incident={incident} contacts={listed} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

async function spacesToAsk({ ledger, party }: Services) {
  return (await ledger.list({ member: party })).filter(isAmongParties).flatMap((space) => {
    const parties = space.members
      .filter((one) => one.party !== party && one.role !== 'observer' && one.until === undefined)
      .map((one) => one.party)
    return parties.length === 0 ? [] : [{ space, parties }]
  })
}

async function begin(services: Services, { viewer, input }: Visit<AskInput>): Promise<Answer> {
  const { id, kind, space, party, incident, lesson, follows } = input
  const there = (await spacesToAsk(services)).find((one) => one.space.id === space)
  if (!there?.parties.includes(party)) throw InvalidInput.at('space', 'assistance.invalid.not-there')
  if (incident !== undefined) {
    await getIncident(services, viewer, incident)
    await setIncident(services, viewer, { author: services.party, act: id, incident })
  }
  const query = new URLSearchParams({ form: 'request', request: kind, to: party, id })
  if (lesson !== undefined) query.set('lesson', lesson)
  for (const act of follows) query.append('follows', act)
  return { redirect: `/spaces/${space}/write/channels.note-sent?${query}`, data: { draft: id } }
}
