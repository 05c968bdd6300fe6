import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { formatDateTime, formatDuration } from '../../../text/index.ts'
import { ClockChip } from '../../../web/index.ts'
import type { Attempt } from '../acts.ts'
import type { CoarseCount } from '../coarse-count.ts'
import { type ChallengeRow, listChallenges } from '../queries.ts'
import { figuresInWords, spanInWords } from '../result-words.ts'

interface Span {
  round: string
  opensAt: number
  closesAt: number
  within: string
}

/** A check and nothing else: it carries no message, and says by whose hours its time is counted. */
export const challengeFace: ActFace<{ attempt: Attempt; within: string }> = {
  type: 'checks.challenge-sent',
  form: (t) => t('checks.challenge.form'),
  headline: ({ t, shown }) => t(`checks.challenge.headline-${shown.content?.body?.attempt ?? 'first'}`),
  Document: ({ shown, services, t, language }) => (
    <>
      <p>{t('checks.challenge.sentence', { party: services.nameOf(shown.act.statement.author, language) })}</p>
      <p class="quiet">{t('checks.challenge.hours')}</p>
    </>
  ),
  load: (services, acts) =>
    listChallenges(
      services.db,
      acts.map((one) => one.act.hash),
    ),
  async margin({ t, language, viewer, services, facts }: FaceProps) {
    const row = facts as ChallengeRow | undefined
    if (!row) return null
    const zone = viewer.person.zone
    if (row.answered_at === null)
      return (
        <ClockChip
          state="running"
          text={t('checks.challenge.open', { due: formatDateTime(row.due_at, zone, language) })}
        />
      )
    return (
      <ClockChip
        state="met"
        text={t(row.answered_at <= row.due_at ? 'checks.challenge.answered' : 'checks.challenge.answered-late', {
          party: services.nameOf(row.addressee, language),
          after: formatDuration(row.answered_at - row.sent_at, language),
        })}
      />
    )
  },
  async actions({ shown, services, viewer, facts }: FaceProps): Promise<ActAction[]> {
    const row = facts as ChallengeRow | undefined
    if (!row || row.answered_by !== null || row.addressee !== services.party) return []
    if (!viewer.may('channels.check-answered:send')) return []
    return [
      {
        label: 'channels.action.answer-check',
        method: 'POST',
        href: `/spaces/${shown.space.id}/challenges/${shown.act.hash}/answer`,
        primary: true,
      },
    ]
  },
}

export const challengeAnsweredFace: ActFace = {
  type: 'checks.challenge-answered',
  form: (t) => t('channels.check.answered-form'),
  headline: ({ t }) => t('channels.check.answered-headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('channels.check.answered-sentence', { party: services.nameOf(shown.act.statement.author, language) })}</p>
  ),
}

export const announcementFace: ActFace<Span> = {
  type: 'checks.campaign-announced',
  form: (t) => t('checks.campaign.form'),
  headline: ({ t }) => t('checks.campaign.announced'),
  Document: ({ shown, t, language, viewer }) => {
    const body = shown.content?.body
    return body ? (
      <p>
        {t('checks.campaign.announced-sentence', {
          span: spanInWords({ ...body, zone: viewer.person.zone }, language, t),
        })}
      </p>
    ) : null
  },
}

export const resultFace: ActFace<Span & { figures?: CoarseCount }> = {
  type: 'checks.results-published',
  form: (t) => t('checks.result.form'),
  headline: ({ shown, t, language }) => figuresInWords(shown.content?.body?.figures, language, t),
  Document: ({ shown, t, language, viewer }) => {
    const body = shown.content?.body
    return body ? (
      <>
        <p>{figuresInWords(body.figures, language, t)}</p>
        <p class="quiet">{spanInWords({ ...body, zone: viewer.person.zone }, language, t)}</p>
      </>
    ) : null
  },
}
