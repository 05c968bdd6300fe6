import type { FileCopy } from '../../../core/attachments/index.ts'
import type { BesideDraft, Draft, Services, Visit } from '../../../core/module/types.ts'
import { tlpLabels } from '../../../protocol/index.ts'
import { Quiet, Section, Table, TlpLabel } from '../../../web/index.ts'
import { listIncidents } from '../incident.ts'
import { type EvidenceFile, listEvidenceFiles } from './list-evidence-files.ts'

/**
 * At the review of a draft that speaks of an incident: how many of its files of evidence go along, by marking, and how
 * many stay at home. Counted anew each time, as far as this reader may see them.
 */
export async function filesBesideDraft(visit: Visit, draft: Draft): Promise<BesideDraft> {
  const { services, viewer, t } = visit
  if (!viewer.may('incidents:read')) return {}
  const copies = await copiesFor(services, draft)
  const named = incidentOf(draft)
  if (copies.length === 0 && named === undefined) return {}
  const incidents = await listIncidents(services, viewer)
  const all = await listEvidenceFiles(
    services,
    viewer,
    incidents.map(({ id }) => id),
  )
  const carried = new Set(copies.map(({ of }) => of))
  const about = new Set([
    ...(named === undefined ? [] : [named]),
    ...all.filter(({ file }) => carried.has(file.id)).map(({ incident }) => incident),
  ])
  const files = all.filter(({ incident, file }) => about.has(incident) && file.state === 'ready')
  if (files.length === 0) return {}
  return {
    beside: (
      <Section title={t('incidents.files.review')} id="evidence-files">
        <Table
          caption={t('incidents.files.review-caption')}
          numeric={[1, 2]}
          head={[t('markings.marking'), t('incidents.files.leaves'), t('incidents.files.stays')]}
          rows={countedByMarking(files, carried).map(({ tlp, leaves, of }) => [
            <TlpLabel marking={{ tlp }} />,
            t('incidents.files.n-of', { count: leaves, of }),
            t('incidents.files.n-of', { count: of - leaves, of }),
          ])}
        />
        <Quiet small>{t('incidents.files.review-explained')}</Quiet>
      </Section>
    ),
  }
}

/** Files by marking, the narrowest first, with how many of each a draft carries. */
export const countedByMarking = (files: readonly EvidenceFile[], carried: ReadonlySet<string>) =>
  tlpLabels.toReversed().flatMap((tlp) => {
    const marked = files.filter(({ file }) => file.marking.tlp === tlp)
    const leaves = marked.filter(({ file }) => carried.has(file.id)).length
    return marked.length === 0 ? [] : [{ tlp, leaves, of: marked.length }]
  })

async function copiesFor({ attachments }: Services, draft: Draft): Promise<FileCopy[]> {
  return draft.state === 'sent' ? attachments.copiesSignedIn(draft.id) : attachments.copiesIn(draft.id)
}

/** The incident whose objects the form annexed. */
function incidentOf({ form }: Draft): string | undefined {
  const { values } = (form ?? {}) as { values?: { incident?: unknown } }
  return typeof values?.incident === 'string' && values.incident !== '' ? values.incident : undefined
}
