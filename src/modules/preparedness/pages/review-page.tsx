import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDuration } from '../../../text/index.ts'
import { Button, Form, Hidden, Quiet, Section, Select, Table, TextArea } from '../../../web/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import type { Names } from '../plan/load-names.ts'
import type { Lesson } from '../run/lessons.ts'
import type { Run, StepStanding } from '../run/read-runs.ts'
import { type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { runVersion } from './parts.tsx'
import { countWords } from './runs-page.tsx'

interface Props {
  visit: Visit
  incident: Incident
  run: Run
  names: Names
  lessons: readonly Lesson[]
  returned?: Returned
}

/** Looking back on a run: what went otherwise, what came late, and what is learned from it. */
export function ReviewPage(props: Props) {
  const { visit, incident, run, names, lessons, returned } = props
  const { t, viewer } = visit
  const at = `/incidents/${incident.id}/plans/${run.id}`
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('preparedness.review.title')}
      lead={t('preparedness.review.lead', { name: run.content.name, version: runVersion(visit, run) })}
      back={{ href: at, label: t('preparedness.review.back') }}
    >
      <WhatIsWrong returned={returned} />
      <p>{countWords(visit, run)}</p>
      <Departures {...props} />
      <Late {...props} />
      <Section title={t('preparedness.lessons')} id="lessons">
        {lessons.length === 0 && <Quiet>{t('preparedness.review.no-lessons')}</Quiet>}
        <ul>
          {lessons.map((lesson) => (
            <li key={lesson.id}>
              <span dir="auto">{lesson.words}</span>{' '}
              <a href={`/plans/${run.plan.id}#lesson-${lesson.id}`}>
                {t(
                  lesson.answer
                    ? lesson.answer.version === undefined
                      ? 'preparedness.review.aside'
                      : 'preparedness.review.taken'
                    : 'preparedness.lesson.open',
                  { number: lesson.answer?.version ?? 0 },
                )}
              </a>
              <Signed visit={visit} by={names.person(lesson.by)} at={lesson.at} />
            </li>
          ))}
        </ul>
        {viewer.may('incidents:draft') && <LessonForm {...props} />}
      </Section>
    </RecordFrame>
  )
}

function Departures({ visit, run, names }: Props) {
  const { t } = visit
  const departed = run.steps.filter(({ state }) => state === 'otherwise')
  const services = run.services.filter(({ state }) => state === 'otherwise')
  const count = departed.length + services.length + (run.emergency ? 1 : 0)
  return (
    <Section title={t('preparedness.review.departures', { count })} id="departures">
      {count === 0 && <Quiet>{t('preparedness.review.no-departures')}</Quiet>}
      <ul>
        {run.emergency && (
          <li>
            {t('preparedness.emergency.departure')}: <bdi>{run.emergency.reason}</bdi>
            <Signed visit={visit} by={names.person(run.emergency.by)} at={run.emergency.at} />
          </li>
        )}
        {departed.map(({ step, mark }) => (
          <li key={step.id}>
            <bdi>{step.title}</bdi>: <bdi>{mark?.words}</bdi>
            {mark && <Signed visit={visit} by={names.person(mark.by)} at={mark.at} />}
          </li>
        ))}
        {services.map(({ service, mark }) => (
          <li key={service.id}>
            {t('preparedness.item.services')} · <bdi>{service.name}</bdi>: <bdi>{mark?.words}</bdi>
            {mark && <Signed visit={visit} by={names.person(mark.by)} at={mark.at} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Steps that were done late, or are overdue still. */
const isLate = ({ clockState }: StepStanding): boolean => clockState === 'overdue' || clockState === 'met-late'

function Late({ visit, run }: Props) {
  const { t, language } = visit
  const late = run.steps.filter(isLate)
  return (
    <Section title={t('preparedness.review.late', { count: late.length })} id="late">
      {late.length === 0 && <Quiet>{t('preparedness.review.none-late')}</Quiet>}
      {late.length > 0 && (
        <Table
          caption={t('preparedness.review.late-caption')}
          quietCaption
          numeric={[1]}
          head={[t('preparedness.figures.step'), t('preparedness.review.by'), t('preparedness.review.state')]}
          rows={late.map(({ step, dueAt = 0, mark }) => [
            <bdi>{step.title}</bdi>,
            formatDuration(Math.max(60_000, (mark?.at ?? run.now) - dueAt), language),
            t(mark ? 'preparedness.review.done-late' : 'preparedness.review.still-open'),
          ])}
        />
      )}
    </Section>
  )
}

function LessonForm({ visit, incident, run, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'lesson')
  return (
    <Form action={`/incidents/${incident.id}/plans/${run.id}/lessons`}>
      <Hidden name="id" value={newId()} />
      <TextArea
        name="words"
        label={t('preparedness.review.words')}
        rows={3}
        value={value('words')}
        error={error('words')}
        required
        maxlength={2000}
      />
      <Select
        name="step"
        label={t('preparedness.review.about')}
        value={value('step')}
        error={error('step')}
        required={false}
        placeholder={t('preparedness.review.whole')}
        options={run.steps.map(({ step }) => ({ value: step.id, label: step.title }))}
      />
      <Button label={t('preparedness.review.save')} />
    </Form>
  )
}
