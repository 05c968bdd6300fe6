import type { VNode } from 'preact'
import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { alternat, formatDateTime, formatList, isolate } from '../../../text/index.ts'
import { ClockChip, JointText, Time } from '../../../web/index.ts'
import { listMinutes, listOffers, type MinutesState } from '../queries.ts'

type MinutesProps = Omit<FaceProps, 'facts'> & { facts?: MinutesState }

interface Prose {
  subject: string
  paragraphs: string[]
}

function ProseDocument({ shown }: FaceProps<unknown, Prose>): VNode | null {
  const text = shown.content?.text
  if (!text) return null
  return (
    <>
      <h3>{text.subject}</h3>
      {text.paragraphs.map((paragraph, index) => (
        <p key={index} dir="auto">
          {paragraph}
        </p>
      ))}
    </>
  )
}

/** Minutes as our copy shows them: we are named first, as each side is on its own. */
function MinutesDocument(props: MinutesProps): VNode | null {
  const { shown, services, viewer, t, language, facts } = props
  const words = ProseDocument(props)
  if (!words) return null
  const nameOf = (party: string) => services.signedNameOf(party, language)
  const wereThere = shown.space.members.filter(
    ({ role, since, until }) =>
      role !== 'observer' && since <= shown.act.index && (until === undefined || until > shown.act.index),
  )
  const parties = alternat(
    wereThere.map(({ party }) => party),
    { own: services.party, language, nameOf },
  )
  const wordOf = (party: string) => {
    const at = facts?.confirmedBy.find((one) => one.party === party)?.at
    return at === undefined
      ? t('channels.minutes.not-confirmed')
      : t('channels.minutes.side-confirmed', { time: formatDateTime(at, viewer.person.zone, language) })
  }
  return (
    <JointText
      between={t('channels.minutes.between', { parties: formatList(parties.map(nameOf).map(isolate), language) })}
      sides={parties.map((party) => ({ name: nameOf(party), word: wordOf(party) }))}
      note={t('channels.minutes.alternat')}
    >
      {words}
    </JointText>
  )
}

const subjectOf = ({ shown, t }: FaceProps<unknown, Prose>) =>
  shown.content?.text?.subject ?? t('channels.note.withheld-subject')

export const minutesFace: ActFace<{ on: string; zone: string }, Prose> = {
  type: 'channels.minutes-proposed',
  form: (t) => t('channels.minutes.form'),
  headline: subjectOf,
  Document: MinutesDocument,
  load: (services, acts) =>
    listMinutes(
      services.db,
      acts.map((one) => one.act.hash),
    ),
  async margin({ services, viewer, t, language, facts }: MinutesProps) {
    return facts?.confirmedBy.map(({ party, at }) => (
      <p key={party}>
        {t('channels.minutes.confirmed-by', { party: services.nameOf(party, language) })}{' '}
        <Time ms={at} zone={viewer.person.zone} language={language} />
      </p>
    ))
  },
  async actions({ shown, services, viewer, facts }: MinutesProps): Promise<ActAction[]> {
    const confirmed = facts?.confirmedBy.some((one) => one.party === services.party)
    if (!facts || confirmed || !viewer.may('channels.minutes-confirmed:send')) return []
    return [
      {
        label: 'channels.action.confirm-minutes',
        method: 'POST',
        href: `/spaces/${shown.space.id}/minutes/${shown.act.hash}/confirm`,
        primary: true,
      },
    ]
  },
}

export const minutesConfirmedFace: ActFace = {
  type: 'channels.minutes-confirmed',
  form: (t) => t('channels.minutes.confirmed-form'),
  headline: ({ t }) => t('channels.minutes.confirmed-headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('channels.minutes.confirmed-by', { party: services.nameOf(shown.act.statement.author, language) })}</p>
  ),
}

export const offerFace: ActFace<{ kind: string }, Prose> = {
  type: 'channels.offer-made',
  form: (t, body) => t(body ? `channels.offer.form-${body.kind}` : 'channels.offer.form'),
  headline: subjectOf,
  Document: ProseDocument,
  load: (services, acts) =>
    listOffers(
      services.db,
      acts.map((one) => one.act.hash),
    ),
  async margin({ services, viewer, t, language, facts }: FaceProps) {
    if (!facts?.accepted_at) return null
    return (
      <>
        <ClockChip
          state="met"
          text={t('channels.offer.accepted-by', { party: services.nameOf(facts.accepted_party, language) })}
        />
        <Time ms={facts.accepted_at} zone={viewer.person.zone} language={language} />
      </>
    )
  },
  async actions({ shown, services, viewer, facts }: FaceProps): Promise<ActAction[]> {
    if (!facts || facts.accepted_by !== null || facts.author === services.party) return []
    if (!viewer.may('channels.offer-accepted:send')) return []
    return [
      {
        label: 'channels.action.accept-offer',
        method: 'POST',
        href: `/spaces/${shown.space.id}/offers/${shown.act.hash}/accept`,
        primary: true,
      },
    ]
  },
}

export const offerAcceptedFace: ActFace = {
  type: 'channels.offer-accepted',
  form: (t) => t('channels.offer.accepted-form'),
  headline: ({ t }) => t('channels.offer.accepted-headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('channels.offer.accepted-by', { party: services.nameOf(shown.act.statement.author, language) })}</p>
  ),
}
