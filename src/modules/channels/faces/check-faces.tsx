import type { ActAction, ActFace, FaceProps, TenderedAct } from '../../../core/module/types.ts'
import { formatDuration } from '../../../text/index.ts'
import { ClockChip } from '../../../web/index.ts'
import { listChecks } from '../queries.ts'

/** Visibly a check: no subject, no message, only whether the channel works. */
export const checkFace: ActFace<{ within: string }> = {
  type: 'channels.check-called',
  form: (t) => t('channels.check.form'),
  headline: ({ t }) => t('channels.check.headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('channels.check.sentence', { party: services.nameOf(shown.act.statement.author, language) })}</p>
  ),
  load: (services, acts) =>
    listChecks(
      services.db,
      acts.map((one) => one.act.hash),
    ),
  async margin({ services, t, language, facts }: FaceProps) {
    if (!facts) return null
    return facts.answered_at === null ? (
      <ClockChip state="running" text={t('channels.check.open')} />
    ) : (
      <ClockChip
        state="met"
        text={t('channels.check.answered-by', {
          party: services.nameOf(facts.answered_party, language),
          after: formatDuration(facts.answered_at - facts.called_at, language),
        })}
      />
    )
  },
  async actions({ shown, services, viewer, facts }: FaceProps): Promise<ActAction[]> {
    if (!facts || facts.answered_by !== null || facts.author === services.party) return []
    if (!viewer.may('channels.check-answered:send')) return []
    return [
      {
        label: 'channels.action.answer-check',
        method: 'POST',
        href: `/spaces/${shown.space.id}/checks/${shown.act.hash}/answer`,
        primary: true,
      },
    ]
  },
  async tenderedActions({ shown, services, viewer }, others): Promise<ActAction[]> {
    if (shown.act.statement.author === services.party || !viewer.may('channels.check-answered:send')) return []
    if (isAnsweredByUs(shown.act.hash, services.party, others)) return []
    return [
      {
        label: 'channels.action.answer-check',
        method: 'POST',
        href: `/spaces/${shown.space.id}/checks/${shown.act.hash}/answer`,
        primary: true,
      },
    ]
  },
}

/** Whether an answer of ours is on its way already. */
export function isAnsweredByUs(hash: string, party: string, tendered: readonly TenderedAct[]): boolean {
  return tendered.some(
    ({ statement }) => statement.author === party && statement.refs?.some((ref) => ref.act === hash) === true,
  )
}

export const checkAnsweredFace: ActFace = {
  type: 'channels.check-answered',
  form: (t) => t('channels.check.answered-form'),
  headline: ({ t }) => t('channels.check.answered-headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('channels.check.answered-sentence', { party: services.nameOf(shown.act.statement.author, language) })}</p>
  ),
}
