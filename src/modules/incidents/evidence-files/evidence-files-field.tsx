import type { ComposerProps } from '../../../core/module/types.ts'
import { markingText } from '../../../core/markings/index.ts'
import { formatSize } from '../../../text/index.ts'
import { CheckboxGroup } from '../../../web/index.ts'
import { listOfferedFiles } from './offered-files.ts'

/** Which files of evidence go along, as copies; nothing where there are none this person could send here. */
export async function EvidenceFilesField({ services, viewer, space, values, errors, t, language }: ComposerProps) {
  const draft = String(values.id ?? '')
  const offered = await listOfferedFiles(services, viewer, { space, draft })
  if (offered.length === 0) return null
  const typed = [values.evidence ?? []].flat().map(String)
  // A saved draft shows what it carries: some of it may have been taken out beside its files.
  const isSaved = Object.keys(errors).length === 0 && (await services.drafts.find(draft)) !== undefined
  const carried = isSaved ? (await services.attachments.copiesIn(draft)).map(({ of }) => of) : typed
  return (
    <CheckboxGroup
      name="evidence"
      label={t('incidents.files.along')}
      hint={t('incidents.files.along-hint')}
      error={errors.evidence}
      required={false}
      values={carried}
      options={offered.map(({ file, item, incidentName }) => ({
        value: file.id,
        label: t('incidents.files.option', {
          name: file.title || file.name,
          size: formatSize(file.size, language),
          marking: markingText(file.marking),
          number: item.number,
          incident: incidentName,
        }),
      }))}
    />
  )
}
