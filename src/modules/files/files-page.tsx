import type { DraftFile } from '../../core/attachments/index.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Visit } from '../../core/module/types.ts'
import { formatSize } from '../../text/index.ts'
import {
  Button,
  ButtonForm,
  Details,
  Entry,
  ErrorSummary,
  Form,
  LinkButton,
  Pairs,
  PageHead,
  Quiet,
  Row,
  Section,
  Steps,
  TlpLabel,
  Trouble,
} from '../../web/index.ts'
import { Framed } from '../frame/index.ts'
import { FilesField } from './files-field.tsx'
import { formatText, Found } from './found-words.tsx'
import type { FilesHolder } from './holder.ts'

/** Files of what was saved, what was found in each, and what can be done. */
export async function showFiles(
  visit: Visit<unknown>,
  holder: FilesHolder,
  errors: Record<string, string> = {},
): Promise<Answer> {
  const { services, t } = visit
  const { at, saved } = holder
  if (!saved) throw new Refusal('not-found')
  if (saved.closed !== undefined) return { redirect: saved.closed }
  const files = await services.attachments.list(holder.id)
  const title = t('files.page.title')
  return {
    page: (
      <Framed
        visit={visit}
        title={title}
        current={saved.current}
        drill={saved.drill}
        marking={saved.marking}
        scripts={['uploads.js']}
      >
        {saved.steps && <Steps steps={saved.steps} current={1} />}
        <PageHead form={saved.form} title={title} />
        <ErrorSummary errors={errors} labels={{ files: t('files.field.label'), filesTlp: 'TLP' }} />
        {files.length === 0 && <Quiet>{t('files.page.none')}</Quiet>}
        {files.length > 0 && (
          <Section title={t('files.page.these')} id="these">
            {files.map((file) => (
              <FileEntry key={file.id} visit={visit} holder={holder} file={file} />
            ))}
          </Section>
        )}
        <Section title={t('files.page.add')} id="add">
          <Form action={`${at}/files`} enctype="multipart/form-data">
            <FilesField visit={visit} at={at} errors={errors} values={visit.values ?? {}} />
            <Row>
              <Button label={t('files.page.add-these')} plain />
            </Row>
          </Form>
        </Section>
        <Quiet small>{saved.kept}</Quiet>
        <Row>
          {saved.onward.map(({ href, label }, index) => (
            <LinkButton key={href} href={href} label={label} plain={index > 0} />
          ))}
        </Row>
      </Framed>
    ),
  }
}

function FileEntry({ visit, holder, file }: { visit: Visit<unknown>; holder: FilesHolder; file: DraftFile }) {
  const { t, language } = visit
  const at = `${holder.at}/files/${file.id}`
  return (
    <Entry
      id={`file-${file.id}`}
      margin={
        <>
          <Pairs
            items={[
              { term: t('files.size'), detail: formatSize(file.size, language) },
              file.format !== null && { term: t('files.kind'), detail: formatText(file.format, t) },
            ]}
          />
          <p>
            <TlpLabel marking={file.marking} />
          </p>
        </>
      }
    >
      <h3>
        <bdi>{file.title || file.name}</bdi>
      </h3>
      {file.title !== '' && (
        <p class="small">
          <bdi>{file.name}</bdi>
        </p>
      )}
      <State visit={visit} file={file} />
      {file.hash !== null && (
        <Details summary={t('files.hash')}>
          <p class="small break">
            <code>{file.hash}</code>
          </p>
        </Details>
      )}
      {file.draft === holder.id ? (
        <Row>
          {file.state === 'found' && <ButtonForm action={`${at}/strip`} label={t('files.strip')} />}
          {file.state === 'ready' && <LinkButton href={`${at}/describe`} label={t('files.describe')} plain />}
          <ButtonForm action={`${at}/remove`} label={t('files.remove')} plain />
        </Row>
      ) : (
        <Quiet small>{t('files.page.shared')}</Quiet>
      )}
    </Entry>
  )
}

function State({ visit: { t, language }, file }: { visit: Visit<unknown>; file: DraftFile }) {
  if (file.state === 'receiving' && file.isToBeLookedInto)
    return <Trouble title={t('files.state.looking')} what={t('files.state.looking-what')} />
  if (file.state === 'receiving') {
    const facts = { have: formatSize(file.have, language), size: formatSize(file.size, language) }
    return <Trouble title={t('files.state.receiving')} what={t('files.state.receiving-what', facts)} />
  }
  const found = <Found findings={file.findings} t={t} />
  if (file.state === 'ready')
    return (
      <>
        <p>{t('files.state.ready')}</p>
        {file.findings.length > 0 && found}
      </>
    )
  const mends = [...new Set(file.findings.filter(({ grade }) => grade === 'refuse').map(({ code }) => code))]
  return (
    <Trouble
      title={t(`files.state.${file.state}`)}
      what={
        <>
          {t(`files.state.${file.state}-what`)}
          {found}
        </>
      }
      do={
        mends.length > 0 && (
          <ul>
            {mends.map((code) => (
              <li key={code}>{t(`files.mend.${code}`)}</li>
            ))}
          </ul>
        )
      }
    />
  )
}
