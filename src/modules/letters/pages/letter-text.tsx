import { createTranslator, direction, languageName } from '../../../text/index.ts'
import { signatureLine, translatedSignatureLine } from '../../channels/index.ts'
import type { LetterWords } from '../letter-words.ts'
import type { Letter } from '../load-letter.ts'

/** The text of a letter between its head and its proof, with its translations after it. */
export function LetterText({ letter, words }: { letter: Pick<Letter, 'body' | 'text'>; words: LetterWords }) {
  const { body, text } = letter
  const placed = (
    <>
      <p class={words.headStyle ? 'signatory' : undefined}>{words.placeAndDate}</p>
      {body.form !== 'bout-de-papier' && <p>{words.addressee}</p>}
    </>
  )
  return (
    <>
      {words.copy && <p class="reg">{words.copy}</p>}
      {words.banner.length > 2 && <p class="reg">{words.banner.at(-1)}</p>}
      <p class="reg">{words.references.join(' · ')}</p>
      {words.headStyle && placed}
      {!text.opening && <p class="letterhead">{words.form}</p>}
      <h2>{text.subject}</h2>
      {words.sides && <p>{words.sides}</p>}
      {text.opening && <p>{text.opening}</p>}
      {text.paragraphs.map((paragraph, index) => (
        <p key={index}>{paragraph}</p>
      ))}
      {words.noAttribution && <p>{words.noAttribution}</p>}
      {text.closing && <p>{text.closing}</p>}
      {text.signatory && <p class="signatory">{text.signatory}</p>}
      {body.signed && <p class="signatory">{signatureLine(body, text)}</p>}
      {!words.headStyle && placed}
      {words.annexes && <p class="reg">{words.annexes}</p>}
      {words.corrections.map((one) => (
        <p key={one} class="reg">
          {one}
        </p>
      ))}
      {(text.translations ?? []).map((one) => (
        <Translation key={one.language} letter={letter} words={words} one={one} />
      ))}
    </>
  )
}

type TranslationText = NonNullable<Letter['text']['translations']>[number]

function Translation({ letter, words, one }: Parameters<typeof LetterText>[0] & { one: TranslationText }) {
  const { body, text } = letter
  const { language, subject, opening, paragraphs, closing } = one
  const signature = translatedSignatureLine(body, text, one)
  const t = createTranslator(language)
  return (
    <div class="translation" lang={language} dir={direction(language)}>
      <h2>{t('channels.translation.courtesy')}</h2>
      <p class="reg">{t('channels.translation.authentic', { language: languageName(body.language) })}</p>
      <h3>{subject}</h3>
      {opening && <p>{opening}</p>}
      {paragraphs.map((paragraph, index) => (
        <p key={index}>{paragraph}</p>
      ))}
      {words.noAttribution && <p>{t('channels.note.no-attribution-sentence')}</p>}
      {closing && <p>{closing}</p>}
      {text.signatory && <p class="signatory">{text.signatory}</p>}
      {signature && <p class="signatory">{signature}</p>}
    </div>
  )
}
