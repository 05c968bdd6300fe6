import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import { paragraphsOf } from '../../../core/module/fields.ts'
import { languages } from '../../../text/index.ts'
import type { NoteText, TranslationText } from '../acts.ts'
import type { NoteForm } from '../form-rules.ts'
import { formRules } from '../form-rules.ts'
import { courtesies } from '../house-style.ts'

const parts = { subject: 300, opening: 2_000, text: 100_000, closing: 2_000 } as const
type Part = keyof typeof parts
type Typed = Record<string, string>

/** Field of one part of the translation into a language: `translation-fr-text`. */
export const translationField = (language: string, part: Part): string => `translation-${language}-${part}`

/** A field per part and language of the house; all may stay empty. */
export const translationFields = Object.fromEntries(
  languages().flatMap((language) =>
    (Object.keys(parts) as Part[]).map((part) => [
      translationField(language, part),
      z.string().trim().max(parts[part]).default(''),
    ]),
  ),
) as Record<string, z.ZodDefault<z.ZodString>>

/** What a form that was filled before says of translations, to be shown again. */
export const typedTranslations = (text: Pick<NoteText, 'translations'> | undefined): Typed =>
  Object.fromEntries(
    (text?.translations ?? []).flatMap(({ language, subject, opening, paragraphs, closing }) => [
      [translationField(language, 'subject'), subject],
      [translationField(language, 'opening'), opening ?? ''],
      [translationField(language, 'text'), paragraphs.join('\n\n')],
      [translationField(language, 'closing'), closing ?? ''],
    ]),
  )

/**
 * The translations somebody typed, with the courtesies of the form where none were written.
 *
 * @throws Refusal of a translation into the authentic language itself, or with a text and no subject or the other way.
 */
export function translationsOf(
  typed: Record<string, unknown>,
  {
    form,
    authentic,
    from,
    to,
  }: { form: NoteForm; authentic: string; from: (language: string) => string; to: (language: string) => string },
): TranslationText[] {
  return languages().flatMap((language) => {
    const part = (name: Part) => String(typed[translationField(language, name)] ?? '')
    const [subject, text] = [part('subject'), part('text')]
    if (subject === '' && text === '') return []
    if (language === authentic)
      throw new Refusal('channels-translation-is-authentic', { field: translationField(language, 'text') })
    if (subject === '' || text === '')
      throw new Refusal('channels-translation-incomplete', {
        field: translationField(language, subject === '' ? 'subject' : 'text'),
      })
    const courtesy = courtesies({ form, language, from: from(language), to: to(language) })
    const hasCourtesies = formRules[form].courtesies
    const opening = hasCourtesies && (part('opening') || courtesy.opening)
    const closing = hasCourtesies && (part('closing') || courtesy.closing)
    return [
      {
        language,
        subject,
        ...(opening && { opening }),
        paragraphs: paragraphsOf(text),
        ...(closing && { closing }),
      },
    ]
  })
}
