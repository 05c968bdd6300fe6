import { actHref } from '../../../core/module/act-href.ts'
import type { ActFace, FaceProps } from '../../../core/module/types.ts'
import { ClockChip } from '../../../web/index.ts'
import type { DelegationText, MeetingProposedBody, MeetingText } from '../acts.ts'
import { findMeeting, stateOf } from '../meetings.ts'
import { OptionTimes } from '../pages/option-times.tsx'

type Prose = { subject: string; paragraphs: string[] }

export const meetingFace: ActFace<MeetingProposedBody, MeetingText> = {
  type: 'talks.meeting-proposed',
  form: (t) => t('talks.form'),
  headline: ({ shown, t }) => shown.content?.text?.subject ?? t('talks.form'),
  Document({ shown, viewer, t, language }) {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    return (
      <>
        <ol>
          {body.options.map((option) => (
            <li key={option.at}>
              <OptionTimes option={option} zones={[viewer.person.zone, body.zone, 'UTC']} t={t} language={language} />
            </li>
          ))}
        </ol>
        {text.place && <p dir="auto">{text.place}</p>}
        {text.agenda.length > 0 && (
          <ol dir="auto">
            {text.agenda.map((point, at) => (
              <li key={at}>{point}</li>
            ))}
          </ol>
        )}
      </>
    )
  },
  async margin({ shown, services, t }: FaceProps) {
    const meeting = await findMeeting(services, shown.space.id, shown.act.hash)
    if (!meeting) return null
    const state = stateOf(meeting)
    return (
      <ClockChip
        state={state === 'set' ? 'met' : state === 'proposed' ? 'running' : 'open'}
        text={t(`talks.state.${state}`)}
      />
    )
  },
  actions: async ({ shown }) => [
    {
      label: 'talks.action.open',
      method: 'GET',
      href: `/spaces/${shown.space.id}/talks/${shown.act.hash}`,
      primary: true,
    },
  ],
}

const line = (
  name: 'confirmed' | 'cancelled' | 'remark' | 'delegation' | 'read-out',
  type: string,
): ActFace<{ proposal: string }, any> => ({
  type,
  form: (t) => t(`talks.${name}.form`),
  headline: ({ t, shown, services, language }) =>
    t(`talks.${name}.headline`, { party: services.nameOf(shown.act.statement.author, language) }),
  Document({ shown, t }) {
    const text = shown.content?.text as ({ words?: string } & Partial<Prose & DelegationText>) | undefined
    const proposal = shown.content?.body?.proposal
    return (
      <>
        {proposal && (
          <p>
            <a href={actHref(shown.space.id, proposal)}>{t('talks.to-proposal')}</a>
          </p>
        )}
        {text?.subject && <h3>{text.subject}</h3>}
        {[...(text?.paragraphs ?? []), ...(text?.words ? [text.words] : [])].map((one, at) => (
          <p key={at} dir="auto">
            {one}
          </p>
        ))}
        {text?.people && (
          <ul dir="auto">
            {text.people.map((one, at) => (
              <li key={at}>{[one.style, one.name, one.post].filter((part) => part !== '').join(', ')}</li>
            ))}
          </ul>
        )}
      </>
    )
  },
})

export const talksFaces: readonly ActFace[] = [
  meetingFace,
  line('confirmed', 'talks.time-confirmed'),
  line('cancelled', 'talks.meeting-cancelled'),
  line('remark', 'talks.remark-made'),
  line('delegation', 'talks.delegation-named'),
  line('read-out', 'talks.read-out-given'),
]
