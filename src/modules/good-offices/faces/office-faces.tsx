import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { direction, languageName } from '../../../text/index.ts'
import { Pairs, Reg, Trouble } from '../../../web/index.ts'
import { hashOfDraft, wordingOf } from '../../forums/index.ts'
import type { RemarksText, SaidText, TabledText } from '../acts.ts'
import { mediatorOf, officeSpace } from '../roles.ts'

const paragraphs = (words: readonly string[]) =>
  words.map((paragraph, index) => (
    <p key={index} dir="auto">
      {paragraph}
    </p>
  ))

function prose(type: string, name: string): ActFace<{ passing?: string }, SaidText> {
  return {
    type,
    form: (t) => t(`good-offices.form.${name}`),
    headline: ({ shown, t }) => shown.content?.text?.subject ?? t('channels.note.withheld-subject'),
    Document: ({ shown }) =>
      shown.content?.text ? (
        <>
          <h3 dir="auto">{shown.content.text.subject}</h3>
          {paragraphs(shown.content.text.paragraphs)}
        </>
      ) : null,
    async margin({ shown, t }) {
      const passing = shown.content?.body?.passing
      const isSide = shown.act.statement.author !== mediatorOf(shown.space)
      return passing && isSide ? (
        <Pairs items={[{ term: t('good-offices.passing.label'), detail: t(`good-offices.passing.${passing}`) }]} />
      ) : null
    },
    actions: async (props) => saidActions(props, name),
  }
}

function saidActions({ shown, services, viewer }: FaceProps, name: string): ActAction[] {
  const { author } = shown.act.statement
  const isOwnWord = name === 'said' && author === services.party && author !== mediatorOf(shown.space)
  const needsLeave = shown.content?.body?.passing !== 'may-pass'
  if (!isOwnWord || !needsLeave || !viewer.may('good-offices.passing-allowed:send')) return []
  const href = `/spaces/${shown.space.id}/good-offices/${shown.act.hash}/allow`
  return [{ label: 'good-offices.action.allow', method: 'POST', href }]
}

export const saidFace = prose('good-offices.confidence-said', 'said')
export const passedOnFace = prose('good-offices.passed-on', 'passed')

type TabledBody = { version: number; language: string; hash: string; openBrackets: number }

export const tabledFace: ActFace<TabledBody, TabledText> = {
  type: 'good-offices.text-tabled',
  form: (t, body) => t('good-offices.form.tabled', { version: body?.version ?? 0 }),
  headline: ({ shown, t }) => shown.content?.text?.title ?? t('channels.note.withheld-subject'),
  Document({ shown, services, t, language }) {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    return (
      <>
        <div lang={body.language} dir={direction(body.language)}>
          <h3>{text.title}</h3>
          {paragraphs(wordingOf(text, new Map()))}
        </div>
        <p class="small quiet">
          {t('good-offices.text.by', {
            mediator: services.nameOf(shown.act.statement.author, language),
            language: languageName(body.language),
          })}
        </p>
        {hashOfDraft(text) === body.hash ? (
          <Reg text={t('agreements.text.hash', { hash: body.hash })} />
        ) : (
          <Trouble what={t('agreements.text.hash-differs')} do={t('agreements.text.hash-differs-do')} />
        )}
      </>
    )
  },
}

function remarks(type: string, name: string): ActFace<{ answer?: string }, RemarksText> {
  return {
    type,
    form: (t) => t(`good-offices.form.${name}`),
    headline: ({ shown, t }) => t(`good-offices.headline.${name}`, { answer: shown.content?.body?.answer ?? 'none' }),
    Document: ({ shown, services, t, language }) => (
      <>
        <p>
          {t(`good-offices.sentence.${name}`, {
            party: services.signedNameOf(shown.act.statement.author, language),
            answer: shown.content?.body?.answer ?? 'none',
            where: officeSpace(shown.space) ?? 'joint',
          })}
        </p>
        {paragraphs(shown.content?.text?.paragraphs ?? [])}
      </>
    ),
  }
}

export const consentedFace = remarks('good-offices.offer-taken', 'consented')
export const allowedFace = remarks('good-offices.passing-allowed', 'allowed')
export const answeredFace = remarks('good-offices.text-answered', 'answered')
export const agreedFace = remarks('good-offices.text-agreed', 'agreed')
export const endedFace = remarks('good-offices.mediation-ended', 'ended')
