import type { Translate } from '../../text/index.ts'
import type { Standing } from '../../core/witnessing/index.ts'

/** How far an act has come, in the words of the pages. */
export type FinalityWord = 'sent' | Standing['word']

/** Full dots of four. */
export const finalityLevel: Record<FinalityWord, 1 | 2 | 3 | 4> = {
  sent: 1,
  'on-the-record': 2,
  witnessed: 3,
  'confirmed-by-all': 4,
}

/** The word beside an act, with how many hold it while some are still waited for. */
export function standingText(standing: Standing, t: Translate): string {
  return t(`spaces.finality.${standing.word}`, { count: standing.holders.length + standing.witnesses.length })
}

/** Whose word is still missing for the next level, and for which; undefined when nothing is. */
export function missingText(
  { word, missing }: Standing,
  { t, nameOf, list }: { t: Translate; nameOf(name: string): string; list(names: string[]): string },
): string | undefined {
  const level = missing.witnessed.length > 0 ? 'witnessed' : 'confirmed-by-all'
  if (missing[level].length === 0 || word === level) return undefined
  return t(`spaces.finality.missing.${level}`, { parties: list(missing[level].map(nameOf)) })
}
