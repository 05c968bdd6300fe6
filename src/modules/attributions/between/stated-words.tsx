import { isMessageKey, type Translate } from '../../../text/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { TlpLabel } from '../../../web/index.ts'
import type { StatedBody } from './acts.ts'

/** A word of a list that another version of the software may know better than this one. */
const wordIn = (t: Translate, list: string, word: string): string =>
  isMessageKey(`${list}.${word}`) ? t(`${list}.${word}`) : word

/** Likelihood in a word of its scheme, and confidence, as two statements. */
export function likelihoodText(t: Translate, assessment: StatedBody['assessment']): string | undefined {
  if (!assessment) return undefined
  return t('attributions.stated.assessment', {
    word: wordIn(t, 'incidents.probability', assessment.word),
    scheme: assessment.scheme.toUpperCase().replaceAll('-', ' '),
    confidence: wordIn(t, 'incidents.confidence', assessment.confidence),
  })
}

/** Items of evidence as an act names them: number, grade, marking, and their words where they are there. */
export function StatedItems({
  t,
  items,
  words,
}: {
  t: Translate
  items: readonly { number: number; grade: string; tlp: Tlp }[]
  words: readonly { words: string }[]
}) {
  if (items.length === 0) return <p class="quiet">{t('attributions.stated.no-items')}</p>
  return (
    <ul>
      {items.map(({ number, grade, tlp }, at) => (
        <li key={number}>
          {t('attributions.stated.item', { number, grade })} {words[at] && <bdi>{words[at].words}</bdi>}{' '}
          <TlpLabel marking={{ tlp }} />
        </li>
      ))}
    </ul>
  )
}
