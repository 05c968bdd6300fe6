import { paragraphsOf } from '../../../core/module/fields.ts'
import { Pairs, Section, TlpLabel } from '../../../web/index.ts'
import { Signed, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame } from '../../incidents/index.ts'
import { AnswerForms, DraftForm } from './answer-forms.tsx'
import { labelsOf } from './labels.ts'
import type { LessonProps } from './lesson-props.ts'
import { dueDay, lessonState } from './lesson-words.ts'
import { namesIn } from './words.ts'

/** One lesson: what happened, what should change, and what became of it, or the forms to say so. */
export function LessonPage(props: LessonProps) {
  const { visit, loaded, lesson, returned } = props
  const { t, viewer } = visit
  const { incident, plan } = loaded
  const { content } = lesson
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={content.change}
      lead={lessonState(visit, lesson)}
      back={{ href: `/incidents/${incident.id}/recovery/lessons`, label: t('recovery.lesson.back') }}
    >
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      <Section title={t('recovery.field.happened')} id="lesson">
        <Paragraphs words={content.happened} />
        <Pairs
          items={[
            {
              term: t('recovery.field.owner'),
              detail: <bdi>{loaded.holder(content.owner) ?? t('recovery.owner-gone')}</bdi>,
            },
            { term: t('recovery.field.due'), detail: dueDay(visit, lesson) },
            ...(content.services.length > 0
              ? [{ term: t('recovery.field.services'), detail: namesIn(visit, plan, content.services) }]
              : []),
            { term: t('markings.marking'), detail: <TlpLabel marking={{ tlp: lesson.tlp }} /> },
          ]}
        />
        <Signed visit={visit} by={loaded.person(lesson.by)} at={lesson.at} />
      </Section>
      <Section title={t('recovery.lesson.became')} id="became">
        <WhatBecame {...props} />
        {!lesson.answer && viewer.may('incidents:draft') && <AnswerForms {...props} />}
      </Section>
    </RecordFrame>
  )
}

const Paragraphs = ({ words }: { words: string }) =>
  paragraphsOf(words).map((one, at) => (
    <p key={at} dir="auto">
      {one}
    </p>
  ))

function WhatBecame(props: LessonProps) {
  const { visit, loaded, lesson, became } = props
  const { t, viewer } = visit
  const { answer } = lesson
  if (!answer) return null
  const leaves = answer.answer === 'commitment' || answer.answer === 'capacity'
  return (
    <>
      <Paragraphs words={answer.words} />
      <Signed visit={visit} by={loaded.person(answer.by)} at={answer.at} />
      {became.plan && (
        <p>
          <a href={became.plan.href}>
            <bdi>{became.plan.name}</bdi>
          </a>
          : {t('recovery.lesson.in-plan', { state: became.plan.state, number: became.plan.version })}
        </p>
      )}
      {became.drafts.length > 0 && (
        <ul>
          {became.drafts.map(({ href, isSent }) => (
            <li key={href}>
              <a href={href}>{t(`recovery.lesson.${isSent ? 'sent' : 'draft'}.${answer.answer}`)}</a>
            </li>
          ))}
        </ul>
      )}
      {leaves && viewer.may('incidents:draft') && <DraftForm {...props} kind={answer.answer as Leaving} />}
    </>
  )
}

type Leaving = 'commitment' | 'capacity'
