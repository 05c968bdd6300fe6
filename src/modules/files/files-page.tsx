import type { DraftFile } from '../../core/attachments/index.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Visit } from '../../core/module/types.ts'
import { Button, ErrorSummary, Form, LinkButton, PageHead, Quiet, Row, Section, Steps } from '../../web/index.ts'
import { Framed } from '../frame/index.ts'
import { FileEntry } from './file-entry.tsx'
import { FilesField } from './files-field.tsx'
import type { FilesHolder, SavedHolder } from './holder.ts'
import { isShown } from './shown-files.ts'

/** Files of what was saved, what was found in each, and what can be done. */
export async function showFiles(
  visit: Visit<unknown>,
  holder: FilesHolder,
  errors: Record<string, string> = {},
): Promise<Answer> {
  const { services, t } = visit
  const { saved, record } = holder
  if (!saved) throw new Refusal('not-found')
  if (saved.closed !== undefined) return { redirect: saved.closed }
  const all = await services.attachments.list(holder.id)
  const files = all.filter((file) => isShown(visit, file))
  const about = await saved.about?.(files)
  const names = await namesOf(visit, files)
  const title = t('files.page.title')
  const label = t(record ? 'files.kept.label' : 'files.field.label')
  return {
    page: (
      <Framed
        visit={visit}
        title={saved.title ?? title}
        current={saved.current}
        drill={saved.drill}
        marking={saved.marking}
        scripts={saved.readOnly ? [] : ['uploads.js']}
      >
        {saved.steps && <Steps steps={saved.steps} current={1} />}
        <PageHead form={saved.form} title={title} lead={saved.lead} />
        {saved.head}
        <ErrorSummary errors={errors} labels={{ files: label, filesTlp: 'TLP' }} />
        {all.length === 0 && <Quiet>{t(record ? 'files.kept.none' : 'files.page.none')}</Quiet>}
        {files.length > 0 && (
          <Section title={t(record ? 'files.kept.these' : 'files.page.these')} id="these">
            {files.map((file) => (
              <FileEntry
                key={file.id}
                visit={visit}
                holder={holder}
                file={file}
                by={names.get(file.person)}
                about={about?.get(file.id)}
              />
            ))}
          </Section>
        )}
        {files.length < all.length && <Quiet>{t('files.page.withheld', { count: all.length - files.length })}</Quiet>}
        {!saved.readOnly && <AddFiles visit={visit} holder={holder} errors={errors} />}
        <Quiet small>{saved.kept}</Quiet>
        <Onward onward={saved.onward} />
      </Framed>
    ),
  }
}

/** Names of those who added files, where they are still known. */
async function namesOf({ services }: Visit<unknown>, files: readonly DraftFile[]): Promise<Map<string, string>> {
  const people = [...new Set(files.map(({ person }) => person))]
  const found = await Promise.all(people.map((id) => services.people.find(id)))
  return new Map(found.flatMap((one) => (one ? [[one.id, one.name]] : [])))
}

function AddFiles({
  visit,
  holder: { at, record, proposed },
  errors,
}: {
  visit: Visit<unknown>
  holder: FilesHolder
  errors: Record<string, string>
}) {
  const { t, values = {} } = visit
  return (
    <Section title={t('files.page.add')} id="add">
      <Form action={`${at}/files`} enctype="multipart/form-data">
        <FilesField visit={visit} at={at} errors={errors} values={values} {...(record && { kept: { proposed } })} />
        <Row>
          <Button label={t('files.page.add-these')} plain />
        </Row>
      </Form>
    </Section>
  )
}

const Onward = ({ onward }: Pick<SavedHolder, 'onward'>) => (
  <Row>
    {onward.map(({ href, label }, index) => (
      <LinkButton key={href} href={href} label={label} plain={index > 0} />
    ))}
  </Row>
)
