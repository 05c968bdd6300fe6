import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatDateTime, formatSize } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  ErrorSummary,
  Field,
  Form,
  Lead,
  LinkButton,
  LiveRegion,
  PageHead,
  Pairs,
  Quiet,
  Row,
  Section,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { markingOf, Planned, Terms } from './plan-page.tsx'
import type { PlannedTransfer } from './plan-transfer.ts'
import type { Transfer } from './transfer.ts'

interface Props {
  visit: Visit<unknown>
  transfer: Transfer
  /** While it waits: what would leave now, as far as this reader may read it. */
  plan?: PlannedTransfer
  errors?: Record<string, string>
}

/** One package: confirmed by a second person, made, fetched, received. */
export function TransferPage({ visit, transfer, plan, errors }: Props) {
  const { t } = visit
  const title = t('channels.transfer.one', { archive: transfer.archive })
  const here = `/register/transfers/${transfer.id}`
  const mayDraft = visit.viewer.may('register.transfer:draft')
  const mayWithdraw = mayDraft && ['proposed', 'stopped', 'made'].includes(transfer.state)
  return (
    <Framed visit={visit} title={title} current="/register" marking={plan && markingOf(plan)}>
      <PageHead title={title} />
      <LiveRegion topic={`transfer:${transfer.id}`} id="transfer">
        <Lead>{t(`channels.transfer.state.${transfer.state}`)}</Lead>
        {transfer.state === 'making' && (
          <p>{t('channels.transfer.progress', { done: transfer.done, total: transfer.total })}</p>
        )}
        {transfer.state === 'stopped' && <p>{t(`refusal.${transfer.why ?? 'failed'}`)}</p>}
        <Terms visit={visit} terms={transfer} />
        <Who visit={visit} transfer={transfer} />
        {plan && <Planned visit={visit} plan={plan} />}
        {plan && <Confirm {...{ visit, transfer, plan, here }} />}
        {transfer.state === 'made' && (
          <>
            <Row>
              <LinkButton href={`${here}/package`} label={t('channels.transfer.fetch')} download />
            </Row>
            {mayDraft && <ReceiptForm {...{ visit, here, errors }} />}
          </>
        )}
        {mayWithdraw && (
          <Section title={t('channels.transfer.withdraw')}>
            <p>{t('channels.transfer.withdraw-means')}</p>
            <ButtonForm plain danger action={`${here}/withdraw`} label={t('channels.transfer.withdraw')} />
          </Section>
        )}
      </LiveRegion>
    </Framed>
  )
}

function Who({ visit: { t, language, viewer }, transfer }: { visit: Visit<unknown>; transfer: Transfer }) {
  const { proposedBy, confirmedBy, package: made, receipt } = transfer
  const by = (person: string, at: number) =>
    t('channels.transfer.by', { person, time: formatDateTime(at, viewer.person.zone, language) })
  return (
    <Pairs
      items={[
        { term: t('channels.transfer.who.proposed'), detail: by(proposedBy.name, proposedBy.at) },
        ...(confirmedBy
          ? [{ term: t('channels.transfer.who.confirmed'), detail: by(confirmedBy.name, confirmedBy.at) }]
          : []),
        ...(made
          ? [
              {
                term: t('channels.transfer.who.made'),
                detail: formatDateTime(made.madeAt, viewer.person.zone, language),
              },
              { term: t('channels.transfer.who.size'), detail: formatSize(made.size, language) },
              { term: 'SHA-256', detail: <code>{made.sha256}</code> },
            ]
          : []),
        ...(receipt
          ? [
              {
                term: t('channels.transfer.who.received'),
                detail: formatDate(Date.parse(`${receipt.on}T12:00:00Z`), 'UTC', language),
              },
              { term: t('channels.transfer.who.receipt'), detail: <bdi>{receipt.reference}</bdi> },
              { term: t('channels.transfer.who.recorded'), detail: by(receipt.by, receipt.at) },
            ]
          : []),
      ]}
    />
  )
}

function Confirm({
  visit: { t, viewer },
  transfer,
  plan,
  here,
}: {
  visit: Visit<unknown>
  transfer: Transfer
  plan: PlannedTransfer
  here: string
}) {
  if (transfer.proposedBy.id === viewer.person.id || !viewer.may('register.transfer:release'))
    return <Quiet>{t('channels.transfer.waits')}</Quiet>
  return (
    <>
      <p>{t('channels.transfer.confirm-means')}</p>
      <ButtonForm
        action={`${here}/confirm`}
        fields={{ seen: plan.fingerprint }}
        label={t('channels.transfer.confirm')}
      />
    </>
  )
}

function ReceiptForm({
  visit,
  here,
  errors,
}: {
  visit: Visit<unknown>
  here: string
  errors?: Record<string, string>
}) {
  const { t } = visit
  const field = (name: string) => ({
    name,
    label: t(`channels.transfer.receipt.${name}`),
    value: typeof visit.values?.[name] === 'string' ? String(visit.values[name]) : '',
    error: errors?.[name],
  })
  return (
    <Section title={t('channels.transfer.receipt.title')}>
      <p>{t('channels.transfer.receipt.lead')}</p>
      <ErrorSummary
        errors={errors}
        labels={Object.fromEntries(
          ['sha256', 'reference', 'on'].map((name) => [name, t(`channels.transfer.receipt.${name}`)]),
        )}
      />
      <Form action={`${here}/receipt`} label={t('channels.transfer.receipt.title')}>
        <Field {...field('sha256')} hint={t('channels.transfer.receipt.sha256-hint')} maxlength={64} required />
        <Field {...field('reference')} maxlength={200} required />
        <Field {...field('on')} type="date" required />
        <Row>
          <Button plain label={t('channels.transfer.receipt.do')} />
        </Row>
      </Form>
    </Section>
  )
}
