import { openClocks } from '../../../core/clocks/index.ts'
import type { Clock } from '../../../core/clocks/types.ts'
import { mark, reveal } from '../../../core/markings/index.ts'
import type { IncidentClock, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getIncident, type Incident, readerOf } from '../incident.ts'
import { type Compartment, listCompartments } from '../need-to-know/compartments.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import type { FactState } from '../record/keep-record.ts'
import { listLinkedSpaces } from '../share/link-space.ts'
import type { ListedObject } from '../share/list-shareable.ts'
import { type Affected, readAffected } from '../weigh/affected.ts'
import { type KnownSource, listSources } from '../weigh/sources.ts'
import { type Evidence, readWeighing, type Weighing } from '../weigh/weighing.ts'
import '../tables.ts'

export interface Fact {
  id: string
  state: FactState
  words: string
  by: string
  since: number
  act?: string
  /** Set of items it belongs to. */
  compartment?: string
}

export interface LogEntry {
  id: string
  incident: string
  at: number
  writtenAt: number
  by: string
  kind: string
  words?: string
  compartment?: string
  facts: Record<string, string | number>
}

export interface BottomLine {
  sentences: [string, string, string]
  by: string
  at: number
}

/** Everything the home page of an incident shows, as far as this person may see it. */
export interface LoadedIncident {
  incident: Incident
  bottomLine?: BottomLine
  facts: Fact[]
  /** The newest of its log, the earliest first. */
  log: LogEntry[]
  /** How many entries there are that this person reads. */
  entries: number
  weighing: Weighing
  /** What became of items under the assessment that stands; only where something did and it was asked for. */
  affected?: Affected
  /** Evidence and objects that are there but marked above the reader. */
  withheld: { evidence: number; objects: number }
  counts: { tlp: Tlp; count: number }[]
  spaces: SpaceFacts[]
  /** Running clocks of those spaces, soonest first, with the now they run on. */
  clocks: { clock: Clock; now: number }[]
  /** Compartments this person reads. */
  compartments: Compartment[]
  /** Sources this person handles or stands in for, by evidence. */
  sources: Map<string, KnownSource>
  /** Clocks that other rooms keep on it, such as terms of law; soonest first. */
  ownClocks: IncidentClock[]
  /** Person id → name. */
  names: Map<string, string>
}

/** Entries of the log that the page of an incident shows; all of them have a page of their own. */
export const entriesShown = 40

/** @throws Refusal `incidents.not-found` */
export async function loadIncident(
  services: Services,
  viewer: Viewer,
  id: string,
  { entries = entriesShown, withAffected = false }: { entries?: number; withAffected?: boolean } = {},
): Promise<LoadedIncident> {
  const incident = await getIncident(services, viewer, id)
  const { db } = services
  const [line, facts, { rows: log, count }, weighing, counts, spaces, compartments, sources, [affected]] =
    await Promise.all([
      db
        .selectFrom('home.incidents_bottom_line')
        .selectAll()
        .where(inSight(services, viewer))
        .where('incident', '=', id)
        .orderBy('at', 'desc')
        .executeTakeFirst(),
      db
        .selectFrom('home.incidents_fact')
        .selectAll()
        .where(inSight(services, viewer))
        .where(inCompartment(services, viewer, 'home.incidents_fact'))
        .where('incident', '=', id)
        .where('ended_at', 'is', null)
        .orderBy('since')
        .orderBy('id')
        .execute(),
      readEntries(services, viewer, [id], { limit: entries }),
      readWeighing(services, viewer, id),
      countObjects(services, viewer, id),
      listLinkedSpaces(services, viewer, id),
      listCompartments(services, viewer, id),
      listSources(services, viewer, id),
      withAffected ? readAffected(services, viewer, { incidents: [id] }) : [],
    ])
  const shownEvidence = weighing.evidence.filter((one) => isShown(services, viewer, one.tlp))
  const loaded = {
    incident,
    ...(line && {
      bottomLine: { sentences: [line.first, line.second, line.third], by: line.by_person, at: line.at } as BottomLine,
    }),
    facts: facts.map((row) => ({
      id: row.id,
      state: row.state,
      words: row.words,
      by: row.by_person,
      since: row.since,
      ...(row.act !== null && { act: row.act }),
      ...(row.compartment !== null && { compartment: row.compartment }),
    })),
    log: log.toReversed(),
    entries: count,
    weighing: { ...weighing, evidence: shownEvidence },
    ...(affected && { affected }),
    withheld: {
      evidence: weighing.evidence.length - shownEvidence.length,
      objects: counts.filter((one) => !isShown(services, viewer, one.tlp)).reduce((sum, one) => sum + one.count, 0),
    },
    counts,
    spaces,
    compartments,
    sources,
    clocks: await clocksOf(services, spaces),
    ownClocks: await ownClocksOf(services, viewer, id),
  }
  return { ...loaded, names: await namesOf(services, peopleIn(loaded)) }
}

/** Entries of these incidents that this person reads, the newest first, and how many there are. */
export async function readEntries(
  services: Services,
  viewer: Viewer,
  incidents: readonly string[],
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<{ rows: LogEntry[]; count: number }> {
  const read = services.db
    .selectFrom('home.incidents_entry')
    .where(inSight(services, viewer))
    .where(inCompartment(services, viewer, 'home.incidents_entry'))
    .where('incident', 'in', [...incidents])
  const [rows, counted] = await Promise.all([
    read.selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).offset(offset).execute(),
    read.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow(),
  ])
  return {
    count: Number(counted.count),
    rows: rows.map((row) => ({
      id: row.id,
      incident: row.incident,
      at: row.at,
      writtenAt: row.written_at,
      by: row.by_person,
      kind: row.kind,
      facts: row.facts,
      ...(row.words !== null && { words: row.words }),
      ...(row.compartment !== null && { compartment: row.compartment }),
    })),
  }
}

const isShown = (services: Services, viewer: Viewer, tlp: Tlp): boolean =>
  reveal(mark(true, { tlp }), readerOf(services, viewer), 'page').shown

async function countObjects(
  services: Services,
  viewer: Viewer,
  incident: string,
): Promise<{ tlp: Tlp; count: number }[]> {
  return services.db
    .selectFrom('home.incidents_object')
    .select(['tlp', (eb) => eb.fn.countAll<number>().as('count')])
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .where('type', '!=', 'marking-definition')
    .groupBy('tlp')
    .orderBy('tlp')
    .execute()
}

async function ownClocksOf(services: Services, viewer: Viewer, id: string): Promise<IncidentClock[]> {
  const lists = await Promise.all(services.modules.map((module) => module.incidentClocks?.(services, viewer, id) ?? []))
  return lists.flat().toSorted((a, b) => a.clock.dueAt - b.clock.dueAt)
}

async function clocksOf(services: Services, spaces: SpaceFacts[]): Promise<LoadedIncident['clocks']> {
  const lists = await Promise.all(
    spaces.map(async (space) => {
      const [clocks, now] = await Promise.all([
        openClocks(services.db, { space: space.id }),
        services.ledger.scenarioNow(space),
      ])
      return clocks.map((clock) => ({ clock, now }))
    }),
  )
  return lists.flat().toSorted((a, b) => a.clock.dueAt - b.clock.dueAt)
}

function peopleIn(loaded: Omit<LoadedIncident, 'names'>): string[] {
  const { incident, bottomLine, facts, log, weighing } = loaded
  const steps = weighing.hypotheses.flatMap((one) => one.steps)
  const dissents = weighing.assessments.flatMap((one) => one.dissents)
  const signed = [
    ...[...facts, ...log, ...weighing.hypotheses, ...steps, ...weighing.evidence, ...weighing.assessments],
    ...[...dissents, ...dissents.flatMap((one) => one.steps)],
  ]
  return [incident.openedBy, ...(bottomLine ? [bottomLine.by] : []), ...signed.map((one) => one.by)]
}

/** Names of people by their ids, of those the house knows. */
export async function namesOf(
  services: Pick<Services, 'people'>,
  people: readonly string[],
): Promise<Map<string, string>> {
  const found = await Promise.all(
    [...new Set(people)].map(async (id) => [id, (await services.people.find(id))?.name] as const),
  )
  return new Map(found.flatMap(([id, name]) => (name === undefined ? [] : [[id, name] as const])))
}

/** Objects the person may see, in the bundle's order, with how many lie above their ceiling. */
export async function listObjects(
  services: Services,
  viewer: Viewer,
  id: string,
  page: { from: number; limit?: number },
): Promise<{ objects: (ListedObject & { markedBy: string })[]; all: number; withheld: number }> {
  const incident = await getIncident(services, viewer, id)
  const rows = await services.db
    .selectFrom('home.incidents_object')
    .select(['stix_id as id', 'type', 'name', 'tlp', 'marked_by as markedBy'])
    .where('incident', '=', incident.id)
    .where(inSight(services, viewer))
    .where('type', '!=', 'marking-definition')
    .orderBy('ordinal')
    .execute()
  const shown = rows.flatMap((row) => {
    const revealed = reveal(mark(row, { tlp: row.tlp }), readerOf(services, viewer), 'page')
    return revealed.shown ? [revealed.value] : []
  })
  return {
    objects: shown.slice(page.from, page.limit === undefined ? undefined : page.from + page.limit),
    all: shown.length,
    withheld: rows.length - shown.length,
  }
}

/** One incident as the API gives it. */
export function incidentData({
  incident,
  names,
  bottomLine,
  facts,
  log,
  weighing,
  withheld,
  counts,
  spaces,
}: LoadedIncident) {
  const named = (by: string) => names.get(by) ?? by
  const signed = <O extends { by: string }>(one: O) => ({ ...one, by: named(one.by) })
  return {
    ...incident,
    openedBy: named(incident.openedBy),
    bottomLine: bottomLine && signed(bottomLine),
    facts: facts.map(signed),
    log: log.map(signed),
    hypotheses: weighing.hypotheses.map(signed),
    evidence: weighing.evidence.map((one: Evidence) => signed(one)),
    ranking: weighing.ranking,
    assessments: weighing.assessments.map((one) => ({
      ...signed(one),
      dissents: one.dissents.map((dissent) => ({ ...signed(dissent), steps: dissent.steps.map(signed) })),
    })),
    withheld,
    objects: counts,
    spaces: spaces.map((space) => space.id),
  }
}
