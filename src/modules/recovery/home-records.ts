import { atHome, mark, reveal } from '../../core/markings/index.ts'
import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { inSight } from '../incidents/index.ts'
import { readLessons } from './lessons/read-lessons.ts'
import './tables.ts'

const mostFound = 300

/** Services of recovery plans and lessons this person may read, as a search finds them. */
export async function recoveryRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const [ofServices, { lessons }] = await Promise.all([serviceRecords(services, viewer), readLessons(services, viewer)])
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

/** Services as the plan says them last; those taken off are not among them. */
async function serviceRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  const rows = await services.db
    .selectFrom('home.recovery_service')
    .select(['service', 'incident', 'content', 'tlp', 'at'])
    .distinctOn('service')
    .where(inSight(services, viewer, 'home.recovery_service.incident'))
    .orderBy('service')
    .orderBy('ordinal', 'desc')
    .execute()
  const reader = atHome(services, viewer)
  return rows
    .filter(({ content, tlp }) => !content.isOff && reveal(mark(tlp, { tlp }), reader, 'page').shown)
    .map(({ service, incident, content: { name, operator }, tlp, at }) => ({
      href: `/incidents/${incident}/recovery/services/${service}`,
      form: 'recovery.title',
      title: name,
      text: { name, operator },
      marking: { tlp },
      at,
    }))
}
