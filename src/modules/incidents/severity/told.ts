import { Refusal } from '../../../core/http/refusal.ts'
import { mark, reveal } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { sql } from 'kysely'
import { getIncident, getOpenIncident, readerOf } from '../incident.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { readMapping } from './read-mapping.ts'
import { readSchemes } from './read-schemes.ts'
import '../tables.ts'

/** A severity that somebody else told, in their own words; never turned into one of ours. */
export interface ToldSeverity {
  id: string
  teller: string
  scale: string
  level: string
  /** Where it was read. */
  source: string
  /** Day on which they said it, `YYYY-MM-DD`. */
  toldOn?: string
  /** Who wrote it down here; none for what an object carries. */
  by?: string
  at?: number
}

/**
 * Writes down which level another party told.
 *
 * @throws Refusal `incidents.no-such-level`; `incidents.in-the-future`
 */
export async function noteTold(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  told: { id: string; teller: string; scale: string; level: string; source: string; toldOn: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const scale = readMapping(services).find(told.scale)
  if (!scale?.levels.some(({ id }) => id === told.level))
    throw new Refusal('incidents.no-such-level', { field: 'said' })
  const now = services.clock.now()
  if (told.toldOn > new Date(now).toISOString().slice(0, 10) && !incident.drill)
    throw new Refusal('incidents.in-the-future', { field: 'toldOn' })
  await services.db.transaction().execute(async (tx) => {
    const { toldOn, ...row } = told
    const done = await tx
      .insertInto('home.incidents_severity_told')
      .values({ ...row, incident: incident.id, told_on: toldOn, by_person: viewer.person.id, at: now })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: 'severity-told',
      facts: { scale: told.scale },
    })
  })
  publishChange(services, incident.id)
}

/** What others told: noted by somebody here, or carried as a machine tag by an object of the incident. */
export async function listTold(services: Services, viewer: Viewer, incidentId: string): Promise<ToldSeverity[]> {
  const incident = await getIncident(services, viewer, incidentId)
  const noted = await services.db
    .selectFrom('home.incidents_severity_told')
    .selectAll()
    .where('incident', '=', incident.id)
    .where(inSight(services, viewer))
    .orderBy('ordinal')
    .execute()
  const carried = await listCarried(services, viewer, incident.id)
  const told = noted.map(({ id, teller, scale, level, source, told_on: toldOn, by_person: by, at }) => ({
    ...{ id, teller, scale, level, source, toldOn, by, at },
  }))
  return [...told, ...carried]
}

const tagShape = /^(?:misp-tag:)?([a-z0-9-]+:[a-z0-9-]+)="([a-z0-9-]+)"$/

async function listCarried(services: Services, viewer: Viewer, incident: string): Promise<ToldSeverity[]> {
  const scaleOf = new Map(readSchemes(services).schemes.flatMap(({ id, tags = [] }) => tags.map((tag) => [tag, id])))
  if (scaleOf.size === 0) return []
  const mapping = readMapping(services)
  const wanted = texts([...scaleOf.keys()].map((tag) => `%${tag}=%`))
  const rows = await services.db
    .selectFrom('home.incidents_object')
    .select(['stix_id', 'name', 'tlp', 'text'])
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .where(sql<boolean>`text like any(${wanted})`)
    .orderBy('ordinal')
    .limit(200)
    .execute()
  return rows.flatMap((row) => {
    const revealed = reveal(mark(row, { tlp: row.tlp }), readerOf(services, viewer), 'page')
    if (!revealed.shown) return []
    const { labels, created_by_ref: author } = JSON.parse(revealed.value.text) as Record<string, unknown>
    return (Array.isArray(labels) ? labels : []).flatMap((label, n): ToldSeverity[] => {
      const [, tag = '', level = ''] = tagShape.exec(String(label)) ?? []
      const scale = scaleOf.get(tag)
      if (scale === undefined || !mapping.find(scale)?.levels.some((one) => one.id === level)) return []
      const teller = typeof author === 'string' ? author : row.stix_id
      return [{ id: `${row.stix_id}-${n}`, teller, scale, level, source: row.name || row.stix_id }]
    })
  })
}
