import type { Clock } from '../../../core/clocks/types.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { incidentsNamed } from '../../incidents/index.ts'
import { readLessons } from './read-lessons.ts'

/** Lessons of which nothing became by their day, or has to within `aheadMs`: their owner's, else the house's. */
export async function lessonNeeds(services: Services, viewer: Viewer, aheadMs: number): Promise<Need[]> {
  const openBefore = services.clock.now() + aheadMs
  const { lessons } = await readLessons(services, viewer, { openBefore })
  const incidents = await incidentsNamed(
    services,
    viewer,
    lessons.map(({ incident }) => incident),
  )
  const mine = new Set([`person:${viewer.person.id}`, ...viewer.offices.map(({ id }) => `office:${id}`)])
  return lessons.flatMap(({ id, incident, content, at, dueAt }): Need[] => {
    const named = incidents.get(incident)
    if (!named) return []
    const clock: Clock = {
      ...{ id, space: '', regime: 'recovery-lesson', source: 'house', duty: services.party },
      ...{ startedBy: id, about: id, startsAt: at, dueAt },
    }
    return [
      {
        key: `recovery.lesson:${id}`,
        verb: 'recovery.need.answer',
        form: named.drill ? 'recovery.need.lesson-exercise' : 'recovery.need.lesson',
        headline: `${content.change}: ${named.title}`,
        href: `/incidents/${incident}/recovery/lessons/${id}`,
        ...{ clock, dueAt },
        waitsFor: mine.has(content.owner) ? 'me' : 'them',
      },
    ]
  })
}
