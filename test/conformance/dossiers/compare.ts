import { isDeepStrictEqual } from 'node:util'
import { type DossierReport, verifyDossier } from '../../../src/protocol/dossier/index.ts'
import { type EvidenceReport, verifyEvidence } from '../../../src/protocol/evidence/index.ts'
import type { GoVerifier } from './go-verifier.ts'

/** What both said of one dossier. */
export interface Comparison {
  ours: DossierReport
  theirs: DossierReport
  agree: boolean
}

/** Asks both verifiers; words of details are each implementation’s own, everything else has to be equal. */
export async function compareVerdicts(go: GoVerifier, dossier: Uint8Array): Promise<Comparison> {
  const ours = verifyDossier(dossier)
  const theirs = (await go.judge('d', dossier)) as DossierReport
  return { ours, theirs, agree: isDeepStrictEqual(plain(ours), plain(theirs)) }
}

/** The same of an evidence file. */
export async function compareEvidence(
  go: GoVerifier,
  file: Uint8Array,
): Promise<{ ours: EvidenceReport; theirs: EvidenceReport; agree: boolean }> {
  const ours = verifyEvidence(file)
  const theirs = (await go.judge('e', file)) as EvidenceReport
  return { ours, theirs, agree: isDeepStrictEqual(plain(ours), plain(theirs)) }
}

function plain(report: unknown): unknown {
  return JSON.parse(JSON.stringify(report, (name, value) => (name === 'detail' ? undefined : value)))
}

/** Verdict and place in one line. */
export function placeOf({ verdict, failure }: DossierReport): string {
  if (!failure) return verdict
  const { rule, detail, space, index, act, file } = failure
  return `${rule} (${detail}) space ${space} index ${index} act ${act} file ${file}`
}
