import {
  Button,
  ButtonForm,
  Details,
  ErrorSummary,
  Form,
  Hidden,
  LinkButton,
  Quiet,
  Row,
  Section,
  TextArea,
} from '../../../web/index.ts'
import { formOfDraft } from '../compose-draft.ts'
import type { Review } from '../load-review.ts'
import { findDefinition } from '../show-acts.ts'
import { FootingNote } from './footing-note.tsx'

/** What the act rests on; while that is not witnessed the person can wait for it. */
export function FootingSection({ review: { visit, draft, footing } }: { review: Review }) {
  const { t } = visit
  if (!footing) return null
  return (
    <Section title={t('release.footing.section')} id="footing">
      <FootingNote visit={visit} footing={footing} why={t(`release.footing.why-${footing.without}`)}>
        <Row>
          <ButtonForm action={`/drafts/${draft.id}/ground`} label={t('release.footing.wait-for-it')} />
        </Row>
      </FootingNote>
    </Section>
  )
}

const isOpen = ({ state }: Review['draft']): boolean => state === 'drafting' || state === 'awaiting-release'

/** What this person may do with the draft now. */
export function NextSteps({ review }: { review: Review }) {
  const {
    visit: { viewer, t, services },
    draft,
    errors,
    footing,
    others,
  } = review
  // Forms of other rooms show their own.
  const ownErrors = Object.fromEntries(Object.entries(errors).filter(([name]) => name === 'why' || name === 'reason'))
  const isUnwitnessed = footing !== undefined && !footing.met
  const approval = { approval: draft.approval, ...(isUnwitnessed && { unwitnessed: 'yes' }) }
  const here = `/drafts/${draft.id}`
  const isAuthor = (draft.hands ?? [draft.drafter]).includes(viewer.person.id)
  const mayRelease = viewer.may(`${draft.type}:release`) && !isAuthor
  const definition = findDefinition(services, draft.type)
  const alone = definition?.release !== 'two-person' && viewer.may(`${draft.type}:send`, draft.office)
  const mayEdit = isAuthor || viewer.may(`${draft.type}:draft`, draft.office)
  return (
    <Section title={t('spaces.review.next')} id="next">
      {isOpen(draft) &&
        others
          .flatMap(({ atRelease = [] }) => atRelease)
          .map((said) => (
            <p key={said}>
              <strong>{said}</strong>
            </p>
          ))}
      <ErrorSummary
        errors={ownErrors}
        labels={{ why: t('spaces.review.why'), reason: t('release.emergency.reason') }}
      />
      <Row>
        {draft.state === 'drafting' && mayEdit && (
          <>
            <ButtonForm
              action={`${here}/submit`}
              label={t(
                alone
                  ? isUnwitnessed
                    ? 'release.footing.send-without'
                    : 'spaces.review.send'
                  : 'spaces.review.submit',
              )}
              fields={approval}
            />
            {formOfDraft(draft) && <LinkButton href={here} label={t('common.edit')} plain />}
          </>
        )}
        {draft.state === 'awaiting-release' && mayRelease && (
          <ButtonForm
            action={`${here}/release`}
            label={t(isUnwitnessed ? 'release.footing.release-without' : 'spaces.review.release')}
            fields={approval}
          />
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
      {review.allowsEmergency && viewer.may(`${draft.type}:release`) && isOpen(draft) && (
        <Details summary={t('release.emergency.title')} open={errors.reason !== undefined}>
          <p>{t('release.emergency.explained')}</p>
          <Form action={`${here}/emergency`}>
            <Hidden name="approval" value={draft.approval} />
            <TextArea
              name="reason"
              label={t('release.emergency.reason')}
              hint={t('release.emergency.reason-hint')}
              value={String(review.visit.values?.reason ?? '')}
              error={errors.reason}
              rows={3}
              maxlength={2000}
              required
            />
            <Row>
              <Button label={t('release.emergency.do')} danger />
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
