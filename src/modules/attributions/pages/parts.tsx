import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import type { ClaimContent } from '../tables.ts'

export const pathOf = ({ id }: Pick<Incident, 'id'>): string => `/incidents/${id}/attributions`

/** A page about the attribution of an incident: a record at home, and it says so. */
export function AttributionFrame({
  visit,
  incident,
  sub = false,
  ...rest
}: {
  visit: Visit
  incident: Incident
  title: string
  lead?: string
  actions?: ComponentChildren
  /** Leads back to the register, not to the incident. */
  sub?: boolean
  children: ComponentChildren
}) {
  const back = sub ? { href: pathOf(incident), label: visit.t('attributions.back') } : undefined
  return <RecordFrame visit={visit} incident={incident} back={back} {...rest} />
}

/** A day of a calendar, or a month or a year where no more is known. */
export function dayIn(day: string, language: string): string {
  if (day.length === 10) return formatDate(Date.parse(`${day}T00:00:00Z`), 'UTC', language)
  const [year = '', month] = day.split('-')
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    timeZone: 'UTC',
    calendar: 'gregory',
    ...(month && { month: 'long' }),
  }
  return new Intl.DateTimeFormat(language, options).format(Date.UTC(Number(year), Number(month ?? 1) - 1))
}

/** Who made an attribution, in words of the page. */
export function makerWords(
  { t, services, language }: Pick<Visit, 't' | 'services' | 'language'>,
  { maker, name }: Pick<ClaimContent, 'maker' | 'name'>,
): string {
  if (maker === 'us') return services.nameOf(services.party, language)
  if (maker === 'attacker') return t('attributions.maker.attacker')
  return maker === 'party' ? services.nameOf(name, language) : name
}
