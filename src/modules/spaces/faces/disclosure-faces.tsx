import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { ClockChip } from '../../../web/index.ts'
import type { DisclosureRequestedBody } from '../acts.ts'
import { audienceText } from '../disclosure-words.ts'
import { type Disclosure, listDisclosures } from '../disclosures.ts'
import { listAuthors } from '../list-authors.ts'

interface RequestFacts extends Disclosure {
  /** Authors of the acts it names. */
  authors: Map<string, string>
}

/** A request to let acts be shown outside; whoever wrote one of them can answer. */
export const disclosureRequestedFace: ActFace<DisclosureRequestedBody, { reason: string }> = {
  type: 'spaces.disclosure-requested',
  form: (t) => t('spaces.disclosure.form'),
  headline: ({ shown, services, t, language }) =>
    t('spaces.disclosure.headline', {
      count: shown.content?.body?.acts.length ?? 0,
      audience: audienceText(shown.content?.body?.audience ?? '', services, t, language),
    }),
  Document: ({ shown, services, t, language }) => {
    const { body, text } = shown.content ?? {}
    return (
      <>
        <p>
          {t('spaces.disclosure.asks', {
            party: services.nameOf(shown.act.statement.author, language),
            audience: audienceText(body?.audience ?? '', services, t, language),
            purpose: t(`spaces.purpose.${body?.purpose ?? 'verification'}`),
          })}
        </p>
        <ul>
          {body?.acts.map((act) => (
            <li key={act}>
              <a href={`/spaces/${shown.space.id}/acts/${act}`}>{t('spaces.disclosure.act')}</a>
            </li>
          ))}
        </ul>
        {text && <p>{text.reason}</p>}
      </>
    )
  },
  async load(services, acts) {
    const spaces = [...new Set(acts.map((one) => one.space.id))]
    const disclosures = await listDisclosures(services.db, spaces)
    const authors = await listAuthors(
      services,
      disclosures.flatMap((one) => one.acts),
    )
    return new Map(disclosures.map((one): [string, RequestFacts] => [one.request, { ...one, authors }]))
  },
  async margin({ facts, services, t, language }: FaceProps) {
    return (facts as RequestFacts | undefined)?.answers.map((answer) => (
      <p key={answer.party}>
        <ClockChip
          state={answer.answer === 'consented' ? 'met' : 'unanswered'}
          text={t(`spaces.disclosure.${answer.answer}-by`, { party: services.nameOf(answer.party, language) })}
        />
      </p>
    ))
  },
  async actions({ facts, shown, services, viewer }: FaceProps): Promise<ActAction[]> {
    const request = facts as RequestFacts | undefined
    if (!request || !isOursToAnswer(request, services.party)) return []
    const here = `/spaces/${shown.space.id}/disclosures/${shown.act.hash}`
    return [
      ...(viewer.may('spaces.disclosure-consented:send')
        ? [
            {
              label: 'spaces.disclosure.consent',
              method: 'POST' as const,
              href: `${here}/consent`,
              fields: { id: newId() },
              primary: true,
            },
          ]
        : []),
      ...(viewer.may('spaces.disclosure-refused:send')
        ? [{ label: 'spaces.disclosure.refuse', method: 'GET' as const, href: `${here}/refuse` }]
        : []),
    ]
  },
}

const isOursToAnswer = (request: RequestFacts, party: string): boolean =>
  request.author !== party &&
  request.acts.some((act) => request.authors.get(act) === party) &&
  !request.answers.some((answer) => answer.party === party)

export const disclosureConsentedFace: ActFace<{ request: string }> = {
  type: 'spaces.disclosure-consented',
  form: (t) => t('spaces.disclosure.consented-form'),
  headline: ({ t }) => t('spaces.disclosure.consented-headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('spaces.disclosure.consented-document', { party: services.nameOf(shown.act.statement.author, language) })}</p>
  ),
}

export const disclosureRefusedFace: ActFace<{ request: string }, { reason: string }> = {
  type: 'spaces.disclosure-refused',
  form: (t) => t('spaces.disclosure.refused-form'),
  headline: ({ t }) => t('spaces.disclosure.refused-headline'),
  Document: ({ shown, services, t, language }) => (
    <>
      <p>{t('spaces.disclosure.refused-document', { party: services.nameOf(shown.act.statement.author, language) })}</p>
      {shown.content?.text && <p>{shown.content.text.reason}</p>}
    </>
  ),
}
