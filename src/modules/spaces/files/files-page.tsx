import type { DraftFile } from '../../../core/attachments/index.ts'
import type { Answer, Visit } from '../../../core/module/types.ts'
import { formatSize } from '../../../text/index.ts'
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
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { getSpace } from '../find-space.ts'
import { getDraft } from '../get-draft.ts'
import { partiesText, titleOf } from '../space-words.ts'
import { FilesField } from './files-field.tsx'
import { formatText, Found } from './found-words.tsx'

/** Files of a draft, what was found in each, and what can be done. */
export async function showFiles(visit: Visit<unknown>, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, t, language } = visit
  const draft = await getDraft(visit)
  if (draft.state !== 'drafting') return { redirect: `/drafts/${draft.id}/review` }
  const space = await getSpace(services, draft.space)
  const files = await services.attachments.list(draft.id)
  const title = t('files.page.title')
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill} scripts={['uploads.js']}>
        <Steps steps={['wish', 'text', 'review'].map((step) => t(`spaces.write.step.${step}`))} current={1} />
        <PageHead form={`${titleOf(space, language)} · ${partiesText(space, services, language)}`} title={title} />
        <ErrorSummary errors={errors} labels={{ files: t('files.field.label'), filesTlp: 'TLP' }} />
        {files.length === 0 && <Quiet>{t('files.page.none')}</Quiet>}
        {files.length > 0 && (
          <Section title={t('files.page.these')} id="these">
            {files.map((file) => (
              <FileEntry key={file.id} visit={visit} file={file} />
            ))}
          </Section>
        )}
        <Section title={t('files.page.add')} id="add">
          <Form action={`/drafts/${draft.id}/files`} enctype="multipart/form-data">
            <FilesField visit={visit} draft={draft.id} errors={errors} values={visit.values ?? {}} />
            <Row>
              <Button label={t('files.page.add-these')} plain />
            </Row>
          </Form>
        </Section>
        <Quiet small>{t('files.page.kept')}</Quiet>
        <Row>
          <LinkButton href={`/drafts/${draft.id}/review`} label={t('files.page.to-review')} />
          <LinkButton href={`/drafts/${draft.id}`} label={t('files.page.to-text')} plain />
        </Row>
      </Framed>
    ),
  }
}

function FileEntry({ visit, file }: { visit: Visit<unknown>; file: DraftFile }) {
  const { t, language } = visit
  const at = `/drafts/${file.draft}/files/${file.id}`
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
      <Row>
        {file.state === 'found' && <ButtonForm action={`${at}/strip`} label={t('files.strip')} />}
        {file.state === 'ready' && <LinkButton href={`${at}/describe`} label={t('files.describe')} plain />}
        <ButtonForm action={`${at}/remove`} label={t('files.remove')} plain />
      </Row>
    </Entry>
  )
}

function State({ visit: { t, language }, file }: { visit: Visit<unknown>; file: DraftFile }) {
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
