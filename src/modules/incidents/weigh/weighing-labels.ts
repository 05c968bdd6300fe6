import type { Visit } from '../../../core/module/types.ts'
import { confidenceReasons } from './record-assessment.ts'
import type { Hypothesis } from './weighing.ts'

/** "H1". */
export const hypothesisShort = ({ t }: Visit, hypothesis: { number: number }) =>
  t('incidents.hypothesis-short', { number: hypothesis.number })

/** Names of the fields, for the summary of what needs correcting. */
export function weighingLabels({ t }: Visit, hypotheses: readonly Hypothesis[]): Record<string, string> {
  return {
    statement: t('incidents.weighing.hypothesis'),
    words: t('incidents.weighing.item'),
    source: t('incidents.weighing.source'),
    reliability: t('incidents.weighing.reliability'),
    credibility: t('incidents.weighing.credibility'),
    lens: t('weighing.lens.title'),
    step: t('weighing.responsibility.step'),
    toldOn: t('weighing.responsibility.day'),
    identity: t('need-to-know.source.identity'),
    deputy: t('need-to-know.source.deputy'),
    compartment: t('need-to-know.of'),
    stixId: t('incidents.weighing.object'),
    tlp: t('incidents.open.marking'),
    hypothesis: t('incidents.weighing.hypothesis'),
    probability: t('incidents.weighing.probability'),
    confidence: t('incidents.weighing.confidence'),
    ...Object.fromEntries(confidenceReasons.map((one) => [one, t(`weighing.reasons.${one}`)])),
    why: t('incidents.weighing.why'),
    ...Object.fromEntries(
      hypotheses.map((one) => [`mark-${one.number}`, t('incidents.weighing.mark-for', { number: one.number })]),
    ),
  }
}
