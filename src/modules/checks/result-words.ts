import { formatDate, formatDuration, formatNumber, type Translate } from '../../text/index.ts'
import type { CoarseCount } from './coarse-count.ts'
import { spanMs } from './due-in-openings.ts'
import type { ResultRow } from './queries.ts'

/** "27 or more of 30 parties answered in time"; or that too few were asked to say anything. */
export function figuresInWords(figures: CoarseCount | undefined, language: string, t: Translate): string {
  if (!figures) return t('checks.result.too-few')
  const { asked, answered } = figures
  const how = answered.from === answered.to ? 'exact' : answered.from === 0 ? 'at-most' : 'at-least'
  return t(`checks.result.${how}`, {
    asked,
    askedText: formatNumber(asked, language),
    count: formatNumber(how === 'at-most' ? answered.to : answered.from, language),
  })
}

/** Figures of a published result; undefined where none were published. */
export function figuresOf(result: Pick<ResultRow, 'asked' | 'at_least' | 'at_most'>): CoarseCount | undefined {
  const { asked, at_least: from, at_most: to } = result
  return asked === null || from === null || to === null ? undefined : { asked, answered: { from, to } }
}

/** "from 22 to 25 November 2026, one hour to answer". */
export function spanInWords(
  { opensAt, closesAt, within, zone }: { opensAt: number; closesAt: number; within: string; zone: string },
  language: string,
  t: Translate,
): string {
  return t('checks.span', {
    from: formatDate(opensAt, zone, language),
    to: formatDate(closesAt, zone, language),
    within: formatDuration(spanMs(within), language),
  })
}
