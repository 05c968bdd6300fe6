import { type Selectable, sql } from 'kysely'
import { atHome, mark, reveal } from '../../core/markings/index.ts'
import type { Exit, Services, Viewer } from '../../core/module/types.ts'
import { texts } from '../../core/storage/index.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { Tlp } from '../../protocol/types.ts'
import { inSight } from '../incidents/index.ts'
import { asShown, type LineGround } from './grounds/line-ground.ts'
import { readLineGrounds } from './grounds/read-line-grounds.ts'
import type { Audience, LineKind } from './kinds.ts'
import { type Embargo, readEmbargoes } from './releases/releases.ts'
import type { RestedOn } from './tables.ts'
import './tables.ts'

export interface Wording {
  id: string
  language: string
  question: string
  words: string
  /** Original wording a translation renders. */
  renders?: string
  audience: Audience
  marking: Tlp
  validFrom: number
  validUntil?: number
  by: string
  at: number
}

export interface Resting {
  grounds: RestedOn[]
  /** Why a person said that the line stands although a ground changed; empty where it was chosen with the line. */
  why: string
  by: string
  at: number
}

/** A ground of a line that is not any more what it was when the line was rested on it. */
export interface Flag {
  ground: RestedOn
  /** What it says now; undefined where it cannot be found any more. */
  now?: LineGround
}

export interface Clearance {
  language: string
  as: string
  by: string
  at: number
}

export interface Line {
  id: string
  incident: string
  kind: LineKind
  /** Of the original. */
  language: string
  place: number
  withdrawn?: { by: string; at: number }
  /** The original as it stands. */
  wording: Wording
  /** One per language, as it stands; which original it renders says whether it is behind. */
  translations: Wording[]
  /** What was said before, newest first, in any language. */
  earlier: Wording[]
  /** What it rests on, as last confirmed; the ones before it, newest first. */
  resting?: Resting
  earlierRestings: Resting[]
  flags: Flag[]
  /** What parties agreed, or are asked to agree, about when it is said. */
  embargo?: Embargo
  clearances: Clearance[]
}

interface Asked {
  /** One incident, or several; all in sight otherwise. */
  incident?: string
  among?: readonly string[]
  exit?: Exit
}

/** Lines of incidents in sight, as far as this person may see them by this exit, in the order people gave them. */
export async function readLines(
  services: Services,
  viewer: Viewer,
  { incident, among, exit = 'page' }: Asked = {},
): Promise<Line[]> {
  const rows = await services.db
    .selectFrom('home.lines_line')
    .selectAll()
    .where(inSight(services, viewer))
    .$if(incident !== undefined, (query) => query.where('incident', '=', incident as string))
    .$if(among !== undefined, (query) => query.where(sql<boolean>`incident = any(${texts([...(among ?? [])])})`))
    .orderBy('incident')
    .orderBy('place')
    .orderBy('at')
    .orderBy('id')
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [parts, embargoes] = await Promise.all([readParts(services, ids), readEmbargoes(services, ids)])
  const rests = ({ id }: { id: string }) => parts.restings.get(id)?.at(-1)?.grounds ?? []
  const incidents = [...new Set(rows.filter((row) => rests(row).length > 0).map((row) => row.incident))]
  const grounds = await readLineGrounds(services, viewer, incidents, rows.flatMap(rests))
  const reader = atHome(services, viewer)
  return rows.flatMap((row) => {
    const wordings = (parts.wordings.get(row.id) ?? []).map(toWording).flatMap((wording) => {
      const revealed = reveal(mark(wording, { tlp: wording.marking }), reader, exit)
      return revealed.shown ? [revealed.value] : []
    })
    const newest = (parts.wordings.get(row.id) ?? []).findLast(({ renders }) => renders === null)
    const wording = wordings.find(({ id }) => id === newest?.id)
    if (!wording) return []
    const translations = newestPerLanguage(wordings.filter(({ renders }) => renders !== undefined))
    const standing = new Set([wording, ...translations])
    const restings = (parts.restings.get(row.id) ?? []).map((one) => toResting(services, viewer, one))
    const [last, ...before] = restings.toReversed()
    const known = grounds.get(row.incident)
    const embargo = embargoes.get(row.id)
    return [
      {
        id: row.id,
        incident: row.incident,
        kind: row.kind,
        language: row.language,
        place: row.place,
        ...(row.withdrawn_at !== null && { withdrawn: { by: row.withdrawn_by ?? '', at: row.withdrawn_at } }),
        wording,
        translations,
        earlier: wordings.filter((one) => !standing.has(one)).toReversed(),
        ...(last && { resting: last }),
        earlierRestings: before,
        flags: (last?.grounds ?? []).flatMap((ground) => flagOf(ground, known?.find(ground))),
        ...(embargo && { embargo }),
        clearances: (parts.clearances.get(row.id) ?? []).map(toClearance),
      },
    ]
  })
}

const flagOf = (ground: RestedOn, now: LineGround | undefined): Flag[] =>
  now?.stamp === ground.stamp ? [] : [{ ground, ...(now && { now }) }]

function newestPerLanguage(wordings: readonly Wording[]): Wording[] {
  return [...new Map(wordings.map((one) => [one.language, one])).values()]
}

async function readParts({ db }: Pick<Services, 'db'>, ids: string[]) {
  const among = sql<boolean>`line = any(${texts(ids)})`
  const [wordings, restings, clearances] = await Promise.all([
    db.selectFrom('home.lines_wording').selectAll().where(among).orderBy('ordinal').execute(),
    db.selectFrom('home.lines_resting').selectAll().where(among).orderBy('ordinal').execute(),
    db.selectFrom('home.lines_clearance').selectAll().where(among).orderBy('ordinal').execute(),
  ])
  const byLine = <R extends { line: string }>(rows: R[]) => Map.groupBy(rows, ({ line }) => line)
  return { wordings: byLine(wordings), restings: byLine(restings), clearances: byLine(clearances) }
}

const toWording = (row: Selectable<Tables['home.lines_wording']>): Wording => ({
  id: row.id,
  language: row.language,
  question: row.question,
  words: row.words,
  ...(row.renders !== null && { renders: row.renders }),
  audience: row.audience,
  marking: row.marking,
  validFrom: row.valid_from,
  ...(row.valid_until !== null && { validUntil: row.valid_until }),
  by: row.by_person,
  at: row.at,
})

const toResting = (services: Services, viewer: Viewer, row: Selectable<Tables['home.lines_resting']>): Resting => ({
  grounds: row.grounds.map((ground) => asShown(services, viewer, ground)),
  why: row.why,
  by: row.by_person,
  at: row.at,
})

const toClearance = (row: Selectable<Tables['home.lines_clearance']>): Clearance => ({
  language: row.language,
  as: row.cleared_as,
  by: row.by_person,
  at: row.at,
})
