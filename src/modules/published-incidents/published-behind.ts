import { sql } from 'kysely'
import type { Services, Viewer } from '../../core/module/types.ts'
import { keepBesideAll } from './keep-figures.ts'
import './tables.ts'

/** An attribution as a data set published it. */
export interface PublishedAttribution {
  set: string
  edition: string
  licence: string
  ref: string
  day: string | null
  basis: string | null
  kind: string | null
  attributedBy: string
  accused: string
}

/** Attributions published of the incident that one of ours was opened from; none where it was opened otherwise. */
export async function publishedBehind(
  services: Services,
  viewer: Viewer,
  incident: string,
): Promise<PublishedAttribution[]> {
  if (!viewer.may('incidents:read')) return []
  await keepBesideAll(services)
  const { rows } = await sql<PublishedAttribution>`
    select b.name as set, b.edition, b.licence, a.ref, a.day, a.basis, a.kind,
      concat_ws(' · ', nullif(a.actor, ''), nullif(a.company, ''), nullif(a.by_country, '')) as "attributedBy",
      concat_ws(' · ', nullif(a.initiator, ''), nullif(a.country, '')) as accused
    from home.published_incidents_own o
    join home.published_incidents_batch b on b.id = o.batch and b.state = 'standing'
    join home.published_incidents_attribution a on a.batch = o.batch and a.ref = o.ref
    where o.own_id = ${incident}
    order by b.stood_at desc, b.id, a.place`.execute(services.db)
  return rows
}
