import type { ComponentChildren } from 'preact'
import { z } from 'zod'
import type {
  ActContent,
  Answer,
  Draft,
  DraftVersion,
  FaceProps,
  Json,
  ShownAct,
  SpaceFacts,
  Visit,
} from '../../../core/module/types.ts'
import { createTranslator, formatSize, formatTime, isMessageKey, languages } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Details,
  ErrorSummary,
  Form,
  LeavesStays,
  LinkButton,
  LiveRegion,
  PageHead,
  Pairs,
  Paper,
  Quiet,
  Row,
  Section,
  Steps,
  Table,
  TextArea,
  TlpLabel,
  Trouble,
} from '../../../web/index.ts'
import { answersNow, listContacts } from '../../directory/index.ts'
import { Framed } from '../../frame/index.ts'
import { type Carried, formOfDraft } from '../compose-draft.ts'
import { changesBetween } from '../draft-changes.ts'
import { getSpace } from '../find-space.ts'
import { getDraft } from '../get-draft.ts'
import { findDefinition, findFace } from '../show-acts.ts'
import { activeMembers, listNames, partiesText, titleOf } from '../space-words.ts'

/** What a draft is to the person in front of it. */
interface Review {
  visit: Visit
  draft: Draft
  space: SpaceFacts
  drafterName: string
  /** What was submitted before this; undefined the first time. */
  previous?: DraftVersion
  now: number
  /** Who is paged at the addressee's, as far as the directory says. */
  pages?: string
  errors: Record<string, string>
}

/** The letter as they will see it, what leaves and what stays, and the next step. */
export async function reviewDraft(visit: Visit, errors: Record<string, string> = {}): Promise<Answer> {
  const { services } = visit
  const draft = await getDraft(visit)
  if (visit.wantsJson) return { data: draftData(draft) }
  const space = await getSpace(services, draft.space)
  const [drafter, versions, now] = await Promise.all([
    services.people.find(draft.drafter),
    services.drafts.versions?.(draft.id) ?? [],
    services.ledger.scenarioNow(space),
  ])
  const earlier = versions.filter((version) => version.approval !== draft.approval)
  const pages = await pagedText(visit, draft, now)
  const review: Review = {
    visit,
    draft,
    space,
    now,
    errors,
    pages,
    drafterName: drafter?.name ?? draft.drafter,
    previous: earlier.at(-1),
  }
  return { page: <ReviewPage review={review} /> }
}

/** "The duty desk of Borovia, where it is 03:12": the contact that answers there now. */
async function pagedText(
  { services, viewer, t, language }: Visit,
  draft: Draft,
  now: number,
): Promise<string | undefined> {
  const { addressee } = (draft.body ?? {}) as { addressee?: Json }
  if (typeof addressee !== 'string') return undefined
  const [contact] = answersNow(await listContacts(services, viewer, addressee), now)
  if (!contact) return undefined
  return t('spaces.review.pages-whom', {
    post: contact.text?.post ?? t('spaces.review.duty-desk'),
    party: services.nameOf(addressee, language),
    time: formatTime(now, contact.zone, language, { zoneLabel: true }),
  })
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
      <Steps steps={['wish', 'text', 'review'].map((step) => t(`spaces.write.step.${step}`))} current={2} />
      <PageHead form={`${titleOf(space, language)} · ${partiesText(space, services, language)}`} title={title} />
      <LiveRegion topic={`draft:${draft.id}`} id="review-state">
        <StateNote review={review} />
      </LiveRegion>
      <Section title={t('spaces.review.as-they-see')}>
        <Letter review={review} />
      </Section>
      <Boxes review={review} />
      <Record review={review} />
      <Changes review={review} />
      <NextSteps review={review} />
    </Framed>
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

/** A node's own reason code in words; a person's words as they are. */
function returnedText(why: string, t: Visit['t']): string {
  const [code = '', rule] = why.split(':')
  const key = `spaces.returned.${code}`
  return isMessageKey(key) ? t(key, { rule: rule ?? '' }) : why
}

/** The draft through its face, in the language it is written in. */
function Letter({ review: { visit, draft, space, now } }: { review: Review }) {
  const { services, viewer } = visit
  const face = findFace(services, draft.type)
  const written = languageOf(draft.body) ?? visit.language
  const props: FaceProps = {
    shown: asShown(draft, space, services.party, now),
    services,
    viewer,
    t: createTranslator(written),
    language: written,
  }
  if (!face) return <Quiet>{draft.type}</Quiet>
  return (
    <Paper language={written}>
      <face.Document {...props} />
    </Paper>
  )
}

/** The language of the letter, which is the addressee's concern; ours where it says none or one we have no words for. */
function languageOf(body: Json): string | undefined {
  const { language } = (body ?? {}) as { language?: Json }
  return typeof language === 'string' && languages().includes(language) ? language : undefined
}

function asShown(draft: Draft, space: SpaceFacts, author: string, now: number): ShownAct {
  const content: ActContent = {
    body: draft.body,
    text: draft.text,
    attachments: draft.attachments.map((one) => ({ ...one, present: true })),
  }
  return {
    space,
    content,
    act: {
      space: space.id,
      index: space.size,
      hash: draft.id,
      time: now,
      scenarioTime: now,
      statement: {
        v: 1,
        space: space.id,
        type: draft.type,
        id: draft.id,
        author,
        office: draft.office,
        seen: { size: space.size, root: space.root },
        at: now,
        refs: draft.refs,
        marking: draft.marking,
        parts: [],
      },
    },
  }
}

function Boxes({ review: { visit, draft } }: { review: Review }) {
  const { t, services, language } = visit
  const form = formOfDraft(draft)
  const letter = findFace(services, draft.type)?.form(t, draft.body) ?? draft.type
  const leaves: ComponentChildren[] = [
    <>
      {t('spaces.review.one-letter', { form: letter })} <TlpLabel marking={draft.marking} />
    </>,
    ...draft.attachments.map((one) => (
      <>
        <bdi>{one.name}</bdi> · {formatSize(one.size, language)} <TlpLabel marking={one.marking} />
      </>
    )),
    ...(form?.leaves ?? []).map((one) => <CarriedLine one={one} others={form?.stays ?? []} t={t} />),
  ]
  const stays: ComponentChildren[] = [
    ...(form?.stays ?? []).map((one) => <CarriedLine one={one} others={form?.leaves ?? []} t={t} />),
    t('spaces.review.drafting-stays'),
  ]
  return <LeavesStays leaves={leaves} stays={stays} />
}

/** "12 of 15 objects marked TLP:AMBER": how many of that kind are in this box, out of both. */
function CarriedLine({ one, others, t }: { one: Carried; others: Carried[]; t: Visit['t'] }) {
  const inOther = others.filter((other) => other.what === one.what).reduce((sum, other) => sum + other.count, 0)
  const why = one.why && isMessageKey(`spaces.stays.${one.why}`) ? t(`spaces.stays.${one.why}`) : one.why
  return (
    <>
      {t('spaces.review.objects', { count: one.count, of: one.count + inOther, what: one.what })}
      {why && ` – ${why}`}
    </>
  )
}

function Record({ review: { visit, draft, space, pages } }: { review: Review }) {
  const { services, t, language } = visit
  const readers = activeMembers(space, services.party)
    .map((one) => one.party)
    .filter((party) => party !== services.party)
  return (
    <Pairs
      items={[
        { term: t('spaces.review.readers'), detail: listNames(readers, services, language) },
        pages !== undefined && { term: t('spaces.review.pages'), detail: pages },
        { term: t('spaces.about.ordered-by'), detail: services.nameOf(space.host, language) },
        { term: t('markings.marking'), detail: <TlpLabel marking={draft.marking} /> },
        draft.marking.audience && {
          term: t('spaces.write.audience'),
          detail: listNames(draft.marking.audience, services, language),
        },
        { term: t('common.office'), detail: draft.office },
        { term: t('spaces.review.on-record'), detail: t('spaces.review.on-record-explained') },
      ]}
    />
  )
}

function Changes({ review: { visit, draft, previous } }: { review: Review }) {
  const { t } = visit
  if (!previous) return null
  const changes = changesBetween(previous, draft)
  return (
    <Details summary={t('spaces.review.changes', { count: changes.length })} open>
      {changes.length === 0 ? (
        <Quiet>{t('spaces.review.no-changes')}</Quiet>
      ) : (
        <Table
          caption={t('spaces.review.changes', { count: changes.length })}
          quietCaption
          head={[t('spaces.review.place'), t('spaces.review.before'), t('spaces.review.after')]}
          rows={changes.map((one) => [<code>{one.place}</code>, <del>{one.before}</del>, <ins>{one.after}</ins>])}
        />
      )}
    </Details>
  )
}

function NextSteps({ review }: { review: Review }) {
  const {
    visit: { viewer, t, services },
    draft,
    errors,
  } = review
  const approval = { approval: draft.approval }
  const here = `/drafts/${draft.id}`
  const isAuthor = (draft.hands ?? [draft.drafter]).includes(viewer.person.id)
  const mayRelease = viewer.may(`${draft.type}:release`) && !isAuthor
  const definition = findDefinition(services, draft.type)
  const alone = definition?.release !== 'two-person' && viewer.may(`${draft.type}:send`, draft.office)
  const mayEdit = isAuthor || viewer.may(`${draft.type}:draft`, draft.office)
  return (
    <Section title={t('spaces.review.next')} id="next">
      <ErrorSummary errors={errors} labels={{ why: t('spaces.review.why') }} />
      <Row>
        {draft.state === 'drafting' && mayEdit && (
          <>
            <ButtonForm
              action={`${here}/submit`}
              label={t(alone ? 'spaces.review.send' : 'spaces.review.submit')}
              fields={approval}
            />
            {formOfDraft(draft) && <LinkButton href={here} label={t('common.edit')} plain />}
          </>
        )}
        {draft.state === 'awaiting-release' && mayRelease && (
          <ButtonForm action={`${here}/release`} label={t('spaces.review.release')} fields={approval} />
        )}
        {draft.state === 'held' && <ButtonForm action={`${here}/stop`} label={t('spaces.review.stop')} danger />}
        {(draft.state === 'drafting' || draft.state === 'awaiting-release') && (isAuthor || mayRelease) && (
          <ButtonForm action={`${here}/discard`} label={t('spaces.review.discard')} plain />
        )}
      </Row>
      {draft.state === 'awaiting-release' && !mayRelease && (
        <Quiet>{t(isAuthor ? 'spaces.review.not-own' : 'spaces.review.not-you')}</Quiet>
      )}
      {draft.state === 'awaiting-release' && (mayRelease || isAuthor) && (
        <Details summary={t('spaces.review.give-back')} open={errors.why !== undefined}>
          <Form action={`${here}/give-back`}>
            <TextArea
              name="why"
              label={t('spaces.review.why')}
              hint={t('spaces.review.why-hint')}
              error={errors.why}
              rows={3}
              maxlength={2000}
              required
            />
            <Row>
              <Button label={t('spaces.review.give-back')} plain />
            </Row>
          </Form>
        </Details>
      )}
      {draft.state === 'held' && (
        <p>
          <a href={`${here}/review`}>{t('common.refresh')}</a>
        </p>
      )}
      <p>
        <a href={`/spaces/${draft.space}`}>{t('spaces.write.back')}</a>
      </p>
    </Section>
  )
}

export const approvalInput = z.object({ approval: z.string().min(1).max(64) })
export const giveBackInput = z.object({ why: z.string().trim().min(1).max(2000) })

type Step = 'submit' | 'release' | 'stop' | 'discard'

/** Takes one step with a draft and shows where it is now. */
export function takeDraftStep(step: Step): (visit: Visit<{ approval?: string }>) => Promise<Answer> {
  return async (visit) => {
    const {
      services: { drafts },
      viewer,
      input,
    } = visit
    const { id, space } = await getDraft(visit)
    if (step === 'discard') {
      await drafts.discard(viewer, id)
      return {
        redirect: `/spaces/${space}`,
        data: { id, state: 'discarded' },
        notice: visit.t('spaces.review.discarded'),
      }
    }
    const draft = step === 'stop' ? await drafts.stop(viewer, id) : await drafts[step](viewer, id, input.approval ?? '')
    return { redirect: `/drafts/${id}/review`, data: draftData(draft) }
  }
}

export async function giveBack(visit: Visit<{ why: string }>): Promise<Answer> {
  const { id } = await getDraft(visit)
  const draft = await visit.services.drafts.giveBack(visit.viewer, id, visit.input.why)
  return { redirect: `/drafts/${id}/review`, data: draftData(draft) }
}
