import type { SpaceFacts } from '../../core/module/types.ts'
import { formatList, formatNumber, type Translate } from '../../text/index.ts'
import { rulesOf } from './nominations.ts'

/** Who may nominate, what notice a change takes, and how often an entry is to be confirmed. */
export function rulesInWords(space: Pick<SpaceFacts, 'terms'>, language: string, t: Translate): string {
  const { notice, refresh, membersOnly } = rulesOf(space)
  const said = [
    t(membersOnly ? 'directory.rules.members-only' : 'directory.rules.each-its-own'),
    ...(notice ? [t('directory.rules.notice', { duration: durationInWords(notice, language) })] : []),
    ...(refresh ? [t('directory.rules.refresh', { duration: durationInWords(refresh, language) })] : []),
  ]
  return said.join(' ')
}

const units = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const

/** `30 days` for `P30D`, `one year` as `1 year`: exactly as agreed, a year is not 365 days. */
function durationInWords(duration: string, language: string): string {
  const parts = Temporal.Duration.from(duration)
  const said = units.flatMap((unit) => {
    const words = { style: 'unit', unit: unit.slice(0, -1), unitDisplay: 'long' } as const
    return parts[unit] === 0 ? [] : [formatNumber(parts[unit], language, words)]
  })
  return formatList(said, language)
}
