import { InvalidInput } from '../../../core/http/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { getIncident, type Incident, lockIncident, publishChange, writeEntry } from '../../incidents/index.ts'
import { addLesson } from '../../preparedness/index.ts'
import '../tables.ts'
import type { LessonAnswer } from '../vocabulary.ts'
import { getLesson, type Lesson } from './read-lessons.ts'

export interface NewAnswer {
  id: string
  answer: LessonAnswer
  /** Run of a response plan that takes it in. */
  run?: string
  words: string
}

/**
 * Says what becomes of a lesson, once; the same form again changes nothing. Into a response plan it goes in the same
 * step, under its own id.
 *
 * @throws InvalidInput at the field concerned; Refusal `recovery.lesson-answered`
 */
export async function answerLesson(
  services: Services,
  viewer: Viewer,
  of: { incident: string; lesson: string },
  { id, answer, run, words }: NewAnswer,
): Promise<void> {
  const incident = await getIncident(services, viewer, of.incident)
  if (words === '' && (answer === 'done' || answer === 'aside'))
    throw InvalidInput.at('words', `recovery.invalid.words-${answer}`)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const inTx = { ...services, db: tx }
    const lesson = await getLesson(inTx, viewer, incident.id, of.lesson)
    if (lesson.answer?.id === id) return
    if (lesson.answer) throw new Refusal('recovery.lesson-answered')
    if (answer === 'plan') {
      if (run === undefined) throw InvalidInput.at('run', 'recovery.invalid.run')
      if (!mayGoIntoPlan(lesson, incident)) throw InvalidInput.at('run', 'recovery.invalid.run-marking')
      const { happened, change } = lesson.content
      await addLesson(
        inTx,
        viewer,
        { incident: incident.id, run },
        { id: lesson.id, step: '', words: `${change}\n${happened}` },
      )
    }
    await tx
      .insertInto('home.recovery_lesson_answer')
      .values({
        ...{ lesson: lesson.id, id, answer, words, run: answer === 'plan' ? (run ?? null) : null },
        ...{ by_person: viewer.person.id, at: services.clock.now() },
      })
      .execute()
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'recovery-lesson-answered' })
  })
  publishChange(services, incident.id)
}

/** A lesson of a response plan is as visible as the incident, and no narrower one becomes it. */
export const mayGoIntoPlan = ({ tlp }: Pick<Lesson, 'tlp'>, { marking }: Pick<Incident, 'marking'>): boolean =>
  tlpRank(tlp) <= tlpRank(marking)
