import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { listIncidents } from '../incidents/index.ts'
import { listToReview } from './decisions.ts'
import { reviewClock } from './review-clock.ts'

const dayMs = 86_400_000
/** A review stands on Today from a week before its day. */
const ahead = 7 * dayMs

/** Decisions whose day of review is near or past. */
export async function responseNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents:draft')) return []
  const incidents = await listIncidents(services, viewer)
  const titles = new Map(incidents.map(({ id, title }) => [id, title]))
  const decisions = await listToReview(services.db, [...titles.keys()])
  return decisions.flatMap((decision): Need[] => {
    const clock = reviewClock(services, decision, viewer.person.zone)
    if (!clock || clock.dueAt > services.clock.now() + ahead) return []
    return [
      {
        key: `response.review:${decision.id}`,
        verb: 'response.review.verb',
        form: 'response.review.title',
        headline: titles.get(decision.incident) ?? '',
        href: `/incidents/${decision.incident}/options/decisions/${decision.id}`,
        dueAt: clock.dueAt,
        clock,
        waitsFor: 'me',
      },
    ]
  })
}
