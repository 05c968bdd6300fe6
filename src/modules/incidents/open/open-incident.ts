import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import { mayLeave, tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { BundleRefusal, maxFaults, type ReadBundle, readBundle, readBundleInTurns } from '../../exchange/index.ts'
import { beginBundle, type NewBundle } from '../bundles/begin-bundle.ts'
import { codeName, codeNameCount } from './code-name.ts'
import { getOpenIncident, readerOf } from '../incident.ts'
import { keepWords } from '../keep-words.ts'
import { beyondSight, isInSight } from '../need-to-know/in-sight.ts'
import { lockIncident, nextInSeries } from '../need-to-know/series.ts'
import type { IncidentSource } from '../tables.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { insertObjects } from './insert-objects.ts'
import '../tables.ts'

export interface NewIncident {
  /** Chosen when the form was rendered: the same id twice is one incident. */
  id: string
  /** Neutral; proposed from the word list where nobody typed one. */
  codeName?: string
  title: string
  summary: string
  category: string
  drill: boolean
  ceiling: Tlp
  marking: Tlp
  source: IncidentSource
  /** Only whoever opens it knows of it, until they name readers. */
  isRestricted?: boolean
  /** Objects to take in with it. */
  bundle?: ReadBundle
  /** Objects that a job takes in, in the same transaction as it is opened. */
  largeBundle?: NewBundle
}

/**
 * Opens an incident, with the objects of a bundle if there is one. Nothing is stored if anything is refused, and
 * nothing about who did it is read out of the objects.
 *
 * @throws Refusal `incidents.code-name-taken`, BundleRefusal `incidents.above-ceiling` with the objects concerned.
 */
export async function openIncident(services: Services, viewer: Viewer, incident: NewIncident): Promise<string> {
  requireReadable(services, viewer, incident)
  if (incident.bundle) requireBelowCeiling(incident.bundle, incident.ceiling)
  await services.db.transaction().execute(async (tx) => {
    // Numbers run without gaps and code names are given once, so openings wait for each other.
    await sql`select pg_advisory_xact_lock(hashtext('incidents.number'))`.execute(tx)
    if (await isOpened(tx, incident.id)) return
    await openIncidentIn(services, viewer, tx, incident)
  })
  publishChange(services, incident.id)
  return incident.id
}

/** The same within a transaction that holds the lock of the series and has seen that the id is new. */
export async function openIncidentIn(services: Services, viewer: Viewer, tx: Tx, incident: NewIncident): Promise<void> {
  await insertIncident(services, viewer, tx, incident)
  if (incident.bundle) await insertObjects(tx, incident.id, incident.bundle.objects)
  if (incident.largeBundle) await beginBundle(services, viewer, tx, incident.id, incident.largeBundle)
  await writeEntry(services, viewer, tx, {
    incident: incident.id,
    // What a job takes in has an entry of its own when it is there.
    kind: incident.largeBundle ? 'opened-form' : `opened-${incident.source.kind}`,
    facts: {
      count: incident.bundle?.objects.length ?? 0,
      ...(incident.source.kind === 'act' && { party: incident.source.party }),
    },
  })
}

/**
 * Takes the objects of a bundle into an incident that is open already; versions that are there stay as they are.
 * Returns how many came in.
 */
export async function addObjects(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, bundle, from }: { id: string; bundle: ReadBundle; from: string },
): Promise<number> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  requireBelowCeiling(bundle, incident.ceiling)
  const added = await services.db.transaction().execute(async (tx) => {
    // Ordinals go on where the last ones ended, so takings-in wait for each other.
    await lockIncident(tx, incident.id)
    const count = await insertObjects(tx, incident.id, bundle.objects)
    if (count > 0)
      await writeEntry(services, viewer, tx, {
        id,
        incident: incident.id,
        kind: 'objects-added',
        facts: { count, from },
      })
    return count
  })
  publishChange(services, incident.id)
  return added
}

/** Reads an uploaded file for {@link openIncident}; objects that carry no label get `unmarked`. */
export function readUpload(services: Services, file: Uint8Array, unmarked: Tlp = 'AMBER'): ReadBundle {
  return readBundle(file, unmarked, { maxBytes: services.settings.maxUploadBytes })
}

/** The same for a page: others are served while it is read. */
export function readUploadInTurns(services: Services, file: Uint8Array, unmarked: Tlp = 'AMBER'): Promise<ReadBundle> {
  return readBundleInTurns(file, unmarked, { maxBytes: services.settings.maxUploadBytes })
}

function requireReadable(services: Services, viewer: Viewer, { marking, ceiling }: NewIncident): void {
  if (tlpRank(marking) > tlpRank(ceiling)) throw new Refusal('incidents.marking-above-ceiling')
  const leave = mayLeave({ tlp: marking }, { exit: 'page', reader: readerOf(services, viewer) })
  if (!leave.allowed) throw new Refusal('incidents.marking-above-reader')
}

/** @throws BundleRefusal `incidents.above-ceiling` with the objects concerned */
export function requireBelowCeiling(bundle: ReadBundle, ceiling: Tlp): void {
  const above = bundle.objects
    .map((one, at) => ({ ...one, at: at + 1 }))
    .filter((one) => tlpRank(one.tlp) > tlpRank(ceiling))
  const [first] = above
  if (!first) return
  const faults = above
    .slice(0, maxFaults)
    .map((one) => ({ object: one.at, id: one.id, rule: 'above-ceiling', property: one.tlp }))
  throw new BundleRefusal('above-ceiling', { count: above.length, object: first.at, ceiling }, faults)
}

/** Whether a form of this id opened an incident, for whoever gives out ids: nobody is told. */
export async function isOpened(tx: Reader, id: string): Promise<boolean> {
  return (
    (await tx
      .selectFrom('home.incidents_incident')
      .select('id')
      .where('id', '=', id)
      .where(beyondSight('the same form twice is one incident'))
      .executeTakeFirst()) !== undefined
  )
}

async function insertIncident(services: Services, viewer: Viewer, tx: Tx, incident: NewIncident): Promise<void> {
  const now = services.clock.now()
  const year = new Date(now).getUTCFullYear()
  await tx
    .insertInto('home.incidents_incident')
    .values({
      id: incident.id,
      year,
      // A number of the series would be missing there for everybody who need not know.
      number: incident.isRestricted ? null : await nextInSeries(tx, year),
      code_name: await freeName(services, viewer, tx, incident),
      title: incident.title,
      summary: incident.summary,
      category: incident.category,
      drill: incident.drill,
      ceiling: incident.ceiling,
      marking: incident.marking,
      state: 'open',
      source: JSON.stringify(incident.source),
      opened_by: viewer.person.id,
      lead: viewer.person.id,
      restricted: incident.isRestricted ?? false,
      office: viewer.office.id,
      opened_at: now,
      touched_at: now,
    })
    .execute()
  await keepWords(tx, incident.id)
}

/** Names are told apart among what a person may know of: a refusal for the sake of another would tell of it. */
async function freeName(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { id, codeName: typed }: NewIncident,
): Promise<string> {
  const isTaken = async (name: string) =>
    (await tx
      .selectFrom('home.incidents_incident')
      .select('id')
      .where(sql`lower(code_name)`, '=', name.toLowerCase())
      .where(isInSight(services, viewer))
      .executeTakeFirst()) !== undefined
  if (typed !== undefined) {
    if (await isTaken(typed)) throw new Refusal('incidents.code-name-taken', { name: typed })
    return typed
  }
  for (let attempt = 0; attempt < codeNameCount; attempt += 1) {
    const name = codeName(id, attempt)
    if (!(await isTaken(name))) return name
  }
  throw new Refusal('incidents.code-names-used-up')
}
