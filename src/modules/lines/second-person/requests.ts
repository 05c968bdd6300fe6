import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { inOpenSight } from '../../incidents/index.ts'
import { type Line, readLines } from '../read-lines.ts'
import { clearanceOf, clearedAs, standingIn, wordingIn } from '../standing.ts'
import type { Answer } from './tables.ts'
import './tables.ts'

/** A second person was asked for: `done` once the line needs none any more, `over` where its words are others by now. */
export interface SecondRequest {
  id: string
  line: string
  language: string
  as: string
  why: string
  by: string
  at: number
  people: { person: string; onDuty: boolean; answer?: { answer: Answer; words: string; at: number } }[]
}

export type RequestState = 'open' | 'done' | 'over'

export function requestState(line: Line, { language, as }: SecondRequest, now: number): RequestState {
  const said = wordingIn(line, language)
  if (!said || clearedAs(line, said) !== as) return 'over'
  const state = standingIn(line, language, { now })
  if (state === 'not-cleared' || state === 'flagged') return 'open'
  return clearanceOf(line, said) ? 'done' : 'over'
}

/** Requests for these lines, the newest first; the caller was given the lines. */
export async function readRequests({ db }: Pick<Services, 'db'>, lines: readonly string[]): Promise<SecondRequest[]> {
  const rows = await db
    .selectFrom('home.lines_request')
    .selectAll()
    .where(sql<boolean>`line = any(${texts([...lines])})`)
    .orderBy('ordinal', 'desc')
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [people, answers] = await Promise.all([
    db
      .selectFrom('home.lines_request_person')
      .selectAll()
      .where('request', 'in', ids)
      .orderBy('on_duty', 'desc')
      .orderBy('person')
      .execute(),
    db.selectFrom('home.lines_request_answer').selectAll().where('request', 'in', ids).orderBy('ordinal').execute(),
  ])
  return rows.map(({ id, line, language, cleared_as: as, why, by_person: by, at }) => ({
    ...{ id, line, language, as, why, by, at },
    people: people
      .filter(({ request }) => request === id)
      .map(({ person, on_duty: onDuty }) => {
        const said = answers.findLast((one) => one.request === id && one.person === person)
        return { person, onDuty, ...(said && { answer: { answer: said.answer, words: said.words, at: said.at } }) }
      }),
  }))
}

/** Beyond this nobody waits for an answer any more, ms. */
const waitsMs = 7 * 86_400_000

/** Open requests that this person made or is asked by, with their lines. */
export async function openRequests(
  services: Services,
  viewer: Viewer,
): Promise<{ line: Line; request: SecondRequest }[]> {
  const now = services.clock.now()
  const me = viewer.person.id
  const { rows } = await sql<{ line: string; incident: string }>`
    select distinct r.line, l.incident from home.lines_request r join home.lines_line l on l.id = r.line
    where r.at > ${now - waitsMs} and l.withdrawn_at is null and ${inOpenSight(services, viewer, 'l.incident')}
      and (r.by_person = ${me} or exists (select from home.lines_request_person p
        where p.request = r.id and p.person = ${me}))`.execute(services.db)
  if (rows.length === 0) return []
  const [lines, requests] = await Promise.all([
    readLines(services, viewer, { among: [...new Set(rows.map(({ incident }) => incident))] }),
    readRequests(
      services,
      rows.map(({ line }) => line),
    ),
  ])
  return requests.flatMap((request) => {
    const line = lines.find(({ id }) => id === request.line)
    const isMine = request.by === me || request.people.some(({ person }) => person === me)
    return line && isMine && requestState(line, request, now) === 'open' ? [{ line, request }] : []
  })
}

/** Before the last colon of the key of a notice that asks somebody. */
export const askedKey = (request: string): string => `lines.asked:${request}`

/** Nobody is waited for any more: a line was cleared, said to stand, changed or withdrawn. */
export async function settleRequests(services: Services, tx: Tx, line: string, language?: string): Promise<void> {
  const rows = await tx
    .selectFrom('home.lines_request')
    .select('id')
    .where('line', '=', line)
    .$if(language !== undefined, (query) => query.where('language', '=', language as string))
    .execute()
  for (const { id } of rows) await services.notices.settle(tx, askedKey(id))
}
