import { createHash } from 'node:crypto'
import { Refusal } from '../../../core/http/refusal.ts'
import { InvalidInput } from '../../../core/http/index.ts'
import type { FileInput } from '../../../core/http/types.ts'
import type { Visit } from '../../../core/module/types.ts'
import { takeFiles } from '../../files/index.ts'
import { addEvidence, type NewEvidence } from '../weigh/keep-evidence.ts'
import { findEvidenceHolder } from './evidence-holder.tsx'
import { filesOfEvidence, recordOfIncident } from './find-evidence.ts'

/**
 * Adds an item of evidence with files, which are looked into one by one; returns the names of those that were not
 * taken. The same item twice is one, and so is each file of it: whoever was interrupted begins again.
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
  const kept = (await services.attachments.kept(recordOfIncident(incident)))
    .filter(({ draft }) => draft === filesOfEvidence(item.id))
    .flatMap(({ name, hash, came_as: cameAs }) => [hash, cameAs].map((one) => `${one} ${name}`))
  const refused: string[] = []
  for (const file of files) {
    const hash = createHash('sha256').update(file.content).digest('base64url')
    if (kept.includes(`${hash} ${file.name}`)) continue
    try {
      await takeFiles({ services, viewer }, holder, { files: [file], filesTlp: item.tlp })
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof InvalidInput)) throw error
      refused.push(file.name)
    }
  }
  return refused
}
