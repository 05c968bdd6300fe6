export {
  type Evidence,
  evidenceBytes,
  type EvidenceKind,
  lastingRules,
  maxEvidenceBytes,
  readEvidence,
} from './format.ts'
export { evidenceLines } from './evidence-lines.ts'
export type { Contradiction, EvidenceReport, SignedTree } from './report.ts'
export { contradictionOf, type EvidenceOptions, verifyEvidence } from './verify-evidence.ts'
