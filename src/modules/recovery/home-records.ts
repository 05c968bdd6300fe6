import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { readLessons } from './lessons/read-lessons.ts'
import { readPlans } from './plan/read-plans.ts'

const mostFound = 300

/** Services of recovery plans and lessons this person may read, as a search finds them. */
export async function recoveryRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const plans = await readPlans(services, viewer)
  const { lessons } = await readLessons(services, viewer, plans)
  const ofServices = plans
    .flatMap((plan) => plan.services)
    .map(({ id, incident, content, tlp, at }) => ({
      href: `/incidents/${incident}/recovery/services/${id}`,
      form: 'recovery.title',
      title: content.name,
      text: { name: content.name, operator: content.operator },
      marking: { tlp },
      at,
    }))
  const ofLessons = lessons.map(({ id, incident, content: { happened, change }, answer, tlp, at }) => ({
    href: `/incidents/${incident}/recovery/lessons/${id}`,
    form: 'recovery.need.lesson',
    title: change,
    text: { happened, change, answer: answer?.words ?? '' },
    marking: { tlp },
    at: answer?.at ?? at,
  }))
  return [...ofServices, ...ofLessons].toSorted((a, b) => b.at - a.at).slice(0, mostFound)
}
