import type { VNode } from 'preact'
import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Draft, DraftTrace, Json, Visit } from '../../../core/module/types.ts'
import { formatTime } from '../../../text/index.ts'
import { LinkButton, LiveRegion, PageHead, Quiet, Row, Section, Steps, TlpLabel, Trouble } from '../../../web/index.ts'
import { FileTroubles } from '../../files/index.ts'
import { Framed } from '../../frame/index.ts'
import { findTrace, returnedText, traceText } from '../draft-trace.ts'
import { getDraft } from '../get-draft.ts'
import { loadReview, type Review } from '../load-review.ts'
import { findFace } from '../show-acts.ts'
import { listNames, partiesText, titleOf } from '../space-words.ts'
import { Boxes, Changes, Letter, Record } from './review-parts.tsx'
import { FootingSection, NextSteps } from './review-steps.tsx'

/** The letter as they will see it, what leaves and what stays, and the next step. */
export async function reviewDraft(visit: Visit, errors: Record<string, string> = {}): Promise<Answer> {
  if (visit.wantsJson) return { data: draftData(await getDraft(visit)) }
  const draft = await draftOrNothing(visit)
  return draft ? { page: <ReviewPage review={await loadReview(visit, draft, { errors })} /> } : showTrace(visit)
}

/** The page as it stands now, after a step that somebody else forestalled: who, when, and what can be done instead. */
export async function reviewTooLate(visit: Visit, code: string): Promise<Answer> {
  const trace = await findTrace(visit)
  const draft = await draftOrNothing(visit)
  if (!trace || !draft) return { ...(await showTrace(visit)), status: 409 }
  const isChanged = code === 'draft.approval-differs'
  const tooLate = isChanged ? visit.t('spaces.trace.changed') : await traceText(visit, trace)
  return { page: <ReviewPage review={await loadReview(visit, draft, { tooLate })} />, status: 409 }
}

async function draftOrNothing(visit: Visit): Promise<Draft | undefined> {
  try {
    return await getDraft(visit)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not-found') return undefined
    throw error
  }
}

/** For whoever could read a draft and may no longer: what became of it, and none of its words. */
async function showTrace(visit: Visit): Promise<{ page: VNode }> {
  const trace = await findTrace(visit)
  if (!trace) throw new Refusal('not-found')
  const what = await traceText(visit, trace)
  return { page: <GonePage visit={visit} id={visit.params.id ?? ''} trace={trace} what={what} /> }
}

function GonePage({ visit, id, trace, what }: { visit: Visit; id: string; trace: DraftTrace; what: string }) {
  const { t } = visit
  const title = t('spaces.trace.title')
  return (
    <Framed visit={visit} title={title} current="/spaces">
      <LiveRegion topic={`draft:${id}`} id="review">
        <PageHead title={title} />
        <Trouble
          what={what}
          do={
            <>
              {trace.state === 'drafting' && trace.returnedWhy !== undefined && (
                <p dir="auto">{returnedText(trace.returnedWhy, t)}</p>
              )}
              <p>{t('spaces.trace.nothing-to-do')}</p>
              <Typed visit={visit} />
            </>
          }
        />
        <Row>
          <LinkButton href={`/spaces/${trace.space}`} label={t('spaces.write.back')} plain />
          <LinkButton href="/" label={t('http.do.home')} plain />
        </Row>
      </LiveRegion>
    </Framed>
  )
}

/** The reason somebody wrote for a step that came too late: theirs to take along. */
function Typed({ visit: { t, values } }: { visit: Visit }) {
  const why = values?.why
  if (typeof why !== 'string' || why.trim() === '') return null
  return (
    <p>
      {t('spaces.trace.you-wrote')} <bdi>{why}</bdi>
    </p>
  )
}

/** The state of a draft as the API gives it. */
export const draftData = (draft: Draft): Json => ({
  id: draft.id,
  space: draft.space,
  type: draft.type,
  state: draft.state,
  approval: draft.approval,
  ...(draft.holdUntil !== undefined && { holdUntil: new Date(draft.holdUntil).toISOString() }),
  ...(draft.actHash !== undefined && { actHash: draft.actHash }),
})

function ReviewPage({ review }: { review: Review }) {
  const { visit, draft, space } = review
  const { t, language, services } = visit
  const form = findFace(services, draft.type)?.form(t, draft.body) ?? draft.type
  const title = t(`spaces.review.title.${draft.state}`, { form })
  return (
    <Framed visit={visit} title={title} current="/spaces" drill={space.drill} marking={draft.marking}>
      {/* All of it: when somebody else takes a step, words, state and buttons change together. */}
      <LiveRegion topic={`draft:${draft.id}`} id="review">
        <Steps steps={['wish', 'text', 'review'].map((step) => t(`spaces.write.step.${step}`))} current={2} />
        <PageHead form={`${titleOf(space, language)} · ${partiesText(space, services, language)}`} title={title} />
        {review.tooLate !== undefined && (
          <Trouble
            title={t('spaces.trace.too-late')}
            what={review.tooLate}
            do={
              <>
                <p>{t('spaces.trace.as-it-stands')}</p>
                <Typed visit={visit} />
              </>
            }
          />
        )}
        <StateNote review={review} />
        <Section title={t('spaces.review.as-they-see')}>
          <Letter review={review} />
        </Section>
        {review.others.map(({ beside }) => beside)}
        <FileTroubles
          visit={visit}
          troubles={review.fileTroubles}
          {...(draft.state === 'drafting' && { files: `/drafts/${draft.id}/files` })}
        />
        {review.newTo.length > 0 && <NewReaders review={review} />}
        <Boxes review={review} />
        <FootingSection review={review} />
        <Record review={review} />
        <Changes review={review} />
        <NextSteps review={review} />
      </LiveRegion>
    </Framed>
  )
}

/** Nothing so marked has ever gone to them: right, or the wrong space or the wrong label. */
function NewReaders({ review: { visit, draft, newTo } }: { review: Review }) {
  const { t, services, language } = visit
  return (
    <Trouble
      title={t('release.new-reader.title')}
      what={
        <>
          {t('release.new-reader.what', { parties: listNames(newTo, services, language) })}{' '}
          <TlpLabel marking={draft.marking} />
        </>
      }
      do={t('release.new-reader.do')}
    />
  )
}

function StateNote({ review: { visit, draft, drafterName, now } }: { review: Review }) {
  const { t, viewer, language } = visit
  if (draft.state === 'sent') {
    return (
      <Trouble
        title={t('spaces.review.sent')}
        what={t('spaces.review.receipt')}
        do={<a href={`/spaces/${draft.space}/acts/${draft.actHash ?? ''}`}>{t('spaces.review.see-proof')}</a>}
      />
    )
  }
  if (draft.state === 'held') {
    const seconds = Math.max(0, Math.ceil(((draft.holdUntil ?? now) - now) / 1000))
    const until = formatTime(draft.holdUntil ?? now, viewer.person.zone, language, { seconds: true, zoneLabel: true })
    return <Trouble title={t('spaces.review.held')} what={t('spaces.review.hold', { until, seconds })} />
  }
  if (draft.state === 'awaiting-release') return <Quiet>{t('spaces.review.waiting', { drafter: drafterName })}</Quiet>
  return draft.returnedWhy ? (
    <Trouble title={t('spaces.review.came-back')} what={returnedText(draft.returnedWhy, t)} />
  ) : null
}
