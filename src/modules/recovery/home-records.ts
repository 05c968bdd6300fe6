import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { readPlans } from './plan/read-plans.ts'

const mostFound = 300

/** Services of recovery plans this person may read, as a search finds them. */
export async function recoveryRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const plans = await readPlans(services, viewer)
  return plans
    .flatMap((plan) => plan.services)
    .toSorted((a, b) => b.at - a.at)
    .slice(0, mostFound)
    .map(({ id, incident, content, tlp, at }) => ({
      href: `/incidents/${incident}/recovery/services/${id}`,
      form: 'recovery.title',
      title: content.name,
      text: { name: content.name, operator: content.operator },
      marking: { tlp },
      at,
    }))
}
