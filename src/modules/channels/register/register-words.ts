import { formatDate, formatList, type Translate } from '../../../text/index.ts'
import type { FileClass } from './filing.ts'
import type { RegisterEntry } from './list-documents.ts'
import type { Retention } from './retention.ts'

/** "sent", "answered", "withdrawn", and that it was corrected. */
export function stateWords({ state, isCorrected }: Pick<RegisterEntry, 'state' | 'isCorrected'>, t: Translate): string {
  const word = t(`channels.register.state.${state}`)
  return isCorrected ? t('channels.register.corrected', { state: word }) : word
}

/** What kind of document it is; one of a drill says so first. */
export function formWords({ form, drill }: Pick<RegisterEntry, 'form' | 'drill'>, t: Translate): string {
  const word = t(`channels.form.${form}`)
  return drill === undefined ? word : t('channels.register.drill', { form: word })
}

/** How long it is kept and what is then decided. */
export function retentionWords(retention: Retention, { t, language }: { t: Translate; language: string }): string {
  const day = (date: string) => formatDate(Date.parse(`${date}T12:00:00Z`), 'UTC', language)
  switch (retention.kept) {
    case 'unfiled':
      return t('channels.register.kept.unfiled')
    case 'always':
      return t('channels.register.kept.always')
    case 'held':
      return t('channels.register.kept.held', { reasons: formatList(retention.reasons, language) })
    case 'until':
      return t(`channels.register.kept.until-${retention.disposal}`, { day: day(retention.endsOn) })
  }
}

/** What the house called it; codes of the plan it began with have words of their own. */
export function fileTitle({ code, title }: Pick<FileClass, 'code' | 'title'>, t: Translate): string {
  return title === '' ? t(`channels.register.plan.${code}`) : title
}
