import type { Services, Viewer } from '../../core/module/types.ts'
import { listStanding } from './batches.ts'
import { takenUpId } from './take-up.tsx'

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
  const batches = await listStanding(services)
  const found = await Promise.all(
    batches.map(async ({ id, set, name, edition, licence }) => {
      const refs = await services.db
        .selectFrom('home.published_incidents_incident')
        .select('ref')
        .where('batch', '=', id)
        .execute()
      const ref = refs.find((one) => takenUpId(services, { set }, one.ref) === incident)?.ref
      if (ref === undefined) return []
      const rows = await services.db
        .selectFrom('home.published_incidents_attribution')
        .selectAll()
        .where('batch', '=', id)
        .where('ref', '=', ref)
        .orderBy('place')
        .execute()
      return rows.map(
        (row): PublishedAttribution => ({
          ...{ set: name, edition, licence, ref, day: row.day, basis: row.basis, kind: row.kind },
          attributedBy: [row.actor, row.company, row.by_country].filter(Boolean).join(' · '),
          accused: [row.initiator, row.country].filter(Boolean).join(' · '),
        }),
      )
    }),
  )
  return found.flat()
}
