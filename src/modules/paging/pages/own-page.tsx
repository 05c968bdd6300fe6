import type { Visit } from '../../../core/module/types.ts'
import type { PagingDevice, PagingRule } from '../../../core/paging/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  assetUrl,
  Button,
  ButtonForm,
  Entry,
  ErrorSummary,
  Field,
  Form,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'

interface Props {
  visit: Visit<any>
  rule?: PagingRule
  telephone?: string
  devices: readonly PagingDevice[]
  /** For a new device, and for a test. */
  id: string
  errors?: Record<string, string>
}

/** How I am reached when something waits: telephone, devices, a test of all of it. */
export function OwnPage({ visit, rule, telephone, devices, id, errors }: Props) {
  const { t, values, viewer } = visit
  return (
    <Framed visit={visit} title={t('paging.own.title')} scripts={rule?.push ? ['duty-device.js'] : []}>
      <PageHead
        title={t('paging.own.title')}
        lead={t('paging.own.lead')}
        actions={
          viewer.may('paging:manage') && <LinkButton plain href="/paging/settings" label={t('paging.rule.title')} />
        }
      />
      <ErrorSummary errors={errors} labels={{ telephone: t('paging.own.telephone') }} />
      <Section title={t('paging.own.telephone')} id="number">
        {!rule?.hookUrl && <Quiet>{t('paging.own.no-hook')}</Quiet>}
        <Form action="/paging/number">
          <Field
            name="telephone"
            type="tel"
            label={t('paging.own.telephone')}
            hint={t('paging.own.telephone-hint')}
            value={typeof values?.telephone === 'string' ? values.telephone : telephone}
            error={errors?.telephone}
            required={false}
            autocomplete="tel"
            maxlength={30}
          />
          <Row>
            <Button label={t('paging.own.save')} />
          </Row>
        </Form>
      </Section>
      <Devices visit={visit} rule={rule} devices={devices} id={id} />
      <Section title={t('paging.test.title')} id="test">
        <p>{t('paging.test.lead')}</p>
        <ButtonForm action="/paging/test" label={t('paging.test.do')} fields={{ id }} plain />
      </Section>
    </Framed>
  )
}

function Devices({
  visit: { t, viewer, language },
  rule,
  devices,
  id,
}: Pick<Props, 'visit' | 'rule' | 'devices' | 'id'>) {
  return (
    <Section title={t('paging.own.devices')} id="devices">
      <p>{t('paging.push.makers')}</p>
      {!rule?.push && <Quiet>{t('paging.own.push-off')}</Quiet>}
      {devices.map((device) => (
        <Entry key={device.id}>
          <p>
            <bdi>{device.label}</bdi> · {new URL(device.endpoint).hostname} ·{' '}
            {formatDateTime(device.addedAt, viewer.person.zone, language, { short: true })}
          </p>
          <ButtonForm action={`/paging/devices/${device.id}/remove`} label={t('paging.own.remove')} plain />
        </Entry>
      ))}
      {rule?.push && rule.vapid && (
        <form
          class="fields"
          method="post"
          action="/paging/devices"
          data-duty-device={rule.vapid.publicKey}
          data-worker={assetUrl('duty-worker.js')}
          data-failed={t('paging.own.failed')}
          hidden
        >
          <input type="hidden" name="id" value={id} />
          <Field name="label" label={t('paging.own.label')} hint={t('paging.own.label-hint')} maxlength={80} required />
          <p class="error" role="alert" data-message hidden />
          <Row>
            <Button label={t('paging.own.enrol')} />
          </Row>
        </form>
      )}
      {rule?.push && (
        <noscript>
          <Quiet>{t('paging.own.needs-script')}</Quiet>
        </noscript>
      )}
    </Section>
  )
}

/** A test page: visibly nothing but a test, with one button. */
export function TestPage({ visit, test }: { visit: Visit; test: string }) {
  const { t } = visit
  return (
    <Framed visit={visit} title={t('paging.test.page')}>
      <PageHead form={t('paging.test.title')} title={t('paging.test.page')} lead={t('paging.test.page-lead')} />
      <ButtonForm action={`/paging/test/${test}`} label={t('paging.test.had')} />
    </Framed>
  )
}
