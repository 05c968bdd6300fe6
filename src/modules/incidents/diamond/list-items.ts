import { sql } from 'kysely'
import { mark, reveal } from '../../../core/markings/index.ts'
import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { particularWords } from '../facts/particular-words.ts'
import { listParticulars, type Particular } from '../facts/state-particular.ts'
import { readerOf } from '../incident.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import { type Evidence, readWeighing } from '../weigh/weighing.ts'
import type { ItemKind } from './places.ts'
import '../tables.ts'

/** Something of an incident that can stand at a corner or an edge, as far as this person may read it. */
export interface DiamondItem {
  kind: ItemKind
  /** As it is worded now. */
  id: string
  /** Its id and those of its earlier wordings. */
  chain: readonly string[]
  words: string
  /** Type of an object, kind of a particular, state of a fact. */
  type: string
  /** Where it is read. */
  href: string
  /** Incident it stands in by now, where a split took it there. */
  elsewhere?: string
  compartment?: string
  /** Who contests it and why, where that is known. */
  contested?: string
  /** Of evidence and objects. */
  tlp?: Tlp
  evidence?: Evidence
}

export interface Items {
  items: DiamondItem[]
  /** The particulars of the incident, for the events among them. */
  particulars: Particular[]
}

/**
 * Everything of an incident that this person may read and that can be placed, with what `named` placings point to:
 * objects are listed only where a placing or an item of evidence names them.
 */
export async function listItems(
  visit: Visit,
  loaded: LoadedIncident,
  named: Readonly<Record<ItemKind, readonly string[]>>,
): Promise<Items> {
  const { services, viewer } = visit
  const { id } = loaded.incident
  const [particulars, facts, objects] = await Promise.all([
    listParticulars(services, viewer, id),
    listFacts(services, viewer, id, named.fact),
    findObjects(services, viewer, id, named.object),
  ])
  const missing = named.particular.filter((one) => !particulars.some(({ chain }) => chain.includes(one)))
  const without = named.evidence.filter((one) => !loaded.weighing.evidence.some((item) => item.id === one))
  const gone = await Promise.all([particularsGone(visit, id, missing), evidenceGone(visit, id, without)])
  return {
    particulars,
    items: [
      ...particulars.map((one) => ofParticular(visit, id, one)),
      ...gone.flat(),
      ...facts,
      ...loaded.weighing.evidence.map((one) => ofEvidence(id, one)),
      ...objects,
    ],
  }
}

const closed = (compartment: string | null | undefined) => (compartment ? { compartment } : {})

function ofParticular(visit: Visit, incident: string, one: Particular): DiamondItem {
  const { t } = visit
  const says = one.disputes.map(({ by, why }) => `${by}: ${why}`)
  const contested = [...says, ...(one.contradicts.length > 0 ? [t('diamond.contradicted')] : [])].join('; ')
  return {
    kind: 'particular',
    ...{ id: one.id, chain: one.chain, type: one.kind },
    words: particularWords(visit, one.kind, one.value),
    href: `/incidents/${incident}/particulars#stated-${one.id}`,
    ...closed(one.compartment),
    ...(contested !== '' && { contested }),
  }
}

const ofEvidence = (incident: string, one: Evidence): DiamondItem => ({
  kind: 'evidence',
  ...{ id: one.id, chain: [one.id], type: 'evidence', words: `${one.number}. ${one.words}` },
  ...{ href: `/incidents/${incident}/evidence/${one.id}`, tlp: one.tlp, evidence: one, ...closed(one.compartment) },
})

/** Incidents to which a split took these items, as far as this person may read them there. */
async function whereGone(
  { services, viewer }: Visit,
  from: string,
  table: 'home.incidents_particular' | 'home.incidents_evidence',
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await services.db
    .selectFrom(table)
    .select('incident')
    .distinct()
    .where(sql<boolean>`id = any(${texts([...ids])})`)
    .where('incident', '<>', from)
    .where(inSight(services, viewer))
    .where(inCompartment(services, viewer, table))
    .execute()
  return rows.map(({ incident }) => incident)
}

/** Particulars that a split took to another incident, with their earlier wordings. */
async function particularsGone(visit: Visit, from: string, ids: readonly string[]): Promise<DiamondItem[]> {
  const { services, viewer } = visit
  const gone = await whereGone(visit, from, 'home.incidents_particular', ids)
  const lists = gone.map(async (elsewhere) =>
    (await listParticulars(services, viewer, elsewhere))
      .filter(({ chain }) => chain.some((one) => ids.includes(one)))
      .map((one) => ({ ...ofParticular(visit, elsewhere, one), elsewhere })),
  )
  return (await Promise.all(lists)).flat()
}

/** Evidence that a split took to another incident, as it is graded there now. */
async function evidenceGone(visit: Visit, from: string, ids: readonly string[]): Promise<DiamondItem[]> {
  const { services, viewer } = visit
  const gone = await whereGone(visit, from, 'home.incidents_evidence', ids)
  const lists = gone.map(async (elsewhere) =>
    (await readWeighing(services, viewer, elsewhere)).evidence
      .filter(({ id, tlp }) => ids.includes(id) && reveal(mark(id, { tlp }), readerOf(services, viewer), 'page').shown)
      .map((one) => ({ ...ofEvidence(elsewhere, one), elsewhere })),
  )
  return (await Promise.all(lists)).flat()
}

async function listFacts(
  services: Services,
  viewer: Viewer,
  incident: string,
  named: readonly string[],
): Promise<DiamondItem[]> {
  const rows = await services.db
    .selectFrom('home.incidents_fact')
    .select(['id', 'incident', 'replaces', 'words', 'state', 'compartment', 'ended_at'])
    .where(sql<boolean>`(incident = ${incident} or id = any(${texts([...named])}))`)
    .where(inSight(services, viewer))
    .where(inCompartment(services, viewer, 'home.incidents_fact'))
    .orderBy('since')
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return rows
    .filter(({ ended_at }) => ended_at === null)
    .map((row) => {
      const chain = [row.id]
      for (let old = byId.get(row.replaces ?? ''); old; old = byId.get(old.replaces ?? '')) chain.push(old.id)
      return {
        ...{ kind: 'fact' as const, id: row.id, chain, words: row.words, type: row.state },
        href: `/incidents/${row.incident}#fact-${row.id}`,
        ...(row.incident !== incident && { elsewhere: row.incident }),
        ...(row.state === 'contested' && { contested: '' }),
        ...closed(row.compartment),
      }
    })
}

/** Objects of these identifiers, each as the newest version this person may see has it, also where a split took them. */
async function findObjects(
  services: Services,
  viewer: Viewer,
  incident: string,
  ids: readonly string[],
): Promise<DiamondItem[]> {
  if (ids.length === 0) return []
  const read = services.db
    .selectFrom('home.incidents_object')
    .select(['incident', 'stix_id', 'type', 'name', 'tlp'])
    .where(sql<boolean>`stix_id = any(${texts([...ids])})`)
    .where(inSight(services, viewer))
    .orderBy('version')
  const here = shownObjects(services, viewer, incident, await read.where('incident', '=', incident).execute())
  const missing = ids.filter((id) => !here.some((one) => one.id === id))
  if (missing.length === 0) return here
  const gone = await read
    .where(
      sql<boolean>`exists (select from home.incidents_split s where s.incident = ${incident}
        and s.into_incident = home.incidents_object.incident and s.moved->'objects' ? stix_id
        and stix_id = any(${texts(missing)}) and ${inSight(services, viewer, 's.incident')})`,
    )
    .execute()
  const elsewhere = [...Map.groupBy(gone, (row) => row.incident)].flatMap(([into, rows]) =>
    shownObjects(services, viewer, into, rows).map((one) => ({ ...one, elsewhere: into })),
  )
  return [...here, ...elsewhere]
}

interface ObjectRow {
  stix_id: string
  type: string
  name: string
  tlp: Tlp
}

/** The last row of each identifier that passes the gate. */
function shownObjects(services: Services, viewer: Viewer, incident: string, rows: readonly ObjectRow[]): DiamondItem[] {
  const found = new Map<string, DiamondItem>()
  for (const row of rows) {
    const shown = reveal(mark(row, { tlp: row.tlp }), readerOf(services, viewer), 'page')
    if (!shown.shown) continue
    const { stix_id: id, type, name, tlp } = shown.value
    found.set(id, {
      kind: 'object',
      ...{ id, chain: [id], words: name || id, type, tlp, href: `/incidents/${incident}/objects` },
    })
  }
  return [...found.values()]
}

/** Objects offered at once. */
export const objectsOffered = 60
/** Say nothing of a corner or an edge by themselves. */
const never = [
  'marking-definition',
  'extension-definition',
  'language-content',
  'report',
  'note',
  'opinion',
  'grouping',
]

/** Objects that can be placed, by a part of their name or their identifier, and whether there are more. */
export async function offerObjects(
  services: Services,
  viewer: Viewer,
  incident: string,
  words: string,
): Promise<{ objects: DiamondItem[]; more: boolean }> {
  const rows = await services.db
    .selectFrom('home.incidents_object')
    .select(['stix_id', 'type', 'name', 'tlp'])
    .where('incident', '=', incident)
    .where(sql<boolean>`type <> all(${texts(never)})`)
    .where(sql<boolean>`(strpos(lower(name), lower(${words})) > 0 or stix_id = ${words})`)
    .where(inSight(services, viewer))
    .orderBy(sql`type in ('relationship', 'sighting')`)
    .orderBy('type')
    .orderBy('name')
    .orderBy('version')
    // Versions of one object and those above the reader are among them.
    .limit(objectsOffered * 4)
    .execute()
  const objects = shownObjects(services, viewer, incident, rows)
  return { objects: objects.slice(0, objectsOffered), more: objects.length > objectsOffered }
}
