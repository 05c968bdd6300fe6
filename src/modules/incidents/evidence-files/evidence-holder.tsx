import { copiesOf, type DraftFile } from '../../../core/attachments/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { isId } from '../../../protocol/index.ts'
import type { FilesChange, FilesHolder, FindHolder, SavedHolder } from '../../files/index.ts'
import type { Incident } from '../incident.ts'
import { AtHome } from '../pages/parts.tsx'
import { publishChange, writeEntry } from '../write-entry.ts'
import { aboutCopies } from './about-copies.tsx'
import { type EvidenceItem, filesOfEvidence, getEvidence, recordOfIncident } from './find-evidence.ts'

type Asking = Parameters<FindHolder>[0]

/** The item of evidence of the address, which keeps its files for as long as its incident is kept. */
export async function findEvidenceHolder(visit: Asking): Promise<FilesHolder> {
  const { services, viewer, params } = visit
  const { incident = '', evidence = '' } = params
  if (!isId(incident) || !isId(evidence)) throw new Refusal('incidents.evidence-not-found')
  const found = await getEvidence(services, viewer, { incident, evidence })
  return {
    id: filesOfEvidence(found.item.id),
    record: recordOfIncident(found.incident.id),
    proposed: found.item.tlp,
    at: `/incidents/${found.incident.id}/evidence/${found.item.id}`,
    async requireOpen() {
      requireChanging(viewer, found)
    },
    changed: (change) => minute(services, viewer, found, change),
    removing: (tx, file) => remove({ services, viewer, tx }, found, file),
    saved: savedOf(visit, found),
  }
}

interface Found {
  incident: Incident
  item: EvidenceItem
}

/** @throws Refusal `incidents.closed`, `incidents.evidence-not-found` once it was taken out of the weighing */
function requireChanging(viewer: Viewer, { incident, item }: Found): void {
  if (!viewer.may('incidents:draft')) throw new Refusal('not-permitted')
  if (incident.state === 'closed') throw new Refusal('incidents.closed', { name: incident.codeName })
  if (item.isWithdrawn) throw new Refusal('incidents.evidence-not-found')
}

/** Says in the log of the incident what became of files; their names may be narrower than the log. */
async function minute(
  services: Services,
  viewer: Viewer,
  { incident, item }: Found,
  { what, count }: FilesChange,
): Promise<void> {
  // What is removed is minuted where it is removed.
  if (what !== 'removed' && count > 0) {
    const entry = { incident: incident.id, kind: `files-${what}`, ...about(item, count) }
    await services.db.transaction().execute((tx) => writeEntry(services, viewer, tx, entry))
  }
  publishChange(services, incident.id)
}

/** @throws Refusal `incidents.file-shared`, `incidents.file-in-draft`: what others hold stays evidence here */
async function remove(
  { services, viewer, tx }: { services: Services; viewer: Viewer; tx: Tx },
  { incident, item }: Found,
  file: DraftFile,
): Promise<void> {
  const copies = await copiesOf(tx, [file.id])
  if (copies.some(({ signed }) => signed)) throw new Refusal('incidents.file-shared', { name: file.name })
  if (copies.length > 0) throw new Refusal('incidents.file-in-draft', { name: file.name })
  await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'files-removed', ...about(item, 1) })
}

/** Whoever may not know of the item learns nothing of its files. */
const about = ({ number, compartment }: EvidenceItem, count: number) => ({ facts: { number, count }, compartment })

function savedOf(visit: Asking, { incident, item }: Found): SavedHolder {
  const { viewer, t } = visit
  const mayChange = viewer.may('incidents:draft') && incident.state !== 'closed' && !item.isWithdrawn
  return {
    form: (
      <>
        <bdi>{incident.codeName}</bdi> · {t('incidents.files.of', { number: item.number })}
      </>
    ),
    title: `${t('incidents.files.title', { number: item.number })} · ${incident.codeName}`,
    lead: <bdi>{item.words}</bdi>,
    head: <AtHome visit={visit} />,
    current: '/incidents',
    ...(incident.drill && { drill: { name: incident.codeName } }),
    marking: { tlp: item.tlp },
    parties: [],
    ...(!mayChange && { readOnly: true }),
    onward: [{ href: `/incidents/${incident.id}/weighing`, label: t('incidents.weighing.title') }],
    about: (files) => aboutCopies(visit, files),
    kept: t('incidents.files.kept'),
  }
}
