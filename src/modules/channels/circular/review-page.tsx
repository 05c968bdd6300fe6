import type { Draft, Visit } from '../../../core/module/types.ts'
import { formatList, formatSize } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Form,
  Hidden,
  LeavesStays,
  LinkButton,
  PageHead,
  Paper,
  Quiet,
  Row,
  Section,
  TlpLabel,
} from '../../../web/index.ts'
import { FileTroubles, type FileTrouble } from '../../files/index.ts'
import { Framed } from '../../frame/index.ts'
import type { NoteBody, NoteText } from '../acts.ts'
import { noteFace } from '../faces/note-face.tsx'
import type { getCircular, LetterDraft } from './circular.ts'
import { filesOf } from './circular-files.ts'

interface Props {
  visit: Visit
  circular: Awaited<ReturnType<typeof getCircular>>
  /** What its files still ask for. */
  troubles: readonly FileTrouble[]
}

/** Every letter as its recipient will see it, and one step for all of them. */
export function ReviewCircularPage({ visit, circular, troubles }: Props) {
  const { t, language, services } = visit
  const { drafts } = circular
  const title = t('channels.circular.review', { count: drafts.length })
  const nameOf = (party: string) => services.nameOf(party, language)
  return (
    <Framed visit={visit} title={title} current="/spaces" marking={drafts[0]?.written.marking}>
      <PageHead form={t('channels.form.circular-note')} title={title} lead={<bdi>{circular.subject}</bdi>} />
      <LeavesStays
        leaves={[
          t('channels.circular.leaves', {
            count: drafts.length,
            parties: formatList(
              drafts.map(({ party }) => nameOf(party)),
              language,
            ),
          }),
          ...filesOf(drafts).map(({ file, parties }) => (
            <>
              <FileName file={file} language={language} />
              {' · '}
              {parties.length === drafts.length
                ? t('channels.circular.file-all')
                : t('channels.circular.file-some', { parties: formatList(parties.map(nameOf), language) })}
            </>
          )),
        ]}
        stays={[t('channels.circular.stays')]}
      />
      {circular.discarded.length > 0 && (
        <Quiet>
          {t('channels.circular.discarded', {
            parties: formatList(
              circular.discarded.map(({ party }) => nameOf(party)),
              language,
            ),
          })}
        </Quiet>
      )}
      <Files visit={visit} circular={circular} troubles={troubles} />
      {drafts.map((letter) => (
        <LetterSection key={letter.draft} visit={visit} letter={letter} />
      ))}
      <Steps visit={visit} circular={circular} troubles={troubles} />
    </Framed>
  )
}

function FileName({ file, language }: { file: Draft['attachments'][number]; language: string }) {
  return (
    <>
      {file.title && (
        <>
          <bdi>{file.title}</bdi>
          {' · '}
        </>
      )}
      <bdi>{file.name}</bdi> · {formatSize(file.size, language)} <TlpLabel marking={file.marking} />
    </>
  )
}

/** What has to be decided first, and where files are changed while all letters are drafts. */
function Files({ visit, circular: { id, drafts }, troubles }: Props) {
  const { t } = visit
  const files = `/circulars/${id}/files`
  const isOpen = drafts.every(({ written }) => written.state === 'drafting')
  const hasFiles = drafts.some(({ written }) => written.attachments.length > 0)
  return (
    <>
      <FileTroubles visit={visit} troubles={troubles} {...(isOpen && { files })} />
      {hasFiles && <Quiet small>{t('channels.circular.files-salted')}</Quiet>}
      {isOpen && (
        <Row>
          {visit.viewer.may('channels.note-sent:draft') && (
            <LinkButton plain href={`/circulars/${id}/edit`} label={t('channels.circular.edit')} />
          )}
          <LinkButton plain href={files} label={t('channels.circular.files')} />
        </Row>
      )}
    </>
  )
}

function LetterSection({ visit, letter: { party, space, written } }: { visit: Visit; letter: LetterDraft }) {
  const { t, language, services } = visit
  const { language: inWhich } = written.body as unknown as NoteBody
  const shown = {
    content: { body: written.body as unknown as NoteBody, text: written.text as unknown as NoteText, attachments: [] },
  } as unknown as Parameters<typeof noteFace.Document>[0]['shown']
  return (
    <Section title={services.nameOf(party, language)}>
      <Paper language={inWhich}>
        <noteFace.Document {...{ shown, services, viewer: visit.viewer, t, language }} />
      </Paper>
      {written.attachments.length > 0 && (
        <ul class="small">
          {written.attachments.map((file) => (
            <li key={`${file.hash} ${file.name}`}>
              <FileName file={file} language={language} />
            </li>
          ))}
        </ul>
      )}
      <Quiet small>
        {t('channels.circular.only', { party: services.nameOf(party, language) })} ·{' '}
        {t(`channels.circular.state.${written.state}`)}{' '}
        {written.actHash ? (
          <a href={`/spaces/${space}/acts/${written.actHash}`}>{t('channels.action.read')}</a>
        ) : (
          <a href={`/drafts/${written.id}/review`}>{t('channels.circular.this-one')}</a>
        )}
      </Quiet>
    </Section>
  )
}

/** Drafting → handed on; waiting → released by somebody who wrote in none of them; held → stopped. */
function Steps({ visit: { t, viewer }, circular: { id, approval, drafts }, troubles }: Props) {
  const states = new Set(drafts.map(({ written }) => written.state))
  const isDecided = troubles.length === 0
  const wroteIn = drafts.some(({ written }) => (written.hands ?? [written.drafter]).includes(viewer.person.id))
  const step = (name: 'submit' | 'release', label: string) => (
    <Form action={`/circulars/${id}/${name}`} label={label}>
      <Hidden name="approval" value={approval} />
      <Row>
        <Button label={label} />
      </Row>
    </Form>
  )
  return (
    <Section title={t('channels.circular.next')}>
      {states.has('drafting') && !isDecided && <Quiet>{t('files.trouble.title')}</Quiet>}
      {states.has('drafting') && isDecided && step('submit', t('channels.circular.submit', { count: drafts.length }))}
      {states.has('awaiting-release') &&
      !states.has('drafting') &&
      isDecided &&
      viewer.may('channels.note-sent:release') &&
      !wroteIn
        ? step('release', t('channels.circular.release', { count: drafts.length }))
        : states.has('awaiting-release') && <Quiet>{t('channels.circular.waits')}</Quiet>}
      {states.has('held') && <ButtonForm plain action={`/circulars/${id}/stop`} label={t('channels.circular.stop')} />}
      {states.size === 1 && states.has('sent') && <Quiet>{t('channels.circular.all-sent')}</Quiet>}
    </Section>
  )
}
