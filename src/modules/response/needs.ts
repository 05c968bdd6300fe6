import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed } from '../incidents/index.ts'
import { listToReview } from './decisions.ts'
import { reviewClock } from './review-clock.ts'

const dayMs = 86_400_000
/** A review stands on Today from a week before its day. */
const ahead = 7 * dayMs

/** Decisions whose day of review is near or past. */
export async function responseNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents:draft')) return []
  // A day later than asked: where the day ends depends on the zone of whoever reads.
  const last = new Date(services.clock.now() + ahead + dayMs).toISOString().slice(0, 10)
  const decisions = await listToReview(services, viewer, last)
  const incidents = await incidentsNamed(
    services,
    viewer,
    decisions.map(({ incident }) => incident),
  )
  return decisions.flatMap((decision): Need[] => {
    const clock = reviewClock(services, decision, viewer.person.zone)
    if (!clock || clock.dueAt > services.clock.now() + ahead) return []
    return [
      {
        key: `response.review:${decision.id}`,
        verb: 'response.review.verb',
        form: 'response.review.title',
        headline: incidents.get(decision.incident)?.title ?? '',
        href: `/incidents/${decision.incident}/options/decisions/${decision.id}`,
        dueAt: clock.dueAt,
        clock,
        waitsFor: 'me',
      },
    ]
  })
}
