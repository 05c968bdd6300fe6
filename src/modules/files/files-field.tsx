import { attachmentLimits } from '../../core/attachments/index.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { type Tlp, tlpLabels } from '../../protocol/index.ts'
import { Field, FileField, Select } from '../../web/index.ts'
import { formFileBytes, formFilesBytes, standardTlp } from './take-files.ts'

interface FilesFieldProps {
  visit: Visit<any>
  /** Address of what they will belong to, which the form may still have to save. */
  at: string
  errors: Record<string, string>
  values: Record<string, unknown>
  /** They stay at home; marked like what they belong to, unless somebody says otherwise. */
  kept?: { proposed?: Tlp }
}

/**
 * Files to send along, with title and marking. By script each begins at once, in pieces, and goes on where a lost line
 * left it; without, they travel with the form.
 */
export function FilesField({ visit: { viewer, t }, at, errors, values, kept }: FilesFieldProps) {
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20)
  return (
    <div
      class="uploads"
      data-uploads={`${at}/uploads`}
      data-piece={String(attachmentLimits.piece)}
      data-words={JSON.stringify(
        Object.fromEntries(
          ['going', 'again', 'lost', 'done', 'look', 'refused', 'too-large'].map((word) => [
            word,
            t(kept && (word === 'done' || word === 'look') ? `files.kept.upload-${word}` : `files.upload.${word}`, {
              megabytes: megabytes(attachmentLimits.file),
              name: '%name%',
              percent: '%percent%',
            }),
          ]),
        ),
      )}
      data-most={String(attachmentLimits.file)}
    >
      <FileField
        name="files"
        label={t(kept ? 'files.kept.label' : 'files.field.label')}
        hint={
          <>
            {t('files.field.hint', { megabytes: megabytes(attachmentLimits.file) })}{' '}
            <span class="without-script">
              {t('files.field.hint-form', { megabytes: megabytes(formFileBytes), all: megabytes(formFilesBytes) })}
            </span>
          </>
        }
        error={errors.files}
        required={false}
        multiple
      />
      <Field
        name="filesTitle"
        label={t('files.title')}
        hint={t('files.title-hint')}
        value={typeof values.filesTitle === 'string' ? values.filesTitle : undefined}
        required={false}
        maxlength={attachmentLimits.title}
      />
      <Select
        name="filesTlp"
        label={t('files.field.marking')}
        hint={t(kept ? 'files.kept.marking-hint' : 'files.field.marking-hint')}
        value={String(values.filesTlp ?? standardTlp(viewer, kept?.proposed))}
        error={errors.filesTlp}
        options={tlpLabels
          .filter((one) => tlpRank(one) <= tlpRank(viewer.ceiling))
          .map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
      />
    </div>
  )
}
