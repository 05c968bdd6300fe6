import { formatDate, type Translate } from '../../../text/index.ts'
import { Pairs } from '../../../web/index.ts'
import type { TermsOfUse } from '../acts.ts'

/** A calendar day of an act; it belongs to no zone. */
export const dayIn = (day: string, language: string) => formatDate(Date.parse(`${day}T00:00:00Z`), 'UTC', language)

/** Terms of use as term and detail, for pages and sheets. */
export function termsLines(terms: TermsOfUse, t: Translate, language: string): { term: string; detail: string }[] {
  const line = (name: string, detail: string | undefined) =>
    detail === undefined ? [] : [{ term: t(`assistance.field.${name}`), detail }]
  return [
    ...line('purpose', t(`assistance.purpose.${terms.purpose}`)),
    ...line('onward', t(`assistance.onward.${terms.onward}`)),
    ...line('confidential', terms.confidential ? t('assistance.terms.is-confidential') : undefined),
    ...line('returnBy', terms.returnBy && dayIn(terms.returnBy, language)),
    ...line('deleteBy', terms.deleteBy && dayIn(terms.deleteBy, language)),
  ]
}

export function TermsOfUseLines({ terms, t, language }: { terms: TermsOfUse; t: Translate; language: string }) {
  return <Pairs items={termsLines(terms, t, language)} />
}
