export {
  alphabetical,
  formatDate,
  formatDateTime,
  formatDuration,
  formatList,
  formatNumber,
  formatSize,
  formatTime,
  isolate,
  isZone,
  weekdayName,
  zoneLabel,
  zoneOr,
} from './format.ts'
export { alternat } from './alternat.ts'
export { direction, languageFrom, languageName } from './languages.ts'
export { addLanguages, createTranslator, isMessageKey, languages } from './translator.ts'
export type { Translate } from './types.ts'
