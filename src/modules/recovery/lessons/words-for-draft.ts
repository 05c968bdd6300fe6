import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { incidentsNamed } from '../../incidents/index.ts'
import { type Lesson, readLessons } from './read-lessons.ts'

/**
 * Words and marking with which the draft of a text or of a request for help begins, once that was answered of a lesson:
 * what should change, by when. What happened, to which services and in which incident stays at home.
 */
export async function wordsForDraft(
  services: Services,
  viewer: Viewer,
  { space, type, query }: { space: SpaceFacts; type: string; query: URLSearchParams },
): Promise<Record<string, string> | undefined> {
  const named = query.get('lesson')
  const becomes = { 'agreements.text-proposed': 'commitment', 'channels.note-sent': 'capacity' }[type]
  if (named === null || becomes === undefined) return undefined
  const [lesson] = (await readLessons(services, viewer, { lesson: named })).lessons
  if (lesson?.answer?.answer !== becomes) return undefined
  const incident = (await incidentsNamed(services, viewer, [lesson.incident])).get(lesson.incident)
  if (incident?.drill !== (space.drill !== undefined)) return undefined
  return becomes === 'commitment' ? ofText(services, viewer, lesson) : ofRequest(lesson)
}

function ofText({ party }: Services, { person: { language } }: Viewer, { content, tlp }: Lesson) {
  const others = ['en', 'fr'].filter((one) => one !== language)
  return {
    ...{ languages: [language, ...others].slice(0, 2).join(','), count: '1', tlp },
    [`title_${language}`]: content.change,
    [`p1_${language}`]: content.change,
    p1_owner: party,
    p1_due: content.due,
  }
}

const ofRequest = ({ content: { change, due }, tlp }: Lesson) => ({
  ...{ subject: change, 'stated-help': change, 'stated-needed-by': due, tlp },
})
