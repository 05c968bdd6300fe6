import type { Translate } from '../../../text/types.ts'
import { languageName, languages } from '../../../text/index.ts'
import { Details, Field, Quiet, TextArea } from '../../../web/index.ts'
import { translationField } from './translation-input.ts'

/** For each other language of the house a translation, folded until one is written. */
export function TranslationFields({
  t,
  authentic,
  typed,
  errors,
  hasCourtesies,
}: {
  t: Translate
  /** Language in which the text counts. */
  authentic: string
  typed: Record<string, unknown>
  errors: Record<string, string>
  hasCourtesies: boolean
}) {
  const value = (name: string) => String(typed[name] ?? '')
  const offered = languages().filter((one) => one !== authentic || value(translationField(one, 'text')) !== '')
  return (
    <fieldset>
      <legend>{t('channels.translation.legend')}</legend>
      <Quiet small>{t('channels.translation.hint')}</Quiet>
      {offered.map((language) => {
        const name = (part: Parameters<typeof translationField>[1]) => translationField(language, part)
        const isFilled = (['subject', 'text'] as const).some((part) => value(name(part)) !== '' || errors[name(part)])
        return (
          <Details key={language} summary={<bdi>{languageName(language)}</bdi>} open={isFilled}>
            <Field
              name={name('subject')}
              label={t('channels.note.subject')}
              value={value(name('subject'))}
              error={errors[name('subject')]}
              required={false}
              maxlength={300}
              language={language}
            />
            {hasCourtesies && (
              <TextArea
                name={name('opening')}
                label={t('channels.note.opening')}
                hint={t('channels.translation.courtesy-hint')}
                value={value(name('opening'))}
                error={errors[name('opening')]}
                rows={2}
                required={false}
                language={language}
              />
            )}
            <TextArea
              name={name('text')}
              label={t('channels.note.body')}
              value={value(name('text'))}
              error={errors[name('text')]}
              rows={8}
              required={false}
              language={language}
            />
            {hasCourtesies && (
              <TextArea
                name={name('closing')}
                label={t('channels.note.closing')}
                value={value(name('closing'))}
                error={errors[name('closing')]}
                rows={2}
                required={false}
                language={language}
              />
            )}
          </Details>
        )
      })}
    </fieldset>
  )
}
