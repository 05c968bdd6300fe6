import { z } from 'zod'
import { attachmentLimits } from '../../../core/attachments/index.ts'
import { InvalidInput } from '../../../core/http/index.ts'
import { markingText, mayLeave } from '../../../core/markings/index.ts'
import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { requireFilesOpen } from '../../../core/release/index.ts'
import type { Marking } from '../../../protocol/types.ts'
import { listIncidentChoices } from '../incident.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { type EvidenceFile, listEvidenceFiles } from './list-evidence-files.ts'

/** A file of evidence that can go along with what is written in a space. */
export interface OfferedFile extends EvidenceFile {
  /** Code name and title of its incident. */
  incidentName: string
}

/** Field of every form with which files of evidence can go along. */
export const evidenceInput = {
  evidence: z
    .array(z.string().regex(/^[0-9a-f]{32}$/))
    .max(attachmentLimits.files)
    .optional(),
}

/** A form shows so many; those that already go along are always among them. */
const mostOffered = 100

/**
 * Files of incidents that can be spoken of in this space: of the same kind (drill or not), decided on, of evidence that
 * stands. Those of incidents linked to the space first, then the newest.
 */
export async function listOfferedFiles(
  services: Services,
  viewer: Viewer,
  { space, draft }: { space: Pick<SpaceFacts, 'id'>; draft: string },
): Promise<OfferedFile[]> {
  const choices = await listIncidentChoices(services, viewer, space.id)
  if (choices.length === 0) return []
  const order = new Map(choices.map(({ id }, at) => [id, at]))
  const names = new Map(choices.map(({ id, name }) => [id, name]))
  const files = await listEvidenceFiles(services, viewer, [...names.keys()])
  const there = new Set((await services.attachments.copiesIn(draft)).map(({ of }) => of))
  const offered = files
    .filter(({ file, item }) => file.state === 'ready' && (!item.isWithdrawn || there.has(file.id)))
    .map((one) => ({ ...one, incidentName: names.get(one.incident) ?? '' }))
    .toSorted(
      (a, b) => (order.get(a.incident) ?? 0) - (order.get(b.incident) ?? 0) || b.file.added_at - a.file.added_at,
    )
  return [
    ...offered.filter(({ file }) => there.has(file.id)),
    ...offered.filter(({ file }) => !there.has(file.id)),
  ].slice(0, Math.max(mostOffered, there.size))
}

/**
 * Checks which files of evidence go along with a draft, and gives what puts them there once it is saved: copies, each
 * under a salt of its own. What was not offered to this person stays as it is.
 *
 * @throws InvalidInput at `evidence` for a file that is not there, or is marked narrower than the draft
 */
export async function chooseFiles(
  services: Services,
  viewer: Viewer,
  { space, draft, marking, chosen }: { space: SpaceFacts; draft: string; marking: Marking; chosen: readonly string[] },
): Promise<{ fill(): Promise<boolean> }> {
  const offered = await listOfferedFiles(services, viewer, { space, draft })
  const taken = chosen.map((id) => {
    const one = offered.find(({ file }) => file.id === id)
    if (!one) throw InvalidInput.at('evidence', 'incidents.invalid.evidence-gone')
    requireLeaving(services, one, marking)
    return one
  })
  return { fill: () => putIn(services, viewer, { draft, offered, taken }) }
}

/** The same gate as for objects: whoever reads the letter may have it. */
function requireLeaving({ party }: Services, { file }: OfferedFile, { tlp }: Marking): void {
  const reader = { party, ceiling: tlp, member: true }
  if (mayLeave(file.marking, { exit: 'federation', reader }).allowed) return
  throw InvalidInput.at('evidence', 'incidents.invalid.evidence-narrower', {
    name: file.name,
    marking: markingText(file.marking),
  })
}

async function putIn(
  services: Services,
  viewer: Viewer,
  { draft, offered, taken }: { draft: string; offered: OfferedFile[]; taken: OfferedFile[] },
): Promise<boolean> {
  const there = new Set((await services.attachments.copiesIn(draft)).map(({ of }) => of))
  const added = taken.filter(({ file }) => !there.has(file.id))
  const isSame = added.length === 0 && offered.every((one) => taken.includes(one) || !there.has(one.file.id))
  if (isSame) return false
  await requireFilesOpen(services, viewer, draft)
  const kept = (all: OfferedFile[]) => all.map(({ file }) => ({ id: file.id, draft: file.draft }))
  await services.attachments.carry({ draft, person: viewer.person.id, chosen: kept(taken), offered: kept(offered) })
  for (const files of Map.groupBy(added, ({ incident, item }) => `${incident} ${item.compartment}`).values()) {
    const [{ incident, item }] = files as [OfferedFile]
    const entry = { incident, kind: 'files-copied', facts: { count: files.length }, compartment: item.compartment }
    await services.db.transaction().execute((tx) => writeEntry(services, viewer, tx, entry))
    publishChange(services, incident)
  }
  return true
}
