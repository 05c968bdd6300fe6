import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { getOpenIncident, type Incident, lockIncident, publishChange, writeEntry } from '../../incidents/index.ts'
import { getStandingLine } from '../write-lines.ts'
import { askedKey, readRequests, requestState } from './requests.ts'
import { clearedAs, standingIn, wordingIn } from '../standing.ts'
import type { Answer } from './tables.ts'
import { type SecondPerson, whoClears } from './who-clears.ts'
import './tables.ts'

/** Nobody is paged for the same words again within it, ms. */
export const againAfterMs = 10 * 60_000

export interface NewRequest {
  id: string
  line: string
  language: string
  /** The wordings as they were seen. */
  seen: string
  why: string
  people: readonly string[]
}

/**
 * Pages colleagues who can be the second person for a line, and keeps who was asked, by whom and why. The line stays as
 * it is: only one of them clears it.
 *
 * @throws Refusal `lines.changed-meanwhile`, `lines.needs-nobody`, `lines.asked-just-now`; InvalidInput at `people`
 */
export async function askToClear(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, line: lineId, language, seen, why, people }: NewRequest,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const line = await getStandingLine(services, viewer, incident.id, lineId)
  const said = wordingIn(line, language)
  if (!said || clearedAs(line, said) !== seen) throw new Refusal('lines.changed-meanwhile')
  const now = services.clock.now()
  const state = standingIn(line, language, { now })
  if (state !== 'not-cleared' && state !== 'flagged') throw new Refusal('lines.needs-nobody')
  const able = await whoClears(services, viewer, { line, said })
  const chosen = able.filter(({ person }) => people.includes(person))
  if (chosen.length === 0 || chosen.length < new Set(people).size)
    throw InvalidInput.at('people', 'lines.invalid.people')
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const before = (await readRequests({ db: tx as Services['db'] }, [line.id])).filter(({ as }) => as === seen)
    if (before.some((one) => one.id === id)) return
    const lately = before.filter(({ at }) => now - at < againAfterMs).flatMap((one) => one.people)
    const fresh = chosen.filter(({ person }) => !lately.some((one) => one.person === person))
    if (fresh.length === 0) throw new Refusal('lines.asked-just-now', { field: 'people' })
    await insertRequest(services, viewer, tx, { id, line: line.id, language, as: seen, why, people: fresh })
    await page(services, tx, { incident, request: id, line: line.id, people: fresh })
    const names = fresh.map(({ name }) => name).join(', ')
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'line-asked', words: why, facts: { names } })
  })
  publishChange(services, incident.id)
}

async function insertRequest(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  asked: { id: string; line: string; language: string; as: string; why: string; people: readonly SecondPerson[] },
): Promise<void> {
  const { id, line, language, as, why, people } = asked
  const signed = { by_person: viewer.person.id, at: services.clock.now() }
  await tx
    .insertInto('home.lines_request')
    .values({ id, line, language, cleared_as: as, why, ...signed })
    .execute()
  await tx
    .insertInto('home.lines_request_person')
    .values(people.map(({ person, duty }) => ({ request: id, person, on_duty: duty !== undefined })))
    .execute()
}

async function page(
  services: Services,
  tx: Tx,
  {
    incident,
    request,
    line,
    people,
  }: { incident: Incident; request: string; line: string; people: readonly SecondPerson[] },
): Promise<void> {
  for (const { person } of people)
    await services.notices.send(tx, {
      key: `${askedKey(request)}:${person}:asked`,
      person,
      message: 'lines.notice.asked',
      link: `/incidents/${incident.id}/lines/${line}#asked`,
      urgency: 'page',
      ...(incident.drill && { drill: incident.codeName }),
    })
}

/**
 * Whoever was asked says that they are coming to it, or that they cannot and why; whoever asked is told.
 *
 * @throws Refusal `lines.not-asked`; InvalidInput at `words`
 */
export async function answerRequest(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  {
    id,
    line: lineId,
    request: of,
    answer,
    words,
  }: {
    id: string
    line: string
    request: string
    answer: Answer
    words: string
  },
): Promise<void> {
  if (answer === 'cannot' && words === '') throw InvalidInput.at('answerWords', 'lines.invalid.cannot')
  const incident = await getOpenIncident(services, viewer, incidentId)
  const line = await getStandingLine(services, viewer, incident.id, lineId)
  const request = (await readRequests(services, [line.id])).find((one) => one.id === of)
  const me = viewer.person.id
  const isAsked = request?.people.some(({ person }) => person === me) === true
  if (!request || !isAsked || requestState(line, request, services.clock.now()) !== 'open')
    throw new Refusal('lines.not-asked')
  await services.db.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('home.lines_request_answer')
      .values({ id, request: request.id, person: me, answer, words, at: services.clock.now() })
      .onConflict((there) => there.column('id').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) return
    await services.notices.settle(tx, `${askedKey(request.id)}:${me}`)
    await services.notices.send(tx, {
      key: `lines.answered:${request.id}:${id}`,
      person: request.by,
      message: `lines.notice.${answer}`,
      link: `/incidents/${incident.id}/lines/${line.id}#asked`,
      urgency: 'normal',
      ...(incident.drill && { drill: incident.codeName }),
    })
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: `line-asked-${answer}`, words })
  })
  publishChange(services, incident.id)
}
