import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate, formatDateTime, formatSize } from '../../../text/index.ts'
import { ButtonForm, ErrorSummary, LinkButton, PageHead, Quiet, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Dispatch } from '../dispatch/dispatches.ts'
import type { NotedWord } from '../dispatch/words.ts'
import type { Invitation } from '../guests/invitations.ts'
import type { Letter } from '../load-letter.ts'
import type { WithoutNode } from '../parties/party.ts'
import { BounceForm, GuestForm, HandForm, WordForm } from './correspondence-forms.tsx'

interface Props {
  visit: Visit<unknown>
  letter: Letter
  party: WithoutNode
  dispatches: readonly Dispatch[]
  words: readonly NotedWord[]
  invitations: readonly Invitation[]
  /** What the marking lets out by which way. */
  ways: { mail: boolean; guest: boolean }
  /** It runs a node by now. */
  hasJoined: boolean
  errors?: Record<string, string>
}

const underWay = new Set(['queued', 'sending', 'sent', 'unsure'])

/** One letter to a party without a node: how it leaves, and what we noted of what became of it. */
export function CorrespondencePage(props: Props) {
  const { visit, letter, party, errors = {} } = props
  const { t, language, services, viewer } = visit
  const { body, text, space, act } = letter
  const name = services.nameOf(party.party, language)
  const title = t('letters.title', { form: t(`channels.form.${body.form}`), number: body.number })
  const labels = Object.fromEntries(
    ['handedBy', 'handedTo', 'on', 'official', 'address', 'reason', 'who', 'words'].map((one) => [
      one,
      t(`letters.field.${one}`),
    ]),
  )
  return (
    <Framed visit={visit as Visit} title={title} current="/letters" drill={space.drill} marking={letter.marking}>
      <PageHead
        form={t(props.hasJoined ? 'letters.to-joined' : 'letters.to', { party: name })}
        title={title}
        lead={text.subject}
        actions={
          <>
            <LinkButton href={`/spaces/${space.id}/notes/${act.hash}/letter`} label={t('letters.action.letter')} />
            <LinkButton plain href={`/register/${act.hash}`} label={t('letters.to-register')} />
          </>
        }
      />
      <p>{t(props.hasJoined ? 'letters.ours-alone-joined' : 'letters.ours-alone', { party: name })}</p>
      <ErrorSummary errors={errors} labels={labels} />
      <Section title={t('letters.dispatch.title')}>
        <Dispatches {...props} />
        {viewer.may('letters.dispatch:send') && letter.note.ended === null && <Leave {...props} errors={errors} />}
      </Section>
      <Section title={t('letters.guest.section')}>
        <Guests {...props} />
        {viewer.may('letters.invitation:send') &&
          (props.ways.guest ? (
            <GuestForm {...{ visit, party, act: act.hash, errors }} />
          ) : (
            <Quiet>{t('letters.guest.barred')}</Quiet>
          ))}
      </Section>
      <Section title={t('letters.word.title')}>
        <Quiet>{t('letters.word.lead')}</Quiet>
        <Words {...props} />
        {viewer.may('letters.word:draft') && <WordForm {...{ visit, act: act.hash, errors }} />}
      </Section>
    </Framed>
  )
}

/** A day as it was noted, in no zone. */
const dayIn = (on: string, language: string) => formatDate(Date.parse(`${on}T00:00:00Z`), 'Etc/UTC', language)

function Dispatches({ visit, letter, dispatches }: Props) {
  const { t, language, viewer } = visit
  if (dispatches.length === 0) return <Quiet>{t('letters.dispatch.none')}</Quiet>
  const mayStep = viewer.may('letters.dispatch:send')
  return (
    <>
      <Table
        caption={t('letters.dispatch.title')}
        quietCaption
        head={['when', 'way', 'state', 'by'].map((one) => t(`letters.dispatch.${one}`))}
        rows={dispatches.map((one) => [
          one.on_date !== null
            ? dayIn(one.on_date, language)
            : formatDateTime(one.changed_at, viewer.person.zone, language, { short: true }),
          one.way === 'mail'
            ? t('letters.dispatch.by-mail', { address: one.address ?? '' })
            : t('letters.dispatch.by-hand', { by: one.handed_by ?? '', to: one.handed_to ?? '' }),
          <>
            {t(`letters.state.${one.state}`)}
            {one.last_error !== null && (
              <>
                : <bdi>{one.last_error}</bdi>
              </>
            )}
          </>,
          one.noted_by_name,
        ])}
      />
      {mayStep &&
        dispatches.map((one) => (
          <div class="row" key={one.id}>
            {one.state === 'unsure' && <p>{t('letters.dispatch.unsure')}</p>}
            {['failed', 'unsure', 'bounced'].includes(one.state) && (
              <ButtonForm
                plain
                action={`/letters/${letter.act.hash}/dispatches/${one.id}/again`}
                label={t('letters.dispatch.again')}
              />
            )}
            {(one.state === 'sent' || one.state === 'unsure') && (
              <BounceForm visit={visit} action={`/letters/${letter.act.hash}/dispatches/${one.id}/bounced`} />
            )}
          </div>
        ))}
    </>
  )
}

function Leave({ visit, letter, party, dispatches, ways, errors }: Props & { errors: Record<string, string> }) {
  const { t } = visit
  // What failed is sent once more above; a new sending is for a new address.
  const isUnderWay = dispatches.some(
    (one) => one.way === 'mail' && (underWay.has(one.state) || one.address === party.email),
  )
  return (
    <>
      {!ways.mail && <Quiet>{t('letters.dispatch.barred')}</Quiet>}
      {ways.mail && party.email === undefined && <Quiet>{t('letters.dispatch.no-address')}</Quiet>}
      {ways.mail && party.email !== undefined && !isUnderWay && (
        <>
          <p>{t('letters.dispatch.leaves', { address: party.email })}</p>
          {letter.annexes.length > 0 && (
            <p>
              {t('letters.dispatch.with-files', {
                count: letter.annexes.length,
                size: formatSize(
                  letter.annexes.reduce((sum, one) => sum + one.size, 0),
                  visit.language,
                ),
              })}
            </p>
          )}
          <ButtonForm
            action={`/letters/${letter.act.hash}/mail`}
            fields={{ id: newId() }}
            label={t('letters.dispatch.send', { address: party.email })}
          />
        </>
      )}
      <HandForm {...{ visit, act: letter.act.hash, errors }} />
    </>
  )
}

function Guests({ visit, letter, invitations }: Props) {
  const { t, language, viewer, services } = visit
  if (invitations.length === 0) return <Quiet>{t('letters.guest.none')}</Quiet>
  const now = services.clock.now()
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  const stateOf = (one: Invitation) => {
    if (one.acknowledged_at !== null) return t('letters.guest.state-acknowledged', { time: when(one.acknowledged_at) })
    if (one.withdrawn_at !== null) return t('letters.guest.state-withdrawn', { time: when(one.withdrawn_at) })
    if (one.expires_at <= now) return t('letters.guest.state-expired', { time: when(one.expires_at) })
    if (one.mail_state === 'failed') return t('letters.guest.state-not-sent', { reason: one.mail_error ?? '' })
    if (one.read_at !== null) return t('letters.guest.state-read', { time: when(one.read_at) })
    return t('letters.guest.state-open', { time: when(one.expires_at) })
  }
  const isOpen = (one: Invitation) => one.acknowledged_at === null && one.withdrawn_at === null && one.expires_at > now
  return (
    <>
      <Table
        caption={t('letters.guest.section')}
        quietCaption
        head={['official', 'state', 'vouched'].map((one) => t(`letters.guest.column-${one}`))}
        rows={invitations.map((one) => [
          <>
            <bdi>{one.official}</bdi> · <bdi dir="ltr">{one.address}</bdi>
          </>,
          stateOf(one),
          t('letters.guest.vouched', { person: one.vouched_by_name }),
        ])}
      />
      {viewer.may('letters.invitation:send') &&
        invitations.filter(isOpen).map((one) => (
          <div class="row" key={one.id}>
            <ButtonForm
              plain
              action={`/letters/${letter.act.hash}/invitations/${one.id}/code`}
              label={t('letters.guest.new-code', { official: one.official })}
            />
            <ButtonForm
              plain
              action={`/letters/${letter.act.hash}/invitations/${one.id}/withdraw`}
              label={t('letters.guest.withdraw', { official: one.official })}
            />
          </div>
        ))}
    </>
  )
}

function Words({ visit, words }: Props) {
  const { t } = visit
  if (words.length === 0) return <Quiet>{t('letters.word.none')}</Quiet>
  return (
    <Table
      caption={t('letters.word.title')}
      quietCaption
      head={['on', 'kind', 'who', 'words', 'by'].map((one) => t(`letters.word.column-${one}`))}
      rows={words.map((one) => [
        dayIn(one.on, visit.language),
        t(`letters.state.${one.kind}`),
        one.who ?? '–',
        [one.theirRef, one.words].filter((part) => part !== undefined).join(' · ') || '–',
        one.by,
      ])}
    />
  )
}
