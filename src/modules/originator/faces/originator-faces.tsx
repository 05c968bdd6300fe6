import { actHref } from '../../../core/module/act-href.ts'
import type { ActAction, ActFace, FaceProps, Services, ShownAct } from '../../../core/module/types.ts'
import { formatDate, formatDateTime } from '../../../text/index.ts'
import { ClockChip, Quiet } from '../../../web/index.ts'
import type { ForwardedBody, ForwardedText } from '../acts.ts'
import type { Request } from '../consents.ts'
import { originWords } from '../load-origin.ts'
import '../tables.ts'

async function loadRequests({ db }: Services, acts: ShownAct[]): Promise<Map<string, Request>> {
  const rows = await db
    .selectFrom('view.originator_request')
    .selectAll()
    .where(
      'request',
      'in',
      acts.map((one) => one.act.hash),
    )
    .execute()
  return new Map(rows.map((row) => [row.request, row]))
}

const listed = (parties: readonly string[], { services, language }: Pick<FaceProps, 'services' | 'language'>): string =>
  parties.map((party) => services.nameOf(party, language)).join(', ')

interface AskBody {
  act: string
  originator: string
  use: string
  to: string[]
}

export const consentRequestedFace: ActFace<AskBody, { reason: string }> = {
  type: 'originator.consent-requested',
  form: (t) => t('originator.form.requested'),
  headline: (props) => {
    const { shown, t } = props
    const { use = 'copy', to = [] } = shown.content?.body ?? {}
    return t('originator.headline.requested', { use: t(`originator.use.${use}`), to: listed(to, props) })
  },
  Document: (props) => {
    const { shown, t, services, language } = props
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    return (
      <>
        <p>
          {t('originator.document.requested', {
            party: services.nameOf(shown.act.statement.author, language),
            originator: services.nameOf(body.originator, language),
            use: t(`originator.use.${body.use}`),
            to: listed(body.to, props),
          })}{' '}
          <a href={actHref(shown.space.id, body.act)}>{t('originator.see')}</a>
        </p>
        <p>{text.reason}</p>
      </>
    )
  },
  load: loadRequests,
  async margin({ facts, t }: FaceProps) {
    const request = facts as Request | undefined
    if (!request?.answer) return null
    const state = request.withdrawn_at !== null ? 'withdrawn' : request.answer
    return <ClockChip state={state === 'consented' ? 'met' : 'unanswered'} text={t(`originator.answered.${state}`)} />
  },
  async actions({ facts, shown, services, viewer }: FaceProps): Promise<ActAction[]> {
    const request = facts as Request | undefined
    if (request?.originator !== services.party) return []
    const to = (verb: string, primary = false): ActAction[] =>
      viewer.may(`originator.consent-${verb}:draft` as never)
        ? [
            {
              label: `originator.action.${verb}`,
              method: 'GET',
              href: `/spaces/${shown.space.id}/write/originator.consent-${verb}?request=${request.request}`,
              primary,
            },
          ]
        : []
    if (request.answer === null) return [...to('given', true), ...to('refused')]
    return request.answer === 'consented' && request.withdrawn_at === null ? to('withdrawn') : []
  },
}

function answerFace(verb: 'given' | 'refused' | 'withdrawn'): ActFace<{ request: string; until?: string }, any> {
  return {
    type: `originator.consent-${verb}`,
    form: (t) => t(`originator.form.${verb}`),
    headline: ({ t }) => t(`originator.headline.${verb}`),
    Document: ({ shown, t, language }) => {
      const { body, text } = shown.content ?? {}
      if (!body) return null
      return (
        <>
          <p>
            {t(`originator.document.${verb}`)}{' '}
            <a href={actHref(shown.space.id, body.request)}>{t('originator.see-request')}</a>
          </p>
          {body.until !== undefined && (
            <p>{t('originator.document.until', { until: formatDate(Date.parse(body.until), 'UTC', language) })}</p>
          )}
          {text?.conditions && (
            <>
              <p>{t('originator.document.conditions')}</p>
              <p>{text.conditions}</p>
            </>
          )}
          {text?.reason && <p>{text.reason}</p>}
        </>
      )
    },
  }
}

export const answerFaces = [answerFace('given'), answerFace('refused'), answerFace('withdrawn')]

export const forwardedFace: ActFace<ForwardedBody, ForwardedText> = {
  type: 'originator.material-forwarded',
  form: (t, body) => t(`originator.form.forwarded-${body?.mode ?? 'copy'}`),
  headline: ({ shown, t }) => shown.content?.text?.subject ?? t('originator.form.forwarded-copy'),
  Document: ({ shown, services, viewer, t, language }) => {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    return (
      <>
        {text.paragraphs.map((paragraph, at) => (
          <p key={at}>{paragraph}</p>
        ))}
        <p>
          {t('originator.document.forwarded', {
            what: originWords(services, body.origin, { t, language }),
            time: formatDateTime(body.origin.at, viewer.person.zone, language),
          })}
        </p>
        <blockquote>
          {text.passage.map((paragraph, at) => (
            <p key={at}>{paragraph}</p>
          ))}
        </blockquote>
        {body.consents && (
          <p>{t('originator.document.with-consent', { party: services.nameOf(body.origin.party, language) })}</p>
        )}
        {text.conditions?.map((words, at) => (
          <p key={at}>
            {t('originator.document.conditions')} {words}
          </p>
        ))}
        <Quiet small>{t(`originator.document.means-${body.mode}`)}</Quiet>
      </>
    )
  },
}
