import assert from 'node:assert/strict'
import { type EvidenceReport, verifyEvidence } from '../../src/protocol/evidence/index.ts'
import { compareEvidence } from '../conformance/dossiers/compare.ts'
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
