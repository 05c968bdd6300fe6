import type { Visit } from '../../../core/module/types.ts'
import { Quiet } from '../../../web/index.ts'
import { Signed } from '../../frame/index.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import { probabilityWords } from '../weigh/assessment-words.ts'
import type { Assessment } from '../weigh/weighing.ts'
import type { Dissent } from './dissents.ts'

interface Props {
  visit: Visit
  loaded: Pick<LoadedIncident, 'weighing' | 'names'>
  assessment: Pick<Assessment, 'dissents' | 'hypothesis'>
}

/** Who disagrees with an assessment, in their own words, and what was answered. Stands wherever the assessment stands. */
export function AssessmentDissents({ visit, loaded, assessment }: Props) {
  const { t } = visit
  const { dissents } = assessment
  if (dissents.length === 0) return null
  return (
    <>
      <p>
        <strong>{t('weighing.dissent.count', { count: dissents.length })}</strong>
      </p>
      <ul>
        {dissents.map((one) => (
          <li key={one.id} id={`dissent-${one.id}`}>
            <DissentWords {...{ visit, loaded, assessment, one }} />
          </li>
        ))}
      </ul>
    </>
  )
}

function DissentWords({ visit, loaded: { weighing, names }, assessment, one }: Props & { one: Dissent }) {
  const { t } = visit
  const numberOf = (id: string) => weighing.hypotheses.find((other) => other.id === id)?.number ?? 0
  const held = numberOf(one.alternative ?? assessment.hypothesis)
  return (
    <>
      {t(`weighing.dissent.state-${one.state}`)} <bdi>{one.words}</bdi>
      {one.own
        ? ` ${t('weighing.dissent.holds-likely', { number: held, likely: probabilityWords(visit, one.own) })}`
        : one.alternative && ` ${t('weighing.dissent.holds', { number: held })}`}
      <Signed visit={visit} by={names.get(one.by) ?? one.by} at={one.at} />
      {one.steps.map((step) => (
        <div key={step.id}>
          <Quiet>
            {t(`weighing.dissent.step-${step.kind}`)} <bdi>{step.words}</bdi>
          </Quiet>
          <Signed visit={visit} by={names.get(step.by) ?? step.by} at={step.at} />
        </div>
      ))}
    </>
  )
}
