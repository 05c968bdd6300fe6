import { Refusal } from '../../core/http/index.ts'
import type { Answer, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import type { Returned } from '../frame/index.ts'
import { getIncident } from '../incidents/index.ts'
import { readLineGrounds } from './grounds/read-line-grounds.ts'
import { LinePage } from './pages/line-page.tsx'
import { LinesPage } from './pages/lines-page.tsx'
import { namesOf } from './pages/names-of.ts'
import { readLines } from './read-lines.ts'
import { loadChoices } from './releases/held-until.tsx'
import { readRequests } from './second-person/requests.ts'
import { whoClears } from './second-person/who-clears.ts'
import { WhoPage } from './second-person/who-page.tsx'
import { standingIn, wordingIn } from './standing.ts'
import { getLine } from './write-lines.ts'

/** A malformed name is one that does not exist. */
export function idOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

export async function showLines(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const [lines, grounds] = await Promise.all([
    readLines(services, viewer, { incident: incident.id }),
    readLineGrounds(services, viewer, [incident.id]),
  ])
  if (visit.wantsJson) return { data: lines.map(({ flags: _, ...line }) => line) }
  const nameOf = await namesOf(
    visit,
    lines.map(({ wording }) => wording.by),
  )
  const standing = grounds.get(incident.id)?.standing ?? []
  return {
    page: <LinesPage {...{ visit, incident, lines, grounds: standing, nameOf, returned }} />,
  }
}

export async function showLine(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer, params } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const [line, grounds, choices, requests] = await Promise.all([
    getLine(services, viewer, incident.id, params.line ?? ''),
    readLineGrounds(services, viewer, [incident.id]),
    loadChoices(visit),
    readRequests(services, [params.line ?? '']),
  ])
  if (visit.wantsJson) return { data: { ...line, flags: line.flags.map(({ ground }) => ground), requests } }
  const said = [line.wording, ...line.translations, ...line.earlier, ...line.clearances, ...line.earlierRestings]
  const people = [...said, ...(line.resting ? [line.resting] : []), ...(line.withdrawn ? [line.withdrawn] : [])]
  const nameOf = await namesOf(visit, [
    ...people.map(({ by }) => by),
    ...requests.flatMap((one) => [one.by, ...one.people.map(({ person }) => person)]),
  ])
  const standing = grounds.get(incident.id)?.standing ?? []
  return {
    page: <LinePage {...{ visit, incident, line, grounds: standing, choices, requests, nameOf, returned }} />,
  }
}

/** @throws Refusal `lines.not-found` also where it is not written in the language asked for */
export async function showWho(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer, params } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const line = await getLine(services, viewer, incident.id, params.line ?? '')
  const asked = visit.values?.language ?? visit.query.get('language') ?? line.language
  const said = wordingIn(line, String(asked))
  if (!said) throw new Refusal('lines.not-found')
  const people = await whoClears(services, viewer, { line, said })
  if (visit.wantsJson) return { data: people }
  const state = standingIn(line, said.language, { now: services.clock.now() })
  const mayAsk =
    (state === 'not-cleared' || state === 'flagged') && incident.state !== 'closed' && viewer.may('incidents:draft')
  return { page: <WhoPage {...{ visit, incident, line, said, people, mayAsk, returned }} /> }
}
