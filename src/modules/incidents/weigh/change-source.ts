import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { type Incident, getIncident } from '../incident.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import { changing } from './changing.ts'
import { type KnownSource, listSources } from './sources.ts'
import '../tables.ts'

/** Another deputy, or another handler, of the source of an item. */
export interface SourceChange {
  /** Chosen when the form was rendered: the same id twice is one step. */
  id: string
  kind: 'deputy' | 'handler'
  /** Nobody, for a deputy. */
  who?: string
  why: string
}

export interface SourceStep extends Omit<SourceChange, 'id'> {
  by: string
  at: number
}

/** What a person may see and do about the source of an item. */
export interface SourceOfItem {
  number: number
  words: string
  /** Who it is: for its handler and their deputy only. */
  known?: KnownSource
  /** Its handler left the house, and nobody in it knows the source. */
  isOrphaned: boolean
  steps: SourceStep[]
}

/**
 * The source of an item, for its handler, their deputy, and the lead where both have left.
 *
 * @throws Refusal `incidents.evidence-not-found` for anybody else: whether an item has a source tells of it
 */
export async function findSource(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  evidence: string,
): Promise<SourceOfItem> {
  const incident = await getIncident(services, viewer, incidentId)
  const known = (await listSources(services, viewer, incident.id)).get(evidence)
  const orphans = known ? [] : await listOrphans(services, viewer)
  const isOrphaned = orphans.some((one) => one.evidence === evidence && one.incident === incident.id)
  const item = await services.db
    .selectFrom('home.incidents_evidence')
    .select(['number', 'words'])
    .where('id', '=', evidence)
    .where('incident', '=', incident.id)
    .where(inSight(services, viewer))
    .where(inCompartment(services, viewer, 'home.incidents_evidence'))
    .executeTakeFirst()
  if (!item || (!known && !isOrphaned)) throw new Refusal('incidents.evidence-not-found')
  return { ...item, ...(known && { known }), isOrphaned, steps: known ? await stepsOf(services, viewer, evidence) : [] }
}

async function stepsOf(services: Services, viewer: Viewer, evidence: string): Promise<SourceStep[]> {
  const rows = await services.db
    .selectFrom('home.incidents_source_step as s')
    .innerJoin('home.incidents_evidence as e', 'e.id', 's.evidence')
    .select(['s.kind', 's.who', 's.why', 's.by_person as by', 's.at'])
    .where('s.evidence', '=', evidence)
    .where(inSight(services, viewer, 'e.incident'))
    .orderBy('s.ordinal')
    .execute()
  return rows.map(({ who, ...step }) => ({ ...step, ...(who !== null && { who }) }))
}

/** Items of incidents this person leads whose source nobody in the house knows any more. */
export async function listOrphans(
  services: Services,
  viewer: Viewer,
): Promise<{ evidence: string; incident: string; number: number; title: string }[]> {
  const here = texts((await services.people.list()).map(({ id }) => id))
  return services.db
    .selectFrom('home.incidents_source as s')
    .innerJoin('home.incidents_evidence as e', 'e.id', 's.evidence')
    .innerJoin('home.incidents_incident as i', 'i.id', 'e.incident')
    .select(['e.id as evidence', 'e.incident as incident', 'e.number as number', 'i.title as title'])
    .where('i.lead', '=', viewer.person.id)
    .where('i.state', '!=', 'closed')
    .where(sql<boolean>`s.handler <> all(${here}) and (s.deputy is null or s.deputy <> all(${here}))`)
    .where(inSight(services, viewer, 'e.incident'))
    .orderBy('e.number')
    .limit(20)
    .execute()
}

/**
 * Gives a source another deputy or another handler, with the reason; who did so and when is kept. Its handler decides;
 * the deputy where the handler left the house, and the lead, without learning who it is, where both left.
 *
 * @throws Refusal `incidents.evidence-not-found`, `incidents.not-the-handler`, `incidents.nobody-such`,
 *   `incidents.handler-reads-not`
 */
export async function changeSource(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  evidence: string,
  change: SourceChange,
): Promise<void> {
  const { known, number } = await findSource(services, viewer, incidentId, evidence)
  const mayDecide = !known || known.handler === viewer.person.id || !(await services.people.find(known.handler))
  if (!mayDecide || (!known && change.kind === 'deputy')) throw new Refusal('incidents.not-the-handler')
  if (change.who === undefined && change.kind === 'handler')
    throw new Refusal('incidents.nobody-such', { field: 'handler' })
  await changing(services, viewer, incidentId, async (tx, _, incident) => {
    const compartment = await requireReading(services, viewer, tx, { incident, evidence, change })
    const made = await tx
      .insertInto('home.incidents_source_step')
      .values({
        id: change.id,
        evidence,
        kind: change.kind,
        who: change.who ?? null,
        why: change.why,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows === 0n) return undefined
    const next =
      change.kind === 'deputy'
        ? { deputy: change.who ?? null }
        : { handler: change.who ?? '', ...(known?.deputy === change.who && { deputy: null }) }
    await tx.updateTable('home.incidents_source').set(next).where('evidence', '=', evidence).execute()
    return { kind: `source-${change.kind}`, compartment, facts: { number } }
  })
}

/** Whoever is to know a source has to be able to read the item it gave. Returns the compartment of that. */
async function requireReading(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { incident, evidence, change }: { incident: Incident; evidence: string; change: SourceChange },
): Promise<string | null> {
  const field = change.kind
  const { compartment } = await tx
    .selectFrom('home.incidents_evidence')
    .select('compartment')
    .where('id', '=', evidence)
    .where(inSight(services, viewer))
    .executeTakeFirstOrThrow()
  if (change.who === undefined) return compartment
  const found = await services.people.find(change.who)
  if (!found) throw new Refusal('incidents.nobody-such', { field })
  // What they are cleared for is asked whenever they look; here only whether they were named.
  const person = { person: { ...viewer.person, id: found.id }, offices: found.offices, ceiling: incident.marking }
  const reads = await tx
    .selectFrom('home.incidents_evidence')
    .select('id')
    .where('id', '=', evidence)
    .where(inSight(services, person))
    .where(inCompartment(services, person, 'home.incidents_evidence'))
    .executeTakeFirst()
  if (!reads) throw new Refusal('incidents.handler-reads-not', { field, name: found.name })
  return compartment
}
