import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatNumber } from '../../../text/index.ts'
import { countryName, type ParticularKind, type ParticularValue } from './particular.ts'
import { readCategories } from '../vocabularies/read-categories.ts'
import { stretchOf, type When } from './when.ts'

type Reading = Pick<Visit, 't' | 'language' | 'viewer' | 'services'>

/** What a category is called; its code where the file of the house no longer has it. */
export function categoryName(services: Visit['services'], code: string, language: string): string {
  const found = readCategories(services).content.categories.find(({ id }) => id === code)
  return found ? named(found.names, language) : code
}

/** What is stated, in a line. */
export function particularWords(
  { t, language, services }: Reading,
  kind: ParticularKind,
  value: ParticularValue,
): string {
  if (kind === 'sector') return t(`particulars.sector.${value.code}`)
  if (kind === 'category') return categoryName(services, value.code ?? '', language)
  if (kind === 'country') return countryName(value.code ?? '', language) ?? value.code ?? ''
  if (kind !== 'damage') return value.words ?? ''
  const [from, to] = [value.from ?? 0, value.to ?? 0].map((one) => formatNumber(one, language))
  return from === to
    ? t('particulars.amount', { amount: from ?? '', currency: value.currency ?? '' })
    : t('particulars.range', { from: from ?? '', to: to ?? '', currency: value.currency ?? '' })
}

/** A time as it was told, with its zone. */
export function toldTime({ t }: Reading, { precision, local, zone }: When): string {
  if (precision === 'unknown') return t('particulars.when.unknown')
  const time = `${local.replace('T', ' ')} ${zone}`
  return precision === 'before' || precision === 'after' ? t(`particulars.when.${precision}`, { time }) : time
}

/** The same in the reader's own zone: from when to when where it is known no more exactly. */
export function ownTime({ t, language, viewer }: Reading, when: When): string | undefined {
  const { from, until } = stretchOf(when)
  const at = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  if (from !== undefined && until !== undefined)
    return from === until ? at(from) : t('particulars.when.between', { from: at(from), until: at(until) })
  if (until !== undefined) return t('particulars.when.before', { time: at(until) })
  return from === undefined ? undefined : t('particulars.when.after', { time: at(from) })
}
