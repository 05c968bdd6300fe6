import type { Visit } from '../../../core/module/types.ts'
import { Pairs, Paper } from '../../../web/index.ts'
import { Signed, WhatIsWrong } from '../pages/parts.tsx'
import { RecordFrame } from '../pages/record-frame.tsx'
import { probabilityWords } from '../weigh/assessment-words.ts'
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
            { term: t('incidents.weighing.probability'), detail: probabilityWords(visit, assessment) },
            {
              term: t('incidents.weighing.confidence'),
              detail: t(`incidents.confidence.${assessment.confidence}`),
            },
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
