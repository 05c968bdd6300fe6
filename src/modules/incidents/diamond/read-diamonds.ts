import type { Selectable } from 'kysely'
import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { ParticularValue } from '../facts/particular.ts'
import type { Particular } from '../facts/state-particular.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import type { Evidence } from '../weigh/weighing.ts'
import { type DiamondItem, listItems } from './list-items.ts'
import { type Edge, edges, type Place } from './places.ts'
import type { PlacingStep, SubjectKind } from './tables.ts'
import '../tables.ts'

/** What a diamond is drawn of: a hypothesis, or an event of the incident. */
export interface Subject {
  kind: SubjectKind
  id: string
  chain: readonly string[]
  words: string
  /** Of a hypothesis. */
  number?: number
  isStanding: boolean
  /** Of an event. */
  when?: ParticularValue['when']
  compartment?: string
}

/** An item where a person put it, with why; earlier places and what was said against it stay with it. */
export interface Placing {
  id: string
  place: Place
  item: DiamondItem
  confidence: string
  why: string
  restsOn?: Evidence
  /** Set of items it belongs to. */
  compartment?: string
  by: string
  at: number
  steps: { id: string; kind: PlacingStep; into?: Place; why: string; by: string; at: number }[]
  isAway: boolean
  /** Where it stood before. */
  before: Place[]
}

export interface Features {
  id: string
  phase?: string
  direction?: string
  result?: string
  method: string
  resources: string
  compartment?: string
  by: string
  at: number
}

export interface Diamond {
  subject: Subject
  /** In the order in which they were placed, those taken away among them. */
  placings: Placing[]
  /** What was said of the whole, in order; the last stands. */
  features: Features[]
}

type PlacingRow = Selectable<Tables['home.incidents_diamond_placing']>
type StepRow = Selectable<Tables['home.incidents_diamond_step']>
type FeatureRow = Selectable<Tables['home.incidents_diamond_features']>

/**
 * Every diamond of an incident: one for each hypothesis and one for each event. A placing is there for whoever may read
 * all that it names: its item, its subject, the evidence it rests on and the compartment it was written into. For others
 * nothing tells of it, so that its corner is as empty as if nobody had placed anything.
 */
export async function readDiamonds(
  visit: Visit,
  loaded: LoadedIncident,
  alsoObjects: readonly string[] = [],
): Promise<{ diamonds: Diamond[]; items: DiamondItem[] }> {
  const { services, viewer } = visit
  const { id } = loaded.incident
  const [placings, steps, features] = await Promise.all([
    readPlacings(services, viewer, id),
    readSteps(services, viewer, id),
    readFeatures(services, viewer, id),
  ])
  const events = [...placings, ...features].flatMap((row) => (row.about_kind === 'event' ? [row.about] : []))
  const named = (kind: PlacingRow['kind']) => placings.filter((row) => row.kind === kind).map(({ item }) => item)
  const evidence = loaded.weighing.evidence.flatMap(({ stixId }) => stixId ?? [])
  const { items, particulars } = await listItems(visit, loaded, {
    ...{ particular: [...named('particular'), ...events], fact: named('fact') },
    evidence: [...named('evidence'), ...placings.flatMap(({ rests_on: item }) => item ?? [])],
    object: [...named('object'), ...evidence, ...alsoObjects],
  })
  const stepsOf = Map.groupBy(steps, ({ of_placing }) => of_placing)
  const find = finder(items)
  const diamonds = subjectsOf(loaded, particulars, items).map((subject): Diamond => {
    const mine = (row: { about_kind: SubjectKind; about: string }) =>
      row.about_kind === subject.kind && subject.chain.includes(row.about)
    return {
      subject,
      placings: placings.filter(mine).flatMap((row) => toPlacing(row, stepsOf.get(row.id) ?? [], find) ?? []),
      features: features.filter(mine).map(toFeatures),
    }
  })
  return { diamonds, items }
}

/** Hypotheses and events; an event that a split took along stays where its diamond was drawn. */
function subjectsOf(
  { weighing }: LoadedIncident,
  particulars: readonly Particular[],
  items: readonly DiamondItem[],
): Subject[] {
  const hypotheses = weighing.hypotheses.map(
    ({ id, number, words, state }): Subject => ({
      kind: 'hypothesis',
      ...{ id, chain: [id], words, number, isStanding: state === 'standing' },
    }),
  )
  const events = particulars
    .filter(({ kind }) => kind === 'event')
    .map(
      ({ id, chain, value, compartment }): Subject => ({
        kind: 'event',
        ...{ id, chain, words: value.words ?? '', isStanding: true, when: value.when },
        ...(compartment !== undefined && { compartment }),
      }),
    )
  const gone = items
    .filter(({ type, elsewhere }) => type === 'event' && elsewhere !== undefined)
    .map(
      ({ id, chain, words, compartment }): Subject => ({
        kind: 'event',
        ...{ id, chain, words, isStanding: false },
        ...(compartment !== undefined && { compartment }),
      }),
    )
  return [...hypotheses, ...events, ...gone]
}

type Find = (kind: DiamondItem['kind'], id: string) => DiamondItem | undefined

function finder(items: readonly DiamondItem[]): Find {
  const byId = new Map(items.flatMap((item) => item.chain.map((id) => [`${item.kind} ${id}`, item] as const)))
  return (kind, id) => byId.get(`${kind} ${id}`)
}

function toPlacing(row: PlacingRow, rows: readonly StepRow[], find: Find): Placing | undefined {
  const item = find(row.kind, row.item)
  const restsOn = row.rests_on === null ? undefined : find('evidence', row.rests_on)?.evidence
  if (!item || (row.rests_on !== null && !restsOn)) return undefined
  const steps = rows.map(({ id, kind, into_place: into, why, by_person: by, at }) => ({
    ...{ id, kind, why, by, at },
    ...(into !== null && { into }),
  }))
  const places = [row.place, ...steps.flatMap(({ into }) => into ?? [])]
  return {
    ...{ id: row.id, place: places.at(-1) ?? row.place, item, confidence: row.confidence, why: row.why },
    ...{ by: row.by_person, at: row.at, steps, before: places.slice(0, -1) },
    isAway: steps.some(({ kind }) => kind === 'taken-away'),
    ...(restsOn && { restsOn }),
    ...(row.compartment !== null && { compartment: row.compartment }),
  }
}

const toFeatures = (row: FeatureRow): Features => ({
  ...{ id: row.id, method: row.method, resources: row.resources, by: row.by_person, at: row.at },
  ...(row.phase !== null && { phase: row.phase }),
  ...(row.direction !== null && { direction: row.direction }),
  ...(row.result !== null && { result: row.result }),
  ...(row.compartment !== null && { compartment: row.compartment }),
})

/** Placings that stand at a corner or an edge now. */
export const standingAt = ({ placings }: Pick<Diamond, 'placings'>, place: Place): Placing[] =>
  placings.filter((one) => one.place === place && !one.isAway)

export const supportedEdges = (diamond: Diamond): Edge[] => edges.filter((edge) => standingAt(diamond, edge).length > 0)

/** What is open to question in a placing, as codes of sentences. */
export function doubtsOf({ item, restsOn, steps }: Placing): string[] {
  const graded = [item.evidence, restsOn].flatMap((one) => one ?? [])
  return [
    ...(item.contested !== undefined || steps.some(({ kind }) => kind === 'contested') ? ['contested'] : []),
    ...(item.kind === 'fact' && item.type === 'unknown' ? ['noted-unknown'] : []),
    ...(graded.some(({ withdrawnAt }) => withdrawnAt !== undefined) ? ['withdrawn'] : []),
    ...(graded.some(({ reliability, credibility }) => reliability === 'F' || credibility === '6') ? ['ungraded'] : []),
  ]
}

function readPlacings(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incident: string,
): Promise<PlacingRow[]> {
  return services.db
    .selectFrom('home.incidents_diamond_placing')
    .selectAll()
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .where(inCompartment(services, viewer, 'home.incidents_diamond_placing'))
    .orderBy('ordinal')
    .execute()
}

function readSteps(services: Pick<Services, 'db' | 'clock'>, viewer: Viewer, incident: string): Promise<StepRow[]> {
  return services.db
    .selectFrom('home.incidents_diamond_step')
    .selectAll()
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .orderBy('ordinal')
    .execute()
}

function readFeatures(services: Pick<Services, 'db' | 'clock'>, viewer: Viewer, incident: string) {
  return services.db
    .selectFrom('home.incidents_diamond_features')
    .selectAll()
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .where(inCompartment(services, viewer, 'home.incidents_diamond_features'))
    .orderBy('ordinal')
    .execute()
}
