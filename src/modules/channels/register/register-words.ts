import type { Services, Visit } from '../../../core/module/types.ts'
import { formatDate, formatList, isolate, type Translate } from '../../../text/index.ts'
import { titleOf } from '../../spaces/index.ts'
import type { FileClass } from './filing.ts'
import type { RegisterEntry } from './list-documents.ts'
import type { Retention } from './retention.ts'

/** "sent", "answered", "withdrawn", and that it was corrected. */
export function stateWords({ state, isCorrected }: Pick<RegisterEntry, 'state' | 'isCorrected'>, t: Translate): string {
  const word = t(`channels.register.state.${state}`)
  return isCorrected ? t('channels.register.corrected', { state: word }) : word
}

type Reading = Pick<Visit, 't' | 'language' | 'services'>

/** Message key of every kind of document that stands in the register, as its module names it. */
export function documentKinds({ modules }: Pick<Services, 'modules'>): Record<string, string> {
  return Object.assign({}, ...modules.map(({ registered }) => registered?.kinds ?? {}))
}

/** What kind of document it is; one of a drill says so first. */
export function formWords({ kind, drill }: Pick<RegisterEntry, 'kind' | 'drill'>, { t, services }: Reading): string {
  const key = documentKinds(services)[kind]
  const word = key === undefined ? kind : t(key)
  return drill === undefined ? word : t('channels.register.drill', { form: word })
}

/** From whom it came, to whom it went. */
export function partyWords(
  { direction, parties, to }: Pick<RegisterEntry, 'direction' | 'parties' | 'to'>,
  { t, language, services }: Reading,
): string {
  const names = to ? [titleOf(to, language)] : parties.map((one) => services.nameOf(one, language))
  return `${t(`channels.register.${direction}`)} ${formatList(names, language)}`
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

/** The same, or the archive it was handed to: without a receipt nobody knows that it arrived. */
export function keptWords(
  { retention, transfer }: RegisterEntry,
  { t, language }: Pick<Reading, 't' | 'language'>,
): string {
  if (!transfer) return retentionWords(retention, { t, language })
  const { archive, receivedOn, madeAt } = transfer
  const at = receivedOn === undefined ? madeAt : Date.parse(`${receivedOn}T12:00:00Z`)
  const facts = { archive: isolate(archive), day: formatDate(at, 'UTC', language) }
  return t(`channels.register.kept.${receivedOn === undefined ? 'packed' : 'transferred'}`, facts)
}

/** What the house called it; codes of the plan it began with have words of their own. */
export function fileTitle({ code, title }: Pick<FileClass, 'code' | 'title'>, t: Translate): string {
  return title === '' ? t(`channels.register.plan.${code}`) : title
}
