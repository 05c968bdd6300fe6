import { actHref } from '../../../core/module/act-href.ts'
import type { ActAction, ActFace, FaceProps, Services, ShownAct, Viewer } from '../../../core/module/types.ts'
import { createTranslator, direction, formatDateTime, formatDuration } from '../../../text/index.ts'
import { ClockChip, Pairs, Time } from '../../../web/index.ts'
import type { NoteBody, NoteText } from '../acts.ts'
import { addresseeName, correspondentOf } from '../agreed.ts'
import { isAnsweredByUs } from './check-faces.tsx'
import { formRules } from '../form-rules.ts'
import { type Correction, listCorrections, listNumbers } from '../notes/note-states.ts'
import { Corrections } from '../notes/state-faces.tsx'
import { listStamps, type Stamp } from '../register/incoming.ts'
import { listCodes } from '../register/filing.ts'
import { signatureLine } from '../signature/signature.ts'
import { Translations } from '../translations/translations.tsx'
import { listNotes, type NoteRow } from '../queries.ts'
import { contactsOfRequests, requestPairs } from '../requests/request-lines.tsx'

type Facts = NoteRow & {
  corrections: Correction[]
  /** Numbers of the notes this one replaces, or is replaced by. */
  numbers: Map<string, string>
  /** Contacts that a request names, by party and id. */
  contacts: Awaited<ReturnType<typeof contactsOfRequests>>
  /** File code in our own register. */
  code?: string
  /** The stamp of our registry. */
  stamp?: Stamp
}
type Request = NonNullable<NoteBody['request']>
type Props = Omit<FaceProps<NoteBody, NoteText>, 'facts'> & { facts?: Facts }

/** The note as a letter: courtesies, text, the standing sentence, references. */
function NoteDocument(props: Props) {
  const { shown, t, facts } = props
  const body = shown.content?.body
  const text = shown.content?.text
  if (!body || !text) return null
  const letter = (
    <>
      <p class="reg">
        {t('channels.note.our-ref', { number: body.number })}
        {body.yourRef && ` · ${t('channels.note.your-ref-line', { number: body.yourRef })}`}
      </p>
      {!formRules[body.form].courtesies && (
        <p class="letterhead">{createTranslator(body.language)(letterheadOf(body))}</p>
      )}
      {body.request && <p>{requestSides(props, body, body.request)}</p>}
      {text.opening && <p>{text.opening}</p>}
      {text.paragraphs.map((paragraph, index) => (
        <p key={index}>{paragraph}</p>
      ))}
      {body.impliesNoAttribution && <p>{noAttribution(body.language)}</p>}
      {text.closing && <p>{text.closing}</p>}
      {text.signatory && <p class="signatory">{text.signatory}</p>}
      {body.signed && <p class="signatory">{signatureLine(body, text)}</p>}
      <Translations body={body} text={text} />
    </>
  )
  return (
    <>
      <WithoutNode {...props} />
      <Standing {...props} />
      {facts?.ended ? <del class="ended">{letter}</del> : letter}
    </>
  )
}

/** A request is headed by what it asks for. */
const letterheadOf = ({ form, request }: NoteBody) =>
  request ? `requests.kind.${request.kind}` : `channels.form.${form}`

function requestSides({ shown, services }: Props, { language, addressee }: NoteBody, { from, to }: Request): string {
  const t = createTranslator(language)
  return t('requests.sides', {
    from: t(`directory.kind.${from.kind}`),
    sender: services.signedNameOf(shown.act.statement.author, language),
    to: t(`directory.kind.${to.kind}`),
    addressee: services.signedNameOf(addressee, language),
  })
}

/** How a letter leaves that nobody can fetch. */
function WithoutNode({ shown: { space }, services, t, language }: Props) {
  // The letters of a circular note are shown without the spaces they go to.
  const party = (space as typeof space | undefined) && correspondentOf(space)
  if (party === undefined) return null
  return (
    <div class="standing" lang={language} dir={direction(language)}>
      <p>{t('channels.note.without-node', { party: addresseeName(services, space, party, language) })}</p>
    </div>
  )
}

/** In words, before the text and in the reader's language: whether it stands, as corrected or no longer. */
function Standing({ shown, services, viewer, t, language, facts }: Props) {
  if (!facts) return null
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const { space } = shown
  return (
    <div class="standing" lang={language} dir={direction(language)}>
      {facts.ended !== null && (
        <p>
          <strong>
            {t(`channels.ended.${facts.ended}`, {
              party: services.nameOf(facts.ended === 'returned' ? facts.addressee : facts.author, language),
              time: when(facts.ended_at ?? facts.sent_at),
            })}
          </strong>{' '}
          <a href={actHref(space.id, facts.ended_by ?? '')}>{endedBy(facts, t)}</a>
        </p>
      )}
      {facts.supersedes !== null && (
        <p>
          <a href={actHref(space.id, facts.supersedes)}>
            {t('channels.note.replaces', { number: facts.numbers.get(facts.supersedes) ?? '' })}
          </a>
        </p>
      )}
      {facts.corrections.map((one) => (
        <div key={one.hash}>
          <p>
            <a href={actHref(space.id, one.hash)}>{t('channels.ended.corrected', { time: when(one.at) })}</a>
          </p>
          <Corrections corrections={one.corrections ?? []} t={t} />
        </div>
      ))}
    </div>
  )
}

function endedBy({ ended, ended_by, numbers }: Facts, t: Props['t']): string {
  const number = numbers.get(ended_by ?? '')
  return ended === 'superseded' && number !== undefined
    ? t('channels.ended.see-number', { number })
    : t(`channels.ended.see-${ended === 'returned' ? 'return' : 'withdrawal'}`)
}

/** The standing sentence belongs to the document: it is set in the document's language. */
function noAttribution(language: string): string {
  return createTranslator(language)('channels.note.no-attribution-sentence')
}

async function loadNotes(services: Services, acts: ShownAct[], viewer: Viewer): Promise<Map<string, Facts>> {
  const notes = await listNotes(
    services.db,
    acts.map((one) => one.act.hash),
  )
  const linked = [...notes.values()].flatMap(({ supersedes, ended, ended_by }) => [
    supersedes,
    ended === 'superseded' ? ended_by : null,
  ])
  const [corrections, codes, stamps, numbers, contacts] = await Promise.all([
    listCorrections(services, viewer, [...notes.keys()]),
    listCodes(services.db, [...notes.keys()]),
    listStamps(services.db, [...notes.keys()]),
    listNumbers(
      services.db,
      linked.filter((one) => one !== null),
    ),
    contactsOfRequests(
      services,
      viewer,
      acts.map((one) => one.content?.body),
    ),
  ])
  return new Map(
    [...notes].map(([hash, row]) => [
      hash,
      {
        ...row,
        corrections: corrections.get(hash) ?? [],
        numbers,
        contacts,
        code: codes.get(hash),
        stamp: stamps.get(hash),
      },
    ]),
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
          ...(body
            ? requestPairs({ body, author: facts.author, contacts: facts.contacts, services, t, language })
            : []),
          body?.deadline && {
            term: t(`channels.note.deadline-${body.deadline.what}`),
            detail: t(`channels.source.${body.deadline.source}`),
          },
          viewer.may('register:read') &&
            (facts.author === services.party || facts.addressee === services.party) && {
              term: t('channels.note.file'),
              detail: <a href={`/register/${facts.hash}`}>{facts.code ?? t('channels.register.unfiled')}</a>,
            },
          facts.stamp !== undefined &&
            viewer.may('register:read') && {
              term: t('channels.register.column.incoming'),
              detail: t('channels.register.stamp', {
                number: facts.stamp.number,
                time: formatDateTime(facts.stamp.receivedAt, viewer.person.zone, language),
              }),
            },
          facts.ended !== null && {
            term: t('channels.note.state'),
            detail: t(`channels.ended.short-${facts.ended}`),
          },
          facts.corrections.length > 0 && {
            term: t('channels.note.corrections'),
            detail: facts.corrections.length,
          },
          facts.opened_at !== null && {
            term: t('delivery.opened.there'),
            detail: <Time ms={facts.opened_at} zone={viewer.person.zone} language={language} />,
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
        facts.answered_at === null &&
        facts.ended === null && <ClockChip state="running" text={t('channels.note.not-acknowledged')} />
      )}
      {facts.addressee === services.party && (
        <p class="small">
          <a href={`/spaces/${facts.space}/acts/${facts.hash}/paging`}>{t('paging.action.chain')}</a>
        </p>
      )}
    </>
  )
}

async function noteActions(props: Props): Promise<ActAction[]> {
  const { facts, services } = props
  if (!facts) return []
  if (facts.author === services.party) return senderActions(props, facts)
  return facts.addressee === services.party ? addresseeActions(props, facts) : []
}

function senderActions({ shown, viewer }: Props, { ended }: Facts): ActAction[] {
  if (ended !== null || !viewer.may('channels.note-sent:draft')) return []
  return [
    {
      label: 'channels.action.change',
      method: 'GET',
      href: `/spaces/${shown.space.id}/notes/${shown.act.hash}/change`,
    },
  ]
}

function addresseeActions({ shown, viewer }: Props, { acknowledged_by, answered_by, ended }: Facts): ActAction[] {
  if (ended !== null || answered_by !== null) return []
  const base = `/spaces/${shown.space.id}`
  const { hash } = shown.act
  const actions: ActAction[] = []
  if (acknowledged_by === null && viewer.may('channels.note-acknowledged:send'))
    actions.push({
      label: 'channels.action.acknowledge',
      method: 'GET',
      href: `${base}/notes/${hash}/acknowledge`,
      primary: true,
    })
  if (viewer.may('channels.note-sent:draft'))
    actions.push({
      label: 'channels.action.reply',
      method: 'GET',
      href: `${base}/write/channels.note-sent?reply=${hash}`,
    })
  if (viewer.may('channels.note-returned:draft'))
    actions.push({
      label: 'channels.action.return',
      method: 'GET',
      href: `${base}/write/channels.note-returned?note=${hash}`,
    })
  return actions
}

export const noteFace: ActFace<NoteBody, NoteText> = {
  type: 'channels.note-sent',
  form: (t, body) =>
    t(body?.replyKind ? `channels.reply-form.${body.replyKind}` : `channels.form.${body?.form ?? 'note'}`),
  headline({ shown, t, facts }: Props) {
    const subject = shown.content?.text?.subject ?? t('channels.note.withheld-subject')
    return facts?.ended ? t(`channels.ended.headline-${facts.ended}`, { subject }) : subject
  },
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
