import { revocationReasons } from '../../../core/keys/index.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Details,
  Form,
  Hidden,
  RadioGroup,
  Row,
  Section,
  Select,
  Steps,
  TextArea,
} from '../../../web/index.ts'
import { typed } from './administration-frame.tsx'
import { type KeysPageProps, OtherKeys, WhatLeaves } from './key-change-parts.tsx'

/** What two administrators decide together: the request that waits, or the form that makes one. */
export function KeyRequestSection(props: KeysPageProps) {
  const { visit, request, errors = {} } = props
  const { t } = visit
  const step = request === undefined ? 0 : request.agreedBy === undefined ? 1 : 2
  return (
    <Section title={t('administration.keys.danger')} id="request">
      <p>{t('administration.keys.danger-about')}</p>
      {request ? (
        <>
          <RequestSteps {...props} step={step} />
          <Waiting {...props} />
        </>
      ) : (
        <Details summary={t('administration.keys.begin')} open={Object.keys(errors).some(isOfRequest)}>
          <RequestSteps {...props} step={step} />
          <Ask {...props} />
        </Details>
      )}
    </Section>
  )
}

const isOfRequest = (field: string) => field === 'kind' || field === 'reason'

/** How it goes, and what it tells whom once it is carried out. */
function RequestSteps({ step, ...props }: KeysPageProps & { step: number }) {
  const { t } = props.visit
  return (
    <>
      <Steps
        steps={(['ask', 'agree', 'carry-out'] as const).map((name) => t(`administration.keys.step.${name}`))}
        current={step}
      />
      <WhatLeaves {...props} by={t('administration.keys.carried-out')} />
    </>
  )
}

function Ask({ visit, errors = {} }: KeysPageProps) {
  const { t } = visit
  return (
    <Form action="/keys/requests" label={t('administration.keys.ask')}>
      <Hidden name="id" value={newId()} />
      <RadioGroup
        name="kind"
        label={t('administration.keys.kind-label')}
        value={typed(visit, 'kind')}
        error={errors.kind}
        options={(['revoke', 'recover'] as const).map((value) => ({
          value,
          label: t(`administration.keys.request.${value}`),
        }))}
      />
      <Select
        name="reason"
        label={t('administration.keys.reason-label')}
        hint={t('administration.keys.reason-hint')}
        value={typed(visit, 'reason')}
        placeholder={t('administration.keys.choose-reason')}
        required
        error={errors.reason}
        options={revocationReasons.map((value) => ({ value, label: t(`administration.keys.reason.${value}`) }))}
      />
      <OtherKeys visit={visit} />
      <Button label={t('administration.keys.ask')} plain />
    </Form>
  )
}

function Waiting({ visit, request, people, errors = {} }: KeysPageProps) {
  if (!request) return null
  const { t, language, viewer } = visit
  const { id, kind, reason, askedBy, askedAt, agreedBy } = request
  const name = (person: string) => people.get(person) ?? person
  const isOwn = viewer.person.id === askedBy
  const known = revocationReasons.find((one) => one === reason)
  return (
    <>
      <p>
        {t('administration.keys.asked', {
          name: name(askedBy),
          time: formatDateTime(askedAt, viewer.person.zone, language),
          what: t(`administration.keys.request.${kind}`),
          reason: known ? t(`administration.keys.reason.${known}`) : reason,
        })}
      </p>
      {agreedBy !== undefined && <p>{t('administration.keys.agreed', { name: name(agreedBy) })}</p>}
      {agreedBy === undefined && isOwn && <p>{t('administration.keys.second')}</p>}
      {agreedBy !== undefined && kind === 'recover' && (
        <Form action={`/keys/requests/${id}/sheet`} label={t('administration.keys.sheet')}>
          <TextArea
            name="sheet"
            label={t('administration.keys.sheet')}
            hint={t('administration.keys.sheet-hint')}
            maxlength={500}
            rows={3}
            required
            error={errors.sheet}
          />
          <Button label={t('administration.keys.recover-now')} />
        </Form>
      )}
      <Row>
        {!isOwn && agreedBy === undefined && (
          <ButtonForm action={`/keys/requests/${id}/agree`} label={t(`administration.keys.agree-${kind}`)} />
        )}
        <ButtonForm action={`/keys/requests/${id}/refuse`} label={t('administration.keys.turn-down')} plain />
      </Row>
    </>
  )
}
