import type { Visit } from '../../../core/module/types.ts'
import { Pairs, Paper } from '../../../web/index.ts'
import { Signed, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import { probabilityWords } from '../weigh/assessment-words.ts'
import { stepName } from '../weigh/responsibility-section.tsx'
import { confidenceReasons } from '../weigh/record-assessment.ts'
import type { AssessmentProps } from './assessment-props.ts'
import { ChallengesSection } from './challenges-section.tsx'
import { DissentsSection } from './dissents-section.tsx'
import { RestsSection } from './rests-section.tsx'

/** One assessment as it was recorded, with whoever disagrees and what it was put to. */
export function AssessmentPage(props: AssessmentProps) {
  const { visit, loaded, assessment, returned } = props
  const { t } = visit
  const { incident, weighing, names } = loaded
  const hypothesis = weighing.hypotheses.find(({ id }) => id === assessment.hypothesis)
  const isLatest = weighing.assessments.at(-1)?.id === assessment.id
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('weighing.assessment.title', { number: assessment.number })}
      lead={t(isLatest ? 'weighing.assessment.latest' : 'weighing.assessment.earlier')}
      back={{ href: `/incidents/${incident.id}/weighing`, label: t('incidents.weighing.title') }}
    >
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      <Paper>
        <Pairs
          items={[
            {
              term: t('incidents.weighing.hypothesis'),
              detail: (
                <>
                  {t('incidents.hypothesis-short', { number: hypothesis?.number ?? 0 })} <bdi>{hypothesis?.words}</bdi>
                </>
              ),
            },
            props.placed && {
              term: t('weighing.responsibility.title'),
              detail: (
                <a href={`/incidents/${incident.id}/hypotheses/${assessment.hypothesis}#responsibility`}>
                  {stepName(visit, props.placed.step)}
                </a>
              ),
            },
            { term: t('incidents.weighing.probability'), detail: <Likelihood visit={visit} assessment={assessment} /> },
            {
              term: t('incidents.weighing.confidence'),
              detail: t(`incidents.confidence.${assessment.confidence}`),
            },
            ...confidenceReasons.map((one) => ({
              term: t(`weighing.reasons.${one}`),
              detail: <span dir="auto">{assessment.reasons?.[one] ?? t('weighing.reasons.not-asked')}</span>,
            })),
            { term: t('incidents.weighing.why'), detail: <span dir="auto">{assessment.why}</span> },
          ]}
        />
      </Paper>
      <Signed visit={visit} by={names.get(assessment.by) ?? assessment.by} at={assessment.at} />
      <RestsSection {...props} />
      <DissentsSection {...props} />
      <ChallengesSection {...props} />
    </RecordFrame>
  )
}

/** The word with its scheme and the band it had that day, and what others would call it. */
function Likelihood({ visit, assessment }: Pick<AssessmentProps, 'visit' | 'assessment'>) {
  const { t } = visit
  const { scheme, word, band } = assessment
  return (
    <>
      {probabilityWords(visit, assessment)}
      {band && `, ${t('weighing.scales.percent', band)}`} ·{' '}
      <a href={`/incidents/probability-words?word=${scheme}:${word}`}>{t('weighing.scales.theirs')}</a>
    </>
  )
}

const labelsOf = ({ t }: Visit) => ({
  why: t('weighing.affected.why'),
  words: t('weighing.dissent.words'),
  alternative: t('weighing.dissent.alternative'),
  probability: t('weighing.dissent.own'),
  kind: t('weighing.dissent.what'),
  method: t('weighing.challenge.method'),
  task: t('weighing.challenge.task'),
  asked: t('weighing.challenge.asked'),
  dueOn: t('weighing.challenge.due'),
  outcome: t('weighing.challenge.outcome'),
})
