export { mark, mayLeave, originatorControl, reveal } from './gate.ts'
export { covers, markingText, narrowest, papText, parsePap, parseTlp, tlpRank, tlpText } from './labels.ts'
export type { Exit, GateFacts, Marked, MarkingReader, Revealed, Withheld } from './types.ts'
