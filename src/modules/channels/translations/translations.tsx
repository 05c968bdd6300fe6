import { createTranslator, direction, languageName } from '../../../text/index.ts'
import { translatedSignatureLine } from '../signature/signature.ts'
import type { NoteBody, NoteText } from '../acts.ts'

/** Translations of a note after its text, each under words in its own language that say that it is none that counts. */
export function Translations({ body, text }: { body: NoteBody; text: NoteText }) {
  return (
    <>
      {(text.translations ?? []).map((one) => {
        const { language, subject, opening, paragraphs, closing } = one
        const signature = translatedSignatureLine(body, text, one)
        const t = createTranslator(language)
        return (
          <div class="translation" key={language} lang={language} dir={direction(language)}>
            <p class="letterhead">
              <strong>{t('channels.translation.courtesy')}</strong>
            </p>
            <p class="reg">{t('channels.translation.authentic', { language: languageName(body.language) })}</p>
            <p>
              <strong>{subject}</strong>
            </p>
            {opening && <p>{opening}</p>}
            {paragraphs.map((paragraph, index) => (
              <p key={index}>{paragraph}</p>
            ))}
            {body.impliesNoAttribution && <p>{t('channels.note.no-attribution-sentence')}</p>}
            {closing && <p>{closing}</p>}
            {text.signatory && <p class="signatory">{text.signatory}</p>}
            {signature && <p class="signatory">{signature}</p>}
          </div>
        )
      })}
    </>
  )
}
