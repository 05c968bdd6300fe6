export {
  bindsNow,
  type Classification,
  type ClassLevel,
  classOf,
  classText,
  declassification,
  declassified,
  type Equivalence,
  equivalentOf,
  isClearedFor,
  noClassification,
  nodeClasses,
  openClasses,
  readClasses,
  type ReleaseGroup,
} from './classification.ts'
export { atHome, isControlled, mark, mayLeave, originatorControl, reveal } from './gate.ts'
export { covers, markingText, narrowest, papText, parsePap, parseTlp, tlpRank, tlpText } from './labels.ts'
export type { Exit, GateFacts, Marked, MarkingReader, Revealed, Withheld } from './types.ts'
