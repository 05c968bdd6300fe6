import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { formRoute as formAnywhere, type Returned } from '../frame/index.ts'
import { formRoute, idOf } from '../incidents/index.ts'
import { readRuns } from '../preparedness/index.ts'
import * as inputs from './inputs.ts'
import { answerLesson } from './lessons/answer-lesson.ts'
import { whatBecame } from './lessons/became.ts'
import { beginDraft, spacesForText } from './lessons/begin-draft.ts'
import { getLesson, readLessons } from './lessons/read-lessons.ts'
import { writeLesson } from './lessons/write-lesson.ts'
import { loadPage } from './load-page.ts'
import { LessonPage } from './pages/lesson-page.tsx'
import { LessonsPage } from './pages/lessons-page.tsx'

const at = '/incidents/:incident/recovery/lessons'

/** Lessons of a recovery: read by whoever knows of the incident, written and answered by its desk. */
export function lessonRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: at,
      permission: 'incidents:read',
      summary: 'What the recovery of an incident taught, and what became of it',
      handle: (visit) => lessonsPage(visit),
    },
    {
      method: 'GET',
      path: `${at}/:lesson`,
      permission: 'incidents:read',
      summary: 'One lesson of a recovery, and the forms to say what becomes of it',
      handle: (visit) => lessonPage(visit),
    },
    formRoute(
      {
        path: 'recovery/lessons',
        name: 'lessons',
        input: inputs.lessonInput,
        to: (_data, { values }) => `/recovery/lessons/${values?.id}`,
        summary: 'Write down a lesson of a recovery',
        again: lessonsPage,
      },
      ({ services, viewer, input }, incident) => writeLesson(services, viewer, incident, input),
    ),
    formRoute(
      {
        path: 'recovery/lessons/:lesson/answer',
        name: 'answer',
        input: inputs.answerInput,
        to: (_data, { params }) => `/recovery/lessons/${params.lesson}#became`,
        summary: 'Say what becomes of a lesson of a recovery',
        again: lessonPage,
        // What was learnt stays where it was written, and is answered there.
        evenMerged: true,
      },
      ({ services, viewer, params, input: { run, ...input } }, incident) =>
        answerLesson(
          services,
          viewer,
          { incident, lesson: params.lesson ?? '' },
          { ...input, ...(run !== undefined && { run }) },
        ),
    ),
    formAnywhere(
      {
        path: `${at}/:lesson/draft`,
        name: 'draft',
        input: inputs.draftInput,
        permission: 'incidents:draft',
        notice: 'recovery.lesson.begun',
        summary: 'Begin the text or request that a lesson of a recovery becomes',
        again: lessonPage,
      },
      (visit) => {
        const { services, viewer, params, input } = visit
        const { id, space } = input
        return beginDraft(
          services,
          viewer,
          { incident: idOf(visit), lesson: params.lesson ?? '' },
          { id, ...(space !== undefined && { space }) },
        )
      },
    ),
  ]
}

async function lessonsPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadPage(visit)
  const { id } = loaded.incident
  const lessons = await readLessons(visit.services, visit.viewer, { incident: id })
  if (visit.wantsJson && !returned) return { data: { ...lessons } }
  return { page: <LessonsPage visit={visit} loaded={loaded} lessons={lessons} {...(returned && { returned })} /> }
}

async function lessonPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const loaded = await loadPage(visit)
  const { incident } = loaded
  const lesson = await getLesson(services, viewer, incident.id, visit.params.lesson ?? '')
  const [became, runs, spaces] = await Promise.all([
    whatBecame(services, viewer, lesson),
    lesson.answer ? [] : readRuns(services, viewer, { incident: incident.id }),
    lesson.answer?.answer === 'commitment' ? spacesForText(services, viewer, incident) : [],
  ])
  if (visit.wantsJson && !returned) return { data: { lesson, became } as never }
  return { page: <LessonPage {...{ visit, loaded, lesson, became, runs, spaces }} {...(returned && { returned })} /> }
}
