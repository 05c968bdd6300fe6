import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatNumber } from '../../../text/index.ts'
import type { Incident } from '../incident.ts'
import type { SeverityAssessment } from './assess.ts'
import { type ComputedSeverity, computeSeverity } from './compute.ts'
import { readSchemes } from './read-schemes.ts'
import type { SeverityScheme } from './scheme.ts'

/** "Severe (8 of 12, Own scheme of Chancery)": never a level without its scheme. */
export function severityLine(
  { t, language, services }: Pick<Visit, 't' | 'language' | 'services'>,
  { severity }: Pick<Incident, 'severity'>,
): string {
  const scheme = severity && readSchemes(services).find(severity.scheme)
  if (!severity || !scheme) return t('severity.none')
  return t('severity.line', {
    level: levelName(scheme, severity.level, language),
    figure: formatNumber(severity.figure, language, figureFormat),
    most: formatNumber(computeSeverity(scheme, {}).most, language),
    scheme: named(scheme.names, language),
  })
}

/** What a level is called; its id where the scheme no longer has it. */
export function levelName(
  scheme: { levels: readonly Pick<SeverityScheme['levels'][number], 'id' | 'names'>[] },
  level: string,
  language: string,
): string {
  const found = scheme.levels.find(({ id }) => id === level)
  return found ? named(found.names, language) : level
}

export const figureFormat = { maximumFractionDigits: 2 } as const

type Reading = Pick<Visit, 't' | 'language'>

/** What answers give under a scheme: a level, or what it lies between while questions are open. */
export function bandWords({ t, language }: Reading, scheme: SeverityScheme, computed: ComputedSeverity): string {
  const { level, range, missing } = computed
  if (level !== undefined) return levelName(scheme, level, language)
  const [lowest, highest] = [range.lowest, range.highest].map((one) => levelName(scheme, one, language))
  const count = missing.length
  return lowest === highest
    ? t('severity.open-yet-sure', { level: lowest ?? '', count })
    : t('severity.open-between', { lowest: lowest ?? '', highest: highest ?? '', count })
}

/** What an assessment gave on its day, in the words of that day. */
export function givenLevel(reading: Reading, scheme: SeverityScheme, given: SeverityAssessment): string {
  const { language } = reading
  if (given.result?.words.level) return named(given.result.words.level, language)
  if (given.level !== undefined) return levelName(scheme, given.level, language)
  return bandWords(reading, scheme, given.result ?? computeSeverity(scheme, given.answers))
}

export const dayWords = (day: string | undefined, language: string): string =>
  day === undefined ? '' : formatDate(Date.parse(day), 'UTC', language)
