import { Refusal } from '../../../core/http/refusal.ts'
import { InvalidInput } from '../../../core/http/index.ts'
import type { FileInput } from '../../../core/http/types.ts'
import type { Visit } from '../../../core/module/types.ts'
import { takeFiles } from '../../files/index.ts'
import { addEvidence, type NewEvidence } from '../weigh/keep-evidence.ts'
import { findEvidenceHolder } from './evidence-holder.tsx'

/**
 * Adds an item of evidence with files, which are looked into one by one; returns the names of those that were not
 * taken. The same item twice is one.
 */
export async function takeEvidence(
  visit: Visit<unknown>,
  incident: string,
  item: NewEvidence,
  files: readonly FileInput[],
): Promise<string[]> {
  const { services, viewer, t, language } = visit
  await addEvidence(services, viewer, incident, item)
  if (files.length === 0) return []
  const params = { incident, evidence: item.id }
  const holder = await findEvidenceHolder({ services, viewer, params, t, language })
  const refused: string[] = []
  for (const file of files) {
    try {
      await takeFiles({ services, viewer }, holder, { files: [file], filesTlp: item.tlp })
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof InvalidInput)) throw error
      refused.push(file.name)
    }
  }
  return refused
}
