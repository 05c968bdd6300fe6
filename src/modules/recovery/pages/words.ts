import type { Visit } from '../../../core/module/types.ts'
import { direction, formatDateTime, formatDuration, formatList, isolate } from '../../../text/index.ts'
import type { Stretch } from '../../incidents/index.ts'
import type { Loaded } from '../load-page.ts'
import { momentOf } from '../plan/moment.ts'
import type { RecoveryPlan, Service } from '../plan/read-plans.ts'
import type { Target } from '../plan/targets.ts'
import type { ServiceContent } from '../tables.ts'

const minuteMs = 60_000

export const nameIn = ({ services, off }: RecoveryPlan, id: string): string | undefined =>
  [...services, ...off].find((one) => one.id === id)?.content.name

/** A name of either direction, kept from turning the words of a right-to-left page round. */
export const inside = (language: string, name: string): string => (direction(language) === 'rtl' ? isolate(name) : name)

/** Names of services, those that are hidden from the reader counted. */
export function namesIn(visit: Visit, plan: RecoveryPlan, ids: readonly string[]): string {
  const names = ids.flatMap((id) => {
    const name = nameIn(plan, id)
    return name === undefined ? [] : [inside(visit.language, name)]
  })
  const hidden = ids.length - names.length
  const all = [...names, ...(hidden > 0 ? [visit.t('recovery.hidden', { count: hidden })] : [])]
  return all.length === 0 ? '–' : formatList(all, visit.language)
}

type Reading = Pick<Visit, 't' | 'language' | 'viewer'>

export const moment = ({ viewer, language }: Pick<Visit, 'viewer' | 'language'>, ms: number): string =>
  formatDateTime(ms, viewer.person.zone, language)

/** A stretch of time as the reader lives it. */
export function stretchWords(reading: Reading, { from, until }: Stretch): string {
  if (from !== undefined && until !== undefined && from !== until)
    return reading.t('particulars.when.between', { from: moment(reading, from), until: moment(reading, until) })
  if (from !== undefined) return moment(reading, from)
  return until === undefined ? '–' : reading.t('particulars.when.before', { time: moment(reading, until) })
}

export const stateWords = ({ t }: Visit, { course, standing }: Service): string =>
  course ? t(`recovery.state.${course.state}`) : t(`recovery.standing.${standing}`)

export const ownerWords = ({ t }: Visit, { holder }: Loaded, { owner }: ServiceContent): string =>
  holder(owner) ?? t('recovery.owner-gone')

/** When it can be expected: as reckoned, or no sooner than, or that nobody says. */
export function expectedWords(visit: Visit, plan: RecoveryPlan, { outlook }: Service): string {
  if (!outlook) return '–'
  const silent = () => namesIn(visit, plan, outlook.silent)
  if (outlook.expected !== undefined) return moment(visit, outlook.expected)
  return outlook.notBefore === undefined
    ? visit.t('recovery.expected.silent', { names: silent() })
    : visit.t('recovery.expected.not-before', { time: moment(visit, outlook.notBefore), names: silent() })
}

/** What was said of it by those who answer for it, and that it cannot be so where it cannot. */
export function saidWords(visit: Visit, { forecast, outlook }: Service): string {
  if (!forecast) return '–'
  if (forecast.expected === undefined) return visit.t('recovery.said.cannot-say')
  const time = moment(visit, forecast.expected)
  if (forecast.isPassed) return visit.t('recovery.said.passed', { time })
  return outlook?.notBefore !== undefined && outlook.notBefore > forecast.expected
    ? visit.t('recovery.said.too-soon', { time })
    : time
}

export function targetWords(visit: Visit, { kind, dueAt, isRough }: Target): string {
  return visit.t('recovery.target.line', {
    kind: visit.t(`recovery.target.${kind}`),
    time: moment(visit, dueAt),
    rough: isRough ? 'yes' : 'no',
  })
}

/** How a target stands: met, overdue by, and whether what can be expected keeps it. */
export function againstWords(visit: Visit, plan: RecoveryPlan, { dueAt, state }: Target, { outlook }: Service): string {
  const { t, language } = visit
  const length = (ms: number) => formatDuration(Math.max(minuteMs, Math.round(ms / minuteMs) * minuteMs), language)
  const stands = state === 'overdue' ? t('recovery.against.overdue', { by: length(plan.now - dueAt) }) : ''
  if (state !== 'running' && state !== 'overdue') return t(`recovery.against.${state}`)
  const { notBefore, expected } = outlook ?? {}
  if (notBefore === undefined) return [stands, t('recovery.against.no-word')].filter(Boolean).join(' ')
  if (notBefore > dueAt)
    return [stands, t('recovery.against.late', { by: length(notBefore - dueAt) })].filter(Boolean).join(' ')
  return expected === undefined ? t('recovery.against.open') : t('recovery.against.in-time')
}

/** The targets a plan gives a service, as they were set. */
export function lengthWords(visit: Visit, { rto, rpo, mtpd, by }: ServiceContent): string[] {
  const length = (minutes: number) => formatDuration(minutes * minuteMs, visit.language)
  return [
    ...(by
      ? [`${visit.t('recovery.field.by')}: ${moment(visit, momentOf(by))} (${by.local.replace('T', ' ')} ${by.zone})`]
      : []),
    ...(rto === null ? [] : [`${visit.t('recovery.field.rto')}: ${length(rto)}`]),
    ...(rpo === null ? [] : [`${visit.t('recovery.field.rpo')}: ${length(rpo)}`]),
    ...(mtpd === null ? [] : [`${visit.t('recovery.field.mtpd')}: ${length(mtpd)}`]),
  ]
}
