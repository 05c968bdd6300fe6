import type { Visit } from '../../../core/module/types.ts'

/** "likely (ICD 203)": the word never without its scheme. */
export const probabilityWords = ({ t }: Pick<Visit, 't'>, one: { scheme: string; word: string }): string =>
  t('weighing.word-of', { word: t(`incidents.probability.${one.word}`), scheme: schemeName(one.scheme) })

const schemeName = (scheme: string) => scheme.toUpperCase().replace('-', ' ')

/** Likelihood and confidence as two statements, the word always with its scheme. */
export function assessmentWords(
  { t }: Pick<Visit, 't'>,
  one: { scheme: string; word: string; confidence: string },
  hypothesis: number,
): string {
  return t('incidents.weighing.assessment-line', {
    hypothesis,
    word: t(`incidents.probability.${one.word}`),
    scheme: schemeName(one.scheme),
    confidence: t(`incidents.confidence.${one.confidence}`),
  })
}
