import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { isMessageKey } from '../../../text/index.ts'
import { findWord, type ProbabilityWord } from './read-probability.ts'

type Reading = Pick<Visit, 't' | 'language' | 'services'>

/** The name of a word: of the file where the house gave one, else of the catalogue. */
export function wordName(
  { t, language }: Pick<Visit, 't' | 'language'>,
  { word, names }: Pick<ProbabilityWord, 'word' | 'names'>,
): string {
  if (names) return named(names, language)
  return isMessageKey(`incidents.probability.${word}`) ? t(`incidents.probability.${word}`) : word
}

/** A word that the file does not have any more is told by what the catalogue or the record calls it. */
function saidIn(reading: Reading, said: { scheme: string; word: string }): { word: string; scheme: string } {
  const found = findWord(reading.services, `${said.scheme}:${said.word}`)
  return {
    word: wordName(reading, found?.word ?? { word: said.word }),
    scheme: found?.scheme.name ?? said.scheme.toUpperCase().replace('-', ' '),
  }
}

/** "likely (ICD 203)": the word never without its scheme. */
export const probabilityWords = (reading: Reading, said: { scheme: string; word: string }): string =>
  reading.t('weighing.word-of', saidIn(reading, said))

/** Likelihood and confidence as two statements, the word always with its scheme. */
export function assessmentWords(
  reading: Reading,
  one: { scheme: string; word: string; confidence: string },
  hypothesis: number,
): string {
  return reading.t('incidents.weighing.assessment-line', {
    hypothesis,
    ...saidIn(reading, one),
    confidence: reading.t(`incidents.confidence.${one.confidence}`),
  })
}
