import { Refusal } from '../../../core/http/refusal.ts'
import type { Visit } from '../../../core/module/types.ts'
import { compartmentFor } from '../need-to-know/compartments.ts'
import { loadIncident } from '../read/load-incident.ts'
import { changing } from '../weigh/changing.ts'
import { confidenceLevels } from '../weigh/record-assessment.ts'
import { faultAt, type ItemKind, type Place, touchesAdversary } from './places.ts'
import { type Diamond, type Placing, readDiamonds, standingAt } from './read-diamonds.ts'
import { readFeatureLists } from './read-features.ts'
import type { DiamondItem } from './list-items.ts'
import '../tables.ts'

export interface NewPlacing {
  id: string
  place: Place
  kind: ItemKind
  item: string
  confidence: string
  why: string
  /** Item of evidence. */
  restsOn?: string
  compartment?: string
}

/**
 * Places an item at a corner or an edge of a diamond. Nothing is placed unless a person does it, and at the adversary's
 * nothing without a graded item of evidence. It belongs to the compartment of what it names.
 *
 * @throws Refusal `incidents.diamond-not-found`, `incidents.diamond-item-not-found`, `incidents.diamond-not-there`,
 *   `incidents.diamond-never-adversary`, `incidents.diamond-adversary-evidence`, `incidents.diamond-stands-there`,
 *   `incidents.diamond-compartments`
 */
export async function placeItem(visit: Visit, incidentId: string, about: string, placing: NewPlacing): Promise<void> {
  const { services, viewer } = visit
  const { diamond, items } = await findDiamond(visit, incidentId, about, [placing])
  if (diamond.placings.some(({ id }) => id === placing.id)) return
  if (!confidenceLevels.includes(placing.confidence)) throw new Refusal('incidents.unknown-word')
  const item = items.find(({ kind, chain }) => kind === placing.kind && chain.includes(placing.item))
  if (!item) throw new Refusal('incidents.diamond-item-not-found', { field: 'item' })
  const restsOn = items.find(({ kind, id }) => kind === 'evidence' && id === placing.restsOn)
  if (placing.restsOn !== undefined && !restsOn) throw new Refusal('incidents.evidence-not-found', { field: 'restsOn' })
  requireFit(
    diamond,
    { place: placing.place, item, hasEvidence: restsOn !== undefined },
    { place: 'place', restsOn: 'restsOn' },
  )
  const { subject } = diamond
  const chosen = await compartmentFor(services, viewer, incidentId, placing.compartment)
  const compartment = compartmentOf([item.compartment, subject.compartment, restsOn?.compartment, chosen ?? undefined])
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const done = await tx
      .insertInto('home.incidents_diamond_placing')
      .values({
        ...{ id: placing.id, incident, about_kind: subject.kind, about: subject.id, place: placing.place },
        ...{ kind: item.kind, item: item.id, confidence: placing.confidence, why: placing.why },
        ...{ rests_on: restsOn?.id ?? null, compartment, by_person: viewer.person.id, at: services.clock.now() },
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return undefined
    // The line goes with the placing where that moves into a compartment, and says no more than where it stands.
    return { id: placing.id, kind: 'diamond-placed', compartment, facts: { place: placing.place } }
  })
}

/** What a placing names must belong to one set of items: what two sets of readers keep apart is not written down together. */
function compartmentOf(named: readonly (string | undefined)[]): string | null {
  const [only, ...more] = new Set(named.flatMap((one) => one ?? []))
  if (more.length > 0) throw new Refusal('incidents.diamond-compartments', { field: 'compartment' })
  return only ?? null
}

/** Whether it may stand there; `fields` are those of the form to blame. */
function requireFit(
  diamond: Diamond,
  { place, item, hasEvidence }: { place: Place; item: DiamondItem; hasEvidence: boolean },
  fields: { place: string; restsOn: string },
): void {
  const fault = faultAt(place, item)
  if (fault) throw new Refusal(`incidents.diamond-${fault}`, { field: fields.place })
  if (touchesAdversary(place) && item.kind !== 'evidence' && !hasEvidence)
    throw new Refusal('incidents.diamond-adversary-evidence', { field: fields.restsOn })
  if (standingAt(diamond, place).some((one) => one.item.kind === item.kind && one.item.id === item.id))
    throw new Refusal('incidents.diamond-stands-there', { field: fields.place })
}

export interface NewStep {
  id: string
  placing: string
  kind: 'moved' | 'taken-away' | 'contested'
  into?: Place
  why: string
}

/**
 * Moves a placing to another place, takes it away, or notes who contests it; what was said before stays.
 *
 * @throws Refusal `incidents.diamond-placing-not-found`, `incidents.diamond-into`, `incidents.diamond-own`, and those of
 *   {@link placeItem} for its new place
 */
export async function stepPlacing(visit: Visit, incidentId: string, about: string, step: NewStep): Promise<void> {
  const { services, viewer } = visit
  const { diamond } = await findDiamond(visit, incidentId, about)
  const placing = diamond.placings.find(({ id }) => id === step.placing)
  if (placing?.steps.some(({ id }) => id === step.id)) return
  if (!placing || placing.isAway) throw new Refusal('incidents.diamond-placing-not-found')
  if (step.kind === 'contested' && placing.by === viewer.person.id)
    throw new Refusal('incidents.diamond-own', { field: 'kind' })
  const into = step.kind === 'moved' ? intoOf(diamond, placing, step) : null
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const done = await tx
      .insertInto('home.incidents_diamond_step')
      .values({
        ...{ id: step.id, incident, of_placing: placing.id, kind: step.kind, into_place: into, why: step.why },
        ...{ by_person: viewer.person.id, at: services.clock.now() },
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return undefined
    const compartment = placing.compartment ?? null
    return { id: step.id, kind: `diamond-${step.kind}`, compartment, facts: { place: into ?? placing.place } }
  })
}

function intoOf(diamond: Diamond, placing: Placing, { into }: NewStep): Place {
  if (into === undefined) throw new Refusal('incidents.diamond-into', { field: 'into' })
  const moved = { place: into, item: placing.item, hasEvidence: placing.restsOn !== undefined }
  requireFit(diamond, moved, { place: 'into', restsOn: 'into' })
  return into
}

export interface NewFeatures {
  id: string
  phase?: string
  direction?: string
  result?: string
  method: string
  resources: string
  compartment?: string
}

/**
 * Says of the whole what phase it belongs to, which way it ran, what came of it, by what method and with what means.
 *
 * @throws Refusal `incidents.diamond-not-found`, `incidents.diamond-no-such-feature`, `incidents.diamond-no-features`
 */
export async function sayFeatures(visit: Visit, incidentId: string, about: string, said: NewFeatures): Promise<void> {
  const { services, viewer } = visit
  const { diamond } = await findDiamond(visit, incidentId, about)
  const { phases, directions, results } = readFeatureLists(services).content
  for (const [field, list] of Object.entries({ phase: phases, direction: directions, result: results })) {
    const id = said[field as 'phase' | 'direction' | 'result']
    if (id !== undefined && !list.some((one) => one.id === id))
      throw new Refusal('incidents.diamond-no-such-feature', { field })
  }
  const { phase = null, direction = null, result = null, method, resources } = said
  if (!phase && !direction && !result && method === '' && resources === '')
    throw new Refusal('incidents.diamond-no-features', { field: 'phase' })
  const chosen = await compartmentFor(services, viewer, incidentId, said.compartment)
  const compartment = compartmentOf([diamond.subject.compartment, chosen ?? undefined])
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const done = await tx
      .insertInto('home.incidents_diamond_features')
      .values({
        ...{ id: said.id, incident, about_kind: diamond.subject.kind, about: diamond.subject.id },
        ...{ phase, direction, result, method, resources, compartment },
        ...{ by_person: viewer.person.id, at: services.clock.now() },
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n
      ? undefined
      : { id: said.id, kind: 'diamond-features', compartment, facts: {} }
  })
}

/** The diamond of a hypothesis or event, with all that can be placed in it. */
async function findDiamond(visit: Visit, incidentId: string, about: string, named: readonly NewPlacing[] = []) {
  const loaded = await loadIncident(visit.services, visit.viewer, incidentId)
  const objects = named.flatMap(({ kind, item }) => (kind === 'object' ? [item] : []))
  const { diamonds, items } = await readDiamonds(visit, loaded, objects)
  const diamond = diamonds.find(({ subject }) => subject.chain.includes(about))
  if (!diamond) throw new Refusal('incidents.diamond-not-found')
  return { diamond, items }
}
