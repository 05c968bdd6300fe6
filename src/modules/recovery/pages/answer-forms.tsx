import type { ComponentChildren } from 'preact'
import { newId } from '../../../protocol/index.ts'
import { Button, Details, Form, Hidden, Quiet, Select, TextArea } from '../../../web/index.ts'
import { returnedTo } from '../../frame/index.ts'
import { titleOf } from '../../spaces/index.ts'
import { mayGoIntoPlan } from '../lessons/answer-lesson.ts'
import type { LessonAnswer } from '../vocabulary.ts'
import type { LessonProps } from './lesson-props.ts'

/** What can become of a lesson: one form each, of which one is sent once. */
export function AnswerForms(props: LessonProps) {
  const { visit, loaded, lesson, runs } = props
  const { t } = visit
  return (
    <>
      {runs.length > 0 && mayGoIntoPlan(lesson, loaded.incident) && (
        <AnswerForm {...props} answer="plan">
          <RunField {...props} />
        </AnswerForm>
      )}
      {runs.length > 0 && !mayGoIntoPlan(lesson, loaded.incident) && (
        <Quiet>{t('recovery.lesson.narrower-than-plan')}</Quiet>
      )}
      <AnswerForm {...props} answer="commitment" />
      <AnswerForm {...props} answer="capacity" />
      <AnswerForm {...props} answer="done" />
      <AnswerForm {...props} answer="aside" />
    </>
  )
}

function AnswerForm(props: LessonProps & { answer: LessonAnswer; children?: ComponentChildren }) {
  const { visit, lesson, answer, returned, children } = props
  const { t } = visit
  const isMine = returned?.form === 'answer' && returned.values.answer === answer
  const back = returnedTo(isMine ? returned : undefined, 'answer')
  const title = t(`recovery.lesson.answer.${answer}`)
  return (
    <Details summary={title} open={isMine}>
      <Form action={`/incidents/${lesson.incident}/recovery/lessons/${lesson.id}/answer`} label={title}>
        <Hidden name="id" value={newId()} />
        <Hidden name="answer" value={answer} />
        {children}
        <Quiet small>{t(`recovery.lesson.meaning.${answer}`)}</Quiet>
        <TextArea
          name="words"
          label={t(`recovery.lesson.words.${answer}`)}
          value={back.value('words')}
          error={back.error('words')}
          rows={2}
          required={answer === 'done' || answer === 'aside'}
          maxlength={2_000}
        />
        <Button label={title} />
      </Form>
    </Details>
  )
}

function RunField({ visit: { t }, runs, returned }: LessonProps) {
  const back = returnedTo(returned, 'answer')
  return (
    <Select
      name="run"
      label={t('recovery.field.run')}
      value={back.value('run', runs[0]?.id)}
      error={back.error('run')}
      options={runs.map(({ id, plan }) => ({ value: id, label: plan.latest.content.name }))}
    />
  )
}

/** Goes on to the draft, which begins with what should change. */
export function DraftForm(props: LessonProps & { kind: 'commitment' | 'capacity' }) {
  const { visit, lesson, spaces, returned, kind } = props
  const { t, language, viewer } = visit
  const back = returnedTo(returned, 'draft')
  if (kind === 'capacity' && !viewer.may('channels.note-sent:draft')) return null
  if (kind === 'commitment' && spaces.length === 0) return <Quiet>{t('recovery.lesson.no-space')}</Quiet>
  const label = t(`recovery.lesson.begin.${kind}`)
  return (
    <Form action={`/incidents/${lesson.incident}/recovery/lessons/${lesson.id}/draft`} label={label}>
      <Hidden name="id" value={newId()} />
      {kind === 'commitment' && (
        <Select
          name="space"
          label={t('recovery.field.space')}
          value={back.value('space')}
          error={back.error('space')}
          required
          placeholder={t('incidents.write.choose')}
          options={spaces.map((space) => ({ value: space.id, label: titleOf(space, language) }))}
        />
      )}
      <Button plain label={label} />
      <Quiet small>{t('recovery.lesson.begins-with')}</Quiet>
    </Form>
  )
}
