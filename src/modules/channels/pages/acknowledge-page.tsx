import { actHref } from '../../../core/module/act-href.ts'
import type { Clock } from '../../../core/clocks/index.ts'
import type { ActContent, LoggedAct, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ButtonForm, FormLine, LinkButton, PageHead, Pairs, Quiet, Row, TlpLabel } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { NoteBody, NoteText } from '../acts.ts'
import type { NoteRow } from '../queries.ts'

interface Props {
  visit: Visit
  space: SpaceFacts
  act: LoggedAct
  note: NoteRow
  /** Undefined where the reader may not see it. */
  content?: ActContent<NoteBody, NoteText>
  /** The duty to acknowledge, while it is open. */
  clock?: Clock
}

/** The night page: from, form, urgency and marking first, then one button. */
export function AcknowledgePage({ visit, space, act, note, content, clock }: Props) {
  const { services, t, language, viewer } = visit
  const from = services.nameOf(note.author, language)
  const zone = viewer.person.zone
  return (
    <Framed
      visit={visit}
      title={t('channels.acknowledge.title', { party: from })}
      current="/spaces"
      drill={space.drill}
    >
      <PageHead
        form={t(`channels.form.${note.form}`)}
        title={t('channels.acknowledge.title', { party: from })}
        lead={content?.text?.subject ?? t('channels.note.withheld-subject')}
      />
      <Pairs
        items={[
          { term: t('channels.acknowledge.from'), detail: from },
          { term: t('channels.acknowledge.number'), detail: note.number },
          { term: t('channels.acknowledge.sent'), detail: formatDateTime(note.sent_at, zone, language) },
          clock && {
            term: t('channels.acknowledge.due'),
            detail: formatDateTime(clock.dueAt, zone, language),
          },
          {
            term: t('channels.acknowledge.urgency'),
            detail: clock
              ? t('channels.acknowledge.urgency-pages', { source: t(`clocks.source.${clock.source}`) })
              : t('channels.acknowledge.urgency-none'),
          },
          { term: t('channels.acknowledge.marking'), detail: <TlpLabel marking={act.statement.marking} /> },
        ]}
      />
      {note.acknowledged_at === null ? (
        <>
          <p>{t('channels.acknowledgement.meaning')}</p>
          <Row>
            <ButtonForm
              action={`/spaces/${space.id}/notes/${note.hash}/acknowledge`}
              label={t('channels.action.acknowledge')}
            />
            <LinkButton plain href={actHref(space.id, note.hash)} label={t('channels.action.read-first')} />
            <LinkButton plain href={`/spaces/${space.id}/acts/${note.hash}/call`} label={t('calls.action.call')} />
            <LinkButton plain href={`/spaces/${space.id}/acts/${note.hash}/paging`} label={t('paging.action.chain')} />
          </Row>
        </>
      ) : (
        <Quiet>
          {t('channels.acknowledge.done', { time: formatDateTime(note.acknowledged_at, zone, language) })}{' '}
          <a href={actHref(space.id, note.hash)}>{t('channels.action.read')}</a>
        </Quiet>
      )}
      <FormLine>{t('channels.acknowledge.no-reply-needed')}</FormLine>
    </Framed>
  )
}
