import type { VNode } from 'preact'
import type { z } from 'zod'
import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import type * as acts from '../acts.ts'
import { executionActions } from '../execution-actions.ts'
import type { ExecutionRow } from '../tables.ts'
import '../tables.ts'
import { dayIn, TermsOfUseLines } from './terms-of-use.tsx'

type Words = Partial<z.infer<typeof acts.executedWords> & z.infer<typeof acts.acceptedWords>>
type Props<B> = FaceProps<B, Words>

const SeeRequest = ({ request, t }: { request: string; t: Props<unknown>['t'] }) => (
  <p>
    <a href={`/assistance/${request}`}>{t('assistance.document.see-request')}</a>
  </p>
)

const Paragraphs = ({ words }: { words: Words | undefined }) => (
  <>
    {words?.paragraphs?.map((one, at) => (
      <p key={at} dir="auto">
        {one}
      </p>
    ))}
  </>
)

function Said({ term, words }: { term: string; words: string | undefined }) {
  if (words === undefined) return null
  return (
    <>
      <h3>{term}</h3>
      <p dir="auto">{words}</p>
    </>
  )
}

interface Look<B> {
  type: string
  /** Key after `assistance.headline.`, and the facts of its sentence. */
  headline(body: B | undefined): string
  document?(props: Props<B>, body: B, words: Words | undefined): VNode | null
  request(body: B): string | undefined
}

function stepFace<B>({ type, headline, document, request }: Look<B>): ActFace<B, Words> {
  const name = type.slice(type.indexOf('.') + 1)
  return {
    type,
    form: (t) => t(`assistance.form.${name}`),
    headline: ({ shown, t }) => t(`assistance.headline.${headline(shown.content?.body)}`),
    Document: (props) => {
      const { body, text } = props.shown.content ?? {}
      if (!body) return null
      const about = request(body)
      return (
        <>
          <p>{props.t(`assistance.headline.${headline(body)}`)}</p>
          {document?.(props, body, text)}
          <Paragraphs words={text} />
          {about !== undefined && <SeeRequest request={about} t={props.t} />}
        </>
      )
    },
  }
}

export const acceptedFace = stepFace<z.infer<typeof acts.acceptedBody>>({
  type: 'assistance.request-accepted',
  headline: (body) => (body?.scope === 'part' ? 'partly' : 'accepted'),
  request: ({ request }) => request,
  document: ({ t, language }, { deliverBy }, words) => (
    <>
      <Said term={t('assistance.field.granted')} words={words?.granted} />
      <Said term={t('assistance.field.withheld')} words={words?.withheld} />
      {deliverBy !== undefined && <p>{t('assistance.document.deliver-by', { day: dayIn(deliverBy, language) })}</p>}
    </>
  ),
})

export const refusedFace = stepFace<z.infer<typeof acts.refusedBody>>({
  type: 'assistance.request-refused',
  headline: () => 'refused',
  request: ({ request }) => request,
  document: ({ t }, { grounds }) => (
    <ul>
      {grounds.map((one) => (
        <li key={one}>{t(`assistance.ground.${one}`)}</li>
      ))}
    </ul>
  ),
})

export const postponedFace = stepFace<z.infer<typeof acts.postponedBody>>({
  type: 'assistance.request-postponed',
  headline: () => 'postponed',
  request: ({ request }) => request,
  document: ({ t, language }, { ground, until }) => (
    <p>
      {t('assistance.document.postponed', {
        ground: t(`assistance.ground.${ground}`),
        day: dayIn(until, language),
      })}
    </p>
  ),
})

const plainExecuted = stepFace<z.infer<typeof acts.executedBody>>({
  type: 'assistance.request-executed',
  headline: (body) => (body?.complete === false ? 'handed-over' : 'executed'),
  request: ({ request }) => request,
  document: ({ t, language }, { keptUntil, terms }, words) => (
    <>
      {keptUntil !== undefined && <p>{t('assistance.document.kept-until', { day: dayIn(keptUntil, language) })}</p>}
      {terms && (
        <>
          <h3>{t('assistance.terms.title')}</h3>
          <TermsOfUseLines terms={terms} t={t} language={language} />
        </>
      )}
      <Said term={t('assistance.field.conditions')} words={words?.conditions} />
    </>
  ),
})

/** What was handed over, with the terms under which it may be used and how they stand. */
export const executedFace: typeof plainExecuted = {
  ...plainExecuted,
  async load({ db }, shown) {
    const rows = await db
      .selectFrom('view.assistance_execution')
      .selectAll()
      .where(
        'hash',
        'in',
        shown.map((one) => one.act.hash),
      )
      .execute()
    return new Map(rows.map((row) => [row.hash, row]))
  },
  async margin({ facts, services, viewer, t, language }) {
    const row = facts as ExecutionRow | undefined
    if (!row) return null
    const party = services.nameOf(row.recipient, language)
    const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
    return (
      <>
        {row.taken_first && (
          <p>
            {row.taken_at === null
              ? t('assistance.terms.not-taken', { party })
              : t('assistance.terms.taken', { party, time: when(row.taken_at) })}
          </p>
        )}
        {row.disposed_at !== null && <p>{t('assistance.terms.disposed', { party, time: when(row.disposed_at) })}</p>}
      </>
    )
  },
  actions: async ({ facts, services, viewer }): Promise<ActAction[]> =>
    facts ? executionActions(facts as ExecutionRow, services.party, viewer) : [],
}

export const supplementedFace = stepFace<{ request: string }>({
  type: 'assistance.request-supplemented',
  headline: () => 'supplemented',
  request: ({ request }) => request,
})

export const extensionRequestedFace = stepFace<z.infer<typeof acts.extensionRequestedBody>>({
  type: 'assistance.extension-requested',
  headline: () => 'extension-requested',
  request: ({ request }) => request,
  document: ({ t, language }, { until }) => <p>{t('assistance.document.longer', { day: dayIn(until, language) })}</p>,
})

export const extensionAnsweredFace = stepFace<z.infer<typeof acts.extensionAnsweredBody>>({
  type: 'assistance.extension-answered',
  headline: (body) => (body?.keptUntil === undefined ? 'extension-refused' : 'extension-granted'),
  request: () => undefined,
  document: ({ t, language }, { keptUntil }) =>
    keptUntil === undefined ? null : <p>{t('assistance.document.kept-until', { day: dayIn(keptUntil, language) })}</p>,
})

export const closedFace = stepFace<z.infer<typeof acts.closedBody>>({
  type: 'assistance.request-closed',
  headline: () => 'closed',
  request: ({ request }) => request,
  document: ({ t }, { outcome }) => <p>{t(`assistance.outcome.${outcome}`)}</p>,
})

export const termsTakenFace = stepFace<{ execution: string }>({
  type: 'assistance.terms-taken',
  headline: () => 'terms-taken',
  request: () => undefined,
})

export const disposedFace = stepFace<z.infer<typeof acts.disposedBody>>({
  type: 'assistance.material-disposed',
  headline: (body) => `disposed-${body?.how ?? 'deleted'}`,
  request: () => undefined,
})

export const spokenFace = stepFace<z.infer<typeof acts.oralBody>>({
  type: 'assistance.request-spoken',
  headline: () => 'spoken',
  request: () => undefined,
  document: ({ t, language, services, viewer }, { kind, addressee, at }) => (
    <p>
      {t('assistance.document.spoken', {
        kind: t(`requests.kind.${kind}`),
        party: services.nameOf(addressee, language),
        time: formatDateTime(at, viewer.person.zone, language),
      })}
    </p>
  ),
})

export const assistanceFaces: readonly ActFace[] = [
  acceptedFace,
  refusedFace,
  postponedFace,
  executedFace,
  supplementedFace,
  extensionRequestedFace,
  extensionAnsweredFace,
  closedFace,
  termsTakenFace,
  disposedFace,
  spokenFace,
]
