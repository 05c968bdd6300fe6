import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { mayProposeText } from '../../agreements/index.ts'
import { getIncident } from '../../incidents/index.ts'
import '../tables.ts'
import { getLesson } from './read-lessons.ts'

/** Spaces in which a text can be proposed: in earnest where the incident is, in drills where it is of a drill. */
export async function spacesForText(
  { ledger, party }: Services,
  viewer: Viewer,
  { drill }: { drill: boolean },
): Promise<SpaceFacts[]> {
  const spaces = await ledger.list({ member: party })
  return spaces.filter((space) => (space.drill !== undefined) === drill && mayProposeText(viewer, space))
}

/**
 * Notes that a draft begins with a lesson whose answer was to become a text or a request, and says where it is written.
 *
 * @throws Refusal `recovery.lesson-no-draft` where it was not answered so
 */
export async function beginDraft(
  services: Services,
  viewer: Viewer,
  of: { incident: string; lesson: string },
  { id, space }: { id: string; space?: string },
): Promise<string> {
  const incident = await getIncident(services, viewer, of.incident)
  const lesson = await getLesson(services, viewer, incident.id, of.lesson)
  const kind = lesson.answer?.answer
  if (kind !== 'commitment' && kind !== 'capacity') throw new Refusal('recovery.lesson-no-draft')
  const query = new URLSearchParams({ id, lesson: lesson.id })
  if (kind === 'commitment') {
    const spaces = await spacesForText(services, viewer, incident)
    if (!spaces.some((one) => one.id === space)) throw InvalidInput.at('space', 'recovery.invalid.space')
  } else {
    query.set('kind', 'technical-assistance')
    query.set('incident', incident.id)
  }
  await services.db
    .insertInto('home.recovery_lesson_draft')
    .values({ draft: id, lesson: lesson.id, by_person: viewer.person.id, at: services.clock.now() })
    .onConflict((conflict) => conflict.column('draft').doNothing())
    .execute()
  return kind === 'commitment' ? `/spaces/${space}/write/agreements.text-proposed?${query}` : `/assistance/ask?${query}`
}
