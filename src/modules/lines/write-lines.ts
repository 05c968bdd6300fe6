import { Refusal } from '../../core/http/refusal.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import type { Tlp } from '../../protocol/types.ts'
import { getOpenIncident, type Incident, lockIncident, publishChange, writeEntry } from '../incidents/index.ts'
import { requireNoQuoteAtHome } from '../originator/index.ts'
import { isShown, type LineGroundRef } from './grounds/line-ground.ts'
import { readLineGrounds } from './grounds/read-line-grounds.ts'
import { type Audience, type LineKind, mostLines } from './kinds.ts'
import { type Line, readLines } from './read-lines.ts'
import { asRestedOn, insertLine, insertResting, insertWording, newestWording, restedOn } from './line-rows.ts'
import { type Choice, holdBack } from './releases/hold-back.ts'
import { settleRequests } from './second-person/requests.ts'
import type { RestedOn } from './tables.ts'

export interface NewWording {
  id: string
  question: string
  words: string
  audience: Audience
  marking: Tlp
  validFrom?: number
  validUntil?: number
}

export interface NewLine extends NewWording {
  kind: LineKind
  language: string
  restsOn: readonly LineGroundRef[]
}

/** A line of an incident in sight. @throws Refusal `lines.not-found` */
export async function getLine(services: Services, viewer: Viewer, incident: string, id: string): Promise<Line> {
  const line = (await readLines(services, viewer, { incident })).find((one) => one.id === id)
  if (!line) throw new Refusal('lines.not-found')
  return line
}

/** The same, to be changed. @throws Refusal `lines.withdrawn` */
export async function getStandingLine(services: Services, viewer: Viewer, incident: string, id: string): Promise<Line> {
  const line = await getLine(services, viewer, incident, id)
  if (line.withdrawn) throw new Refusal('lines.withdrawn')
  return line
}

/** Writes a new line at the end of those of its incident. Its id is that of its first wording. */
export async function writeLine(services: Services, viewer: Viewer, incidentId: string, line: NewLine): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await requireSayable(services, viewer, incident, line)
  const grounds = await groundsNamed(services, viewer, incident.id, line.restsOn)
  await changing(services, viewer, incident, 'line', async (tx) => {
    const lines = await tx
      .selectFrom('home.lines_line')
      .select(['id', 'place'])
      .where('incident', '=', incident.id)
      .execute()
    if (lines.some(({ id }) => id === line.id)) return false
    if (lines.length >= mostLines) throw new Refusal('lines.too-many', { most: mostLines })
    const place = Math.max(0, ...lines.map((one) => one.place)) + 1
    await insertLine(services, viewer, tx, { ...line, incident: incident.id, place })
    await insertWording(services, viewer, tx, { ...line, line: line.id })
    await insertResting(services, viewer, tx, { id: line.id, line: line.id, grounds, why: '' })
    return true
  })
}

/** Puts other words, times or grounds in the place of those that stand; what stood stays in its history. */
export async function changeLine(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  {
    line: lineId,
    restsOn,
    seen,
    ...wording
  }: NewWording & { line: string; seen: string; restsOn: readonly LineGroundRef[] },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const line = await getStandingLine(services, viewer, incident.id, lineId)
  await requireSayable(services, viewer, incident, { ...wording, kind: line.kind })
  const grounds = await groundsNamed(services, viewer, incident.id, restsOn)
  await changing(services, viewer, incident, 'line-changed', async (tx) => {
    const newest = await newestWording(tx, line.id)
    if (newest?.id === wording.id) return false
    if (newest?.id !== seen) throw new Refusal('lines.changed-meanwhile')
    await insertWording(services, viewer, tx, { ...wording, line: line.id, language: line.language })
    // What this person cannot read they could not tick: it stays.
    const kept = (await restedOn(tx, line.id)).filter(({ marking }) => !isShown(services, viewer, marking))
    await insertResting(services, viewer, tx, {
      id: wording.id,
      line: line.id,
      grounds: [...grounds, ...kept],
      why: '',
    })
    await settleRequests(services, tx, line.id)
    return true
  })
}

/** Sets a translation beside the original as it was seen; audience, marking and times are those of the original. */
export async function translateLine(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  said: { id: string; line: string; seen: string; language: string; question: string; words: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const line = await getStandingLine(services, viewer, incident.id, said.line)
  if (said.language === line.language) throw new Refusal('lines.own-language', { field: 'language' })
  const { audience, marking, validFrom, validUntil } = line.wording
  const wording = { ...said, audience, marking, validFrom, ...(validUntil !== undefined && { validUntil }) }
  await requireSayable(services, viewer, incident, { ...wording, kind: line.kind, isTranslation: true })
  await changing(services, viewer, incident, 'line-translated', async (tx) => {
    const there = await tx.selectFrom('home.lines_wording').select('id').where('id', '=', said.id).executeTakeFirst()
    if (there) return false
    if ((await newestWording(tx, line.id))?.id !== said.seen) throw new Refusal('lines.changed-meanwhile')
    await insertWording(services, viewer, tx, { ...wording, line: line.id, renders: said.seen })
    await settleRequests(services, tx, line.id, said.language)
    return true
  })
}

/** Lets a line wait for a time of release that parties agree on, or frees it. */
export async function holdLine(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, line: lineId, until }: { id: string; line: string; until: Choice },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const line = await getStandingLine(services, viewer, incident.id, lineId)
  await changing(services, viewer, incident, 'line-held', (tx) =>
    holdBack(services, viewer, tx, { id, about: line.id, until }),
  )
}

/** Takes a line out of use; it stays with everything that was said of it. */
export async function withdrawLine(services: Services, viewer: Viewer, incidentId: string, id: string): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const line = await getLine(services, viewer, incident.id, id)
  if (line.withdrawn) return
  await changing(services, viewer, incident, 'line-withdrawn', (tx) => endLine(services, viewer, tx, line.id))
}

/** Moves a line up or down among those that stand. */
export async function moveLine(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { line, seen, by }: { line: string; seen: number; by: -1 | 1 },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const standing = await tx
      .selectFrom('home.lines_line')
      .select(['id', 'place'])
      .where('incident', '=', incident.id)
      .where('withdrawn_at', 'is', null)
      .orderBy('place')
      .orderBy('at')
      .orderBy('id')
      .execute()
    const at = standing.findIndex(({ id }) => id === line)
    const [mine, other] = [standing[at], standing[at + by]]
    // Pressed twice, or others moved it meanwhile: it is not where it was seen.
    if (!mine || !other || at !== seen) return
    ;[standing[at], standing[at + by]] = [other, mine]
    for (const [place, { id }] of standing.entries())
      await tx
        .updateTable('home.lines_line')
        .set({ place: place + 1 })
        .where('id', '=', id)
        .execute()
  })
  publishChange(services, incident.id)
}

export async function endLine(services: Services, viewer: Viewer, tx: Tx, id: string): Promise<boolean> {
  const done = await tx
    .updateTable('home.lines_line')
    .set({ withdrawn_at: services.clock.now(), withdrawn_by: viewer.person.id })
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  await settleRequests(services, tx, id)
  return done.numUpdatedRows === 1n
}

/** One change at a time per incident; told to open pages and in its log where it was one. */
export async function changing(
  services: Services,
  viewer: Viewer,
  incident: Incident,
  kind: string,
  change: (tx: Tx) => Promise<boolean>,
): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    if (await change(tx)) await writeEntry(services, viewer, tx, { incident: incident.id, kind })
  })
  publishChange(services, incident.id)
}

async function requireSayable(
  services: Services,
  viewer: Viewer,
  incident: Incident,
  said: Omit<NewWording, 'id'> & { kind: LineKind; isTranslation?: boolean },
): Promise<void> {
  if (said.kind === 'answer' && said.question === '') throw new Refusal('lines.question-missing', { field: 'question' })
  if (tlpRank(said.marking) > tlpRank(incident.ceiling) || tlpRank(said.marking) > tlpRank(viewer.ceiling))
    throw new Refusal('lines.marked-too-narrow', { field: 'marking' })
  const from = said.validFrom ?? services.clock.now()
  if (!said.isTranslation && said.validUntil !== undefined && said.validUntil <= Math.max(from, services.clock.now()))
    throw new Refusal('lines.over-already', { field: 'untilDate' })
  await requireNoQuoteAtHome(services, viewer, { field: 'words', words: [said.question, said.words] })
}

/** Grounds as they stand now, kept with what they say. @throws Refusal `lines.ground-not-found` */
export async function groundsNamed(
  services: Services,
  viewer: Viewer,
  incident: string,
  refs: readonly LineGroundRef[],
): Promise<RestedOn[]> {
  if (refs.length === 0) return []
  const grounds = (await readLineGrounds(services, viewer, [incident])).get(incident)
  return refs.map(({ kind, id }) => {
    const found = grounds?.standing.find((one) => one.kind === kind && one.id === id)
    if (!found) throw new Refusal('lines.ground-not-found', { field: 'restsOn' })
    return asRestedOn(services, viewer, found)
  })
}
