import { formatDateTime, formatDuration, type Translate } from '../../../text/index.ts'
import type { Gap, Shift } from './on-duty.ts'

/** "Ada is paged first, in place of Ben." */
export function firstInWords([first]: readonly Shift[], t: Translate): string {
  if (!first) return t('directory.rota.nobody')
  const { name, insteadOf } = first
  return insteadOf === undefined
    ? t('directory.rota.first', { name })
    : t('directory.rota.first-instead', { name, instead: insteadOf })
}

/** "Sunday 22 November 2026, 06:00 UTC+1 – 08:00 UTC+1 (2 hours)": exact, by the clocks of `zone`. */
export function gapInWords({ from, until }: Gap, zone: string, language: string): string {
  const at = (ms: number) => formatDateTime(ms, zone, language, { weekday: true })
  return `${at(from)} – ${at(until)} (${formatDuration(until - from, language)})`
}
