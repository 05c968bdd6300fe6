import type { Visit } from '../../../core/module/types.ts'

/** Likelihood and confidence as two statements, the word always with its scheme. */
export function assessmentWords(
  { t }: Pick<Visit, 't'>,
  one: { scheme: string; word: string; confidence: string },
  hypothesis: number,
): string {
  return t('incidents.weighing.assessment-line', {
    hypothesis,
    word: t(`incidents.probability.${one.word}`),
    scheme: one.scheme.toUpperCase().replace('-', ' '),
    confidence: t(`incidents.confidence.${one.confidence}`),
  })
}
