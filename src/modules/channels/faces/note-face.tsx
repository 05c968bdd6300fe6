import type { ActAction, ActFace, FaceProps, Services, ShownAct } from '../../../core/module/types.ts'
import { createTranslator, formatDateTime, formatDuration } from '../../../text/index.ts'
import { ClockChip, Pairs, Time } from '../../../web/index.ts'
import type { NoteBody, NoteText } from '../acts.ts'
import { isAnsweredByUs } from './check-faces.tsx'
import { listNotes, type NoteRow } from '../queries.ts'

type Props = FaceProps<NoteBody, NoteText> & { facts?: NoteRow }

/** The note as a letter: courtesies, text, the standing sentence, references. */
function NoteDocument({ shown, t }: Props) {
  const body = shown.content?.body
  const text = shown.content?.text
  if (!body || !text) return null
  return (
    <>
      <p class="reg">
        {t('channels.note.our-ref', { number: body.number })}
        {body.yourRef && ` · ${t('channels.note.your-ref-line', { number: body.yourRef })}`}
      </p>
      <p>{text.opening}</p>
      {text.paragraphs.map((paragraph, index) => (
        <p key={index}>{paragraph}</p>
      ))}
      {body.impliesNoAttribution && <p>{noAttribution(body.language)}</p>}
      <p>{text.closing}</p>
    </>
  )
}

/** The standing sentence belongs to the document: it is set in the document's language. */
function noAttribution(language: string): string {
  return createTranslator(language)('channels.note.no-attribution-sentence')
}

async function loadNotes(services: Services, acts: ShownAct[]): Promise<Map<string, NoteRow>> {
  return listNotes(
    services.db,
    acts.map((one) => one.act.hash),
  )
}

async function noteMargin({ shown, services, viewer, t, language, facts }: Props) {
  const body = shown.content?.body
  if (!facts) return null
  return (
    <>
      <Pairs
        items={[
          { term: t('channels.note.to'), detail: services.nameOf(facts.addressee, language) },
          body?.deadline && {
            term: t(`channels.note.deadline-${body.deadline.what}`),
            detail: t(`channels.source.${body.deadline.source}`),
          },
          facts.answered_at !== null && {
            term: t('channels.note.answered'),
            detail: <Time ms={facts.answered_at} zone={viewer.person.zone} language={language} />,
          },
        ]}
      />
      {facts.acknowledged_at !== null ? (
        <>
          <ClockChip
            state="met"
            text={t('channels.note.acknowledged-at', {
              time: formatDateTime(facts.acknowledged_at, viewer.person.zone, language),
              after: formatDuration(facts.acknowledged_at - facts.sent_at, language),
            })}
          />
          <p class="small quiet">{t('channels.note.acknowledged-meaning')}</p>
        </>
      ) : (
        facts.answered_at === null && <ClockChip state="running" text={t('channels.note.not-acknowledged')} />
      )}
    </>
  )
}

async function noteActions({ shown, services, viewer, facts }: Props): Promise<ActAction[]> {
  if (!facts || facts.addressee !== services.party) return []
  const actions: ActAction[] = []
  const base = `/spaces/${shown.space.id}`
  if (facts.acknowledged_by === null && facts.answered_by === null && viewer.may('channels.note-acknowledged:send'))
    actions.push({
      label: 'channels.action.acknowledge',
      method: 'GET',
      href: `${base}/notes/${shown.act.hash}/acknowledge`,
      primary: true,
    })
  if (facts.answered_by === null && viewer.may('channels.note-sent:draft'))
    actions.push({
      label: 'channels.action.reply',
      method: 'GET',
      href: `${base}/write/channels.note-sent?reply=${shown.act.hash}`,
    })
  return actions
}

export const noteFace: ActFace<NoteBody, NoteText> = {
  type: 'channels.note-sent',
  form: (t, body) =>
    t(body?.replyKind ? `channels.reply-form.${body.replyKind}` : `channels.form.${body?.form ?? 'note'}`),
  headline: ({ shown, t }) => shown.content?.text?.subject ?? t('channels.note.withheld-subject'),
  Document: NoteDocument,
  load: loadNotes,
  margin: noteMargin,
  actions: noteActions,
  async tenderedActions({ shown, services, viewer }, others) {
    const { hash, statement } = shown.act
    if (shown.content?.body?.addressee !== services.party || !viewer.may('channels.note-acknowledged:send')) return []
    if (statement.author === services.party || isAnsweredByUs(hash, services.party, others)) return []
    const href = `/spaces/${shown.space.id}/notes/${hash}/acknowledge`
    return [{ label: 'channels.action.acknowledge', method: 'POST', href, primary: true }]
  },
}
