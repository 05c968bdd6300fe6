import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { ClockChip, Time } from '../../../web/index.ts'
import type { CallLoggedBody, CallWords } from '../acts.ts'
import { callSentence, standing } from '../call-words.ts'
import { type CallRow, listCalls } from '../queries.ts'

type Props = Omit<FaceProps<CallLoggedBody, CallWords>, 'facts'> & { facts?: CallRow }

function Words({ words }: { words?: string }) {
  return words ? <p dir="auto">{words}</p> : null
}

export const callLoggedFace: ActFace<CallLoggedBody, CallWords> = {
  type: 'calls.call-logged',
  form: (t) => t('calls.form'),
  headline: (props) =>
    props.shown.content?.body ? callSentence(props.shown.content.body, props) : props.t('calls.form'),
  Document: (props) => {
    const { body, text } = props.shown.content ?? {}
    if (!body) return null
    return (
      <>
        <p>{callSentence(body, props)}</p>
        <Words words={text?.words} />
      </>
    )
  },
  load: (services, acts) =>
    listCalls(
      services.db,
      acts.map((one) => one.act.hash),
    ),
  async margin({ facts, services, viewer, t, language }: Props) {
    if (!facts) return null
    const { state, text } = standing(facts, { services, t, language })
    return (
      <>
        <p>
          {t('calls.began')} <Time ms={facts.at} zone={viewer.person.zone} language={language} />
        </p>
        <ClockChip state={state} text={text} />
        {facts.answered_at !== null && (
          <Time ms={facts.answered_at} zone={viewer.person.zone} language={language} short />
        )}
      </>
    )
  },
  async actions({ shown, facts, services, viewer }: Props): Promise<ActAction[]> {
    const isOurs = facts && [facts.caller, facts.called].includes(services.party) && facts.author !== services.party
    if (!isOurs || facts.answer !== null || !viewer.may('calls.call-confirmed:send')) return []
    const href = `/spaces/${shown.space.id}/calls/${shown.act.hash}`
    return [
      { label: 'calls.action.confirm', method: 'POST', href: `${href}/confirm`, primary: true },
      { label: 'calls.action.contest', method: 'GET', href: `${href}/contest` },
    ]
  },
}

const answeredFace = (answer: 'confirmed' | 'contested'): ActFace<{ call: string }, CallWords> => ({
  type: `calls.call-${answer}`,
  form: (t) => t(`calls.${answer}.form`),
  headline: ({ t }) => t(`calls.${answer}.headline`),
  Document: ({ shown, services, t, language }) => (
    <>
      <p>{t(`calls.${answer}.sentence`, { party: services.nameOf(shown.act.statement.author, language) })}</p>
      <Words words={shown.content?.text?.words} />
    </>
  ),
})

export const callConfirmedFace = answeredFace('confirmed')
export const callContestedFace = answeredFace('contested')
