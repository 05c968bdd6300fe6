import type { Services, ShownAct, Viewer } from '../../../core/module/types.ts'
import { isShown } from '../../files/index.ts'
import { listSplitEvidence } from '../merge/list-merges.ts'
import { listEvidenceFiles } from './list-evidence-files.ts'
import type { Marking } from '../../../protocol/types.ts'

/** A file the other side holds because it went with an act of ours. */
export interface SharedFile {
  act: string
  name: string
  title?: string
  size: number
  marking: Marking
  /** The file of evidence it is a copy of, with the number of its item, where it is one of this incident. */
  evidence?: { file: string; number: number }
}

/**
 * Files of acts of ours that others were shown, and how many files of evidence there are here for this reader. One whose
 * item went to another incident by a split is still known here as what was sent from here.
 */
export async function filesSent(
  services: Services,
  viewer: Viewer,
  { incident, shown }: { incident: string; shown: readonly ShownAct[] },
): Promise<{ files: SharedFile[]; allFiles: number }> {
  const split = await listSplitEvidence(services, viewer, incident)
  const went = new Set(split.map(({ id }) => id))
  const all = await listEvidenceFiles(services, viewer, [incident, ...new Set(split.map((one) => one.incident))])
  const kept = all.filter((one) => one.incident === incident || went.has(one.item.id))
  const items = new Map(kept.map(({ file, item }) => [file.id, { file: file.id, number: item.number }]))
  const copies = await services.attachments.copiesOf([...items.keys()])
  const origins = new Map(copies.map(({ commitment, of }) => [commitment, items.get(of)]))
  const sent = new Set(copies.map(({ of }) => of))
  const files = shown
    .filter(({ act }) => act.statement.author === services.party)
    .flatMap(({ act, content }) =>
      (content?.attachments ?? []).map((one) => ({ act, one, marking: one.marking ?? act.statement.marking })),
    )
    .filter(({ one, marking }) => !one.name.endsWith('.stix.json') && isShown({ services, viewer }, { marking }))
  return {
    allFiles: kept.filter(
      ({ file, ...one }) => file.state === 'ready' && (one.incident === incident || sent.has(file.id)),
    ).length,
    files: files.map(({ act, one: { name, title, size, hash }, marking }) => {
      const evidence = origins.get(hash)
      return {
        act: act.hash,
        name,
        size,
        marking,
        ...(title !== undefined && { title }),
        ...(evidence && { evidence }),
      }
    }),
  }
}
