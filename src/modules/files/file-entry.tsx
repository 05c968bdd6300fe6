import type { DraftFile } from '../../core/attachments/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { formatSize } from '../../text/index.ts'
import { ButtonForm, Details, Entry, LinkButton, Pairs, Quiet, Row, Time, TlpLabel, Trouble } from '../../web/index.ts'
import { formatText, Found } from './found-words.tsx'
import type { AboutFile, FilesHolder } from './holder.ts'

interface FileEntryProps {
  visit: Visit<unknown>
  holder: FilesHolder
  file: DraftFile
  /** Name of whoever added it. */
  by?: string
  about?: AboutFile
}

/** One file: what it is, who added it, what was found or taken out, and what can be done with it. */
export function FileEntry({ visit, holder, file, by, about }: FileEntryProps) {
  const { t, language, viewer } = visit
  const added = { ms: file.added_at, zone: viewer.person.zone, language }
  return (
    <Entry
      id={`file-${file.id}`}
      margin={
        <>
          <Pairs
            items={[
              { term: t('files.size'), detail: formatSize(file.size, language) },
              file.format !== null && { term: t('files.kind'), detail: formatText(file.format, t) },
              { term: t('files.added'), detail: <Time {...added} short /> },
              by !== undefined && { term: t('files.added-by'), detail: <bdi>{by}</bdi> },
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
      <State visit={visit} file={file} isKept={holder.record !== undefined} />
      {file.cleaned.length > 0 && <Cleaned visit={visit} file={file} />}
      {about?.beside}
      {file.hash !== null && <Hashes visit={visit} file={file} />}
      <Verbs visit={visit} holder={holder} file={file} about={about} />
    </Entry>
  )
}

function Verbs({ visit: { t }, holder, file, about }: FileEntryProps) {
  const at = `${holder.at}/files/${file.id}`
  const fetch = file.state === 'ready' && <LinkButton href={at} label={t('files.part.fetch')} plain />
  if (file.draft !== holder.id) return <Quiet small>{t('files.page.shared')}</Quiet>
  if (holder.saved?.readOnly) return fetch ? <Row>{fetch}</Row> : null
  const strip = t(holder.record ? 'files.kept.strip' : 'files.strip')
  return (
    <Row>
      {file.state === 'found' && <ButtonForm action={`${at}/strip`} label={strip} />}
      {fetch}
      {file.state === 'ready' && <LinkButton href={`${at}/describe`} label={t('files.describe')} plain />}
      {about?.mayRemove !== false && <ButtonForm action={`${at}/remove`} label={t('files.remove')} plain />}
    </Row>
  )
}

function Hashes({ visit: { t }, file }: Pick<FileEntryProps, 'visit' | 'file'>) {
  return (
    <Details summary={t('files.hash')}>
      <p class="small break">
        <code>{hexOf(file.hash)}</code>
      </p>
      {file.came_as !== null && (
        <p class="small break">
          {t('files.came-as')} <code>{hexOf(file.came_as)}</code>
        </p>
      )}
    </Details>
  )
}

/** As other programs print it. */
const hexOf = (hash: string | null): string => Buffer.from(hash ?? '', 'base64url').toString('hex')

function Cleaned({ visit: { t }, file }: Pick<FileEntryProps, 'visit' | 'file'>) {
  return (
    <>
      <p>{t('files.cleaned')}</p>
      <Found findings={file.cleaned} t={t} />
    </>
  )
}

function State({ visit: { t, language }, file, isKept }: Pick<FileEntryProps, 'visit' | 'file'> & { isKept: boolean }) {
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
        <p>{t(isKept ? 'files.kept.ready' : 'files.state.ready')}</p>
        {file.findings.length > 0 && found}
      </>
    )
  const mends = [...new Set(file.findings.filter(({ grade }) => grade === 'refuse').map(({ code }) => code))]
  return (
    <Trouble
      title={t(`${isKept ? 'files.kept' : 'files.state'}.${file.state}`)}
      what={
        <>
          {t(`${isKept ? 'files.kept' : 'files.state'}.${file.state}-what`)}
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
