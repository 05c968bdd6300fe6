import { actHref } from '../../../core/module/act-href.ts'
import type { ActFace, FaceProps } from '../../../core/module/types.ts'
import { formatDateTime, formatList, isolate } from '../../../text/index.ts'
import { Pairs } from '../../../web/index.ts'
import type { BreachBody, ProposedBody, ProposedText } from './acts.ts'
import { TermList } from './term-list.tsx'

const pageHref = (space: string, period?: string) => `/spaces/${space}/cooling-off${period ? `#period-${period}` : ''}`

const toPage = async ({ shown }: FaceProps) => [
  { label: 'de-escalation.cooling.open-page', method: 'GET' as const, href: pageHref(shown.space.id) },
]

export const proposedFace: ActFace<ProposedBody, ProposedText> = {
  type: 'de-escalation.cooling-off-proposed',
  form: (t, body) => t(`de-escalation.cooling.form.${body?.prolongs ? 'prolonged' : 'proposed'}`),
  headline({ shown, viewer, t, language }) {
    const { body } = shown.content ?? {}
    if (!body) return t('de-escalation.cooling.form.proposed')
    const until = formatDateTime(body.until, viewer.person.zone, language)
    const from = formatDateTime(body.from, viewer.person.zone, language)
    return t(`de-escalation.cooling.headline.${body.prolongs ? 'prolonged' : 'proposed'}`, { from, until })
  },
  Document({ shown, services, viewer, t, language }) {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    const sides = [shown.act.statement.author, ...body.with]
    const time = (at: number) => formatDateTime(at, viewer.person.zone, language)
    return (
      <>
        <Pairs
          items={[
            {
              term: t('de-escalation.cooling.between'),
              detail: formatList(
                sides.map((one) => isolate(services.nameOf(one, language))),
                language,
              ),
            },
            body.prolongs === undefined && { term: t('de-escalation.cooling.from'), detail: time(body.from) },
            { term: t('de-escalation.cooling.until'), detail: time(body.until) },
            { term: t('de-escalation.cooling.told-to'), detail: t(`de-escalation.cooling.told.${body.told}`) },
          ]}
        />
        {text.toldWords && <p dir="auto">{text.toldWords}</p>}
        {body.prolongs !== undefined && (
          <p>
            <a href={actHref(shown.space.id, body.prolongs)}>{t('de-escalation.cooling.terms-stay')}</a>
          </p>
        )}
        <TermList sides={sides} terms={body.terms} words={text.words} services={services} t={t} language={language} />
        {text.remarks && <p dir="auto">{text.remarks}</p>}
      </>
    )
  },
  actions: toPage,
}

type Step = 'agreed' | 'declined' | 'withdrawn' | 'ended'

const stepFace = (verb: Step): ActFace<{ proposal: string }, { words: string }> => ({
  type: `de-escalation.cooling-off-${verb}`,
  form: (t) => t(`de-escalation.cooling.form.${verb}`),
  headline: ({ shown, services, t, language }) =>
    t(`de-escalation.cooling.headline.${verb}`, { party: services.nameOf(shown.act.statement.author, language) }),
  Document: ({ shown, t }) => {
    const { body, text } = shown.content ?? {}
    if (!body) return null
    return (
      <>
        <p>
          {t(`de-escalation.cooling.means.${verb}`)}{' '}
          <a href={actHref(shown.space.id, body.proposal)}>{t('de-escalation.cooling.see-proposal')}</a>
        </p>
        {text?.words && <p dir="auto">{text.words}</p>}
      </>
    )
  },
  actions: toPage,
})

const breachFace: ActFace<BreachBody, { words: string }> = {
  type: 'de-escalation.breach-stated',
  form: (t) => t('de-escalation.cooling.form.breach'),
  headline: ({ shown, services, t, language }) =>
    t('de-escalation.cooling.headline.breach', { party: services.nameOf(shown.act.statement.author, language) }),
  Document({ shown, services, viewer, t, language }) {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    const party = services.nameOf(shown.act.statement.author, language)
    return (
      <>
        <p>
          <strong>{t('de-escalation.cooling.no-finding', { party })}</strong>{' '}
          <a href={actHref(shown.space.id, body.proposal)}>{t('de-escalation.cooling.see-proposal')}</a>
        </p>
        <p>
          {t('de-escalation.cooling.happened', {
            time: formatDateTime(body.at, viewer.person.zone, language),
          })}
        </p>
        <p dir="auto">{text.words}</p>
        <Evidence space={shown.space.id} evidence={body.evidence} t={t} />
      </>
    )
  },
  actions: toPage,
}

/** Acts a statement refers to, as links; they were chosen by whoever made it. */
export function Evidence({
  space,
  evidence,
  t,
}: { space: string; evidence: readonly string[] } & Pick<FaceProps, 't'>) {
  if (evidence.length === 0) return null
  return (
    <ul>
      {evidence.map((act, at) => (
        <li key={act}>
          <a href={actHref(space, act)}>{t('de-escalation.cooling.evidence', { number: at + 1 })}</a>
        </li>
      ))}
    </ul>
  )
}

const answeredFace: ActFace<{ statement: string }, { words: string }> = {
  type: 'de-escalation.breach-answered',
  form: (t) => t('de-escalation.cooling.form.answered'),
  headline: ({ shown, services, t, language }) =>
    t('de-escalation.cooling.headline.answered', { party: services.nameOf(shown.act.statement.author, language) }),
  Document: ({ shown, t }) => {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    return (
      <>
        <p>
          <a href={actHref(shown.space.id, body.statement)}>{t('de-escalation.cooling.see-statement')}</a>
        </p>
        <p dir="auto">{text.words}</p>
      </>
    )
  },
  actions: toPage,
}

export const coolingOffFaces: readonly ActFace[] = [
  proposedFace,
  stepFace('agreed'),
  stepFace('declined'),
  stepFace('withdrawn'),
  stepFace('ended'),
  breachFace,
  answeredFace,
]
