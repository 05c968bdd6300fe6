import assert from 'node:assert/strict'
import { type DossierReport, verifyDossier } from '../../src/protocol/dossier/index.ts'
import { type EvidenceReport, verifyEvidence } from '../../src/protocol/evidence/index.ts'
import { compareEvidence, compareVerdicts } from '../conformance/dossiers/compare.ts'
import { GoVerifier, withoutGo } from '../conformance/dossiers/go-verifier.ts'

/** The report of an evidence file that both verifiers give alike; the second one is left out where there is no Go. */
export async function judgedByBoth(file: Uint8Array): Promise<EvidenceReport> {
  if (withoutGo()) return verifyEvidence(file)
  const go = new GoVerifier()
  try {
    const { ours, theirs, agree } = await compareEvidence(go, file)
    assert.ok(agree, `${JSON.stringify(ours)}\n${JSON.stringify(theirs)}`)
    return ours
  } finally {
    await go.close()
  }
}

/** The same of dossiers, each after the other: one verifier is started for all of them. */
export async function dossiersJudgedByBoth(files: readonly Uint8Array[]): Promise<DossierReport[]> {
  if (withoutGo()) return files.map((file) => verifyDossier(file))
  const go = new GoVerifier()
  try {
    const reports: DossierReport[] = []
    for (const file of files) {
      const { ours, theirs, agree } = await compareVerdicts(go, file)
      assert.ok(agree, `${JSON.stringify(ours)}\n${JSON.stringify(theirs)}`)
      reports.push(ours)
    }
    return reports
  } finally {
    await go.close()
  }
}
