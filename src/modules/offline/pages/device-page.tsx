import { type OfflineRule, sessionLifeMs } from '../../../core/auth/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import type { OfflineDevice } from '../../../core/offline/index.ts'
import { formatDateTime, formatDuration } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Entry,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  LeavesStays,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'

interface Props {
  visit: Visit<any>
  rule: OfflineRule
  devices: readonly OfflineDevice[]
  /** This browser, where it is switched on. */
  here?: OfflineDevice
  id: string
  errors?: Record<string, string>
}

/** Before anybody switches it on: what will lie on the device, for how long, who could read it, how it is forgotten. */
export function DevicePage({ visit, rule, devices, here, id, errors }: Props) {
  const { t, viewer, language } = visit
  const title = t('offline.title')
  const life = formatDuration(sessionLifeMs, language)
  return (
    <Framed visit={visit} title={title}>
      <PageHead
        title={title}
        lead={t(here ? 'offline.lead-on' : rule.allowed ? 'offline.lead-off' : 'offline.lead-not-allowed')}
        actions={
          <>
            {here && <LinkButton plain href="/offline/unsent" label={t('offline.unsent.title')} />}
            {viewer.may('offline:manage') && <LinkButton plain href="/offline/rule" label={t('offline.rule.title')} />}
          </>
        }
      />
      <ErrorSummary errors={errors} labels={{ label: t('offline.label') }} />
      <LeavesStays
        leavesTitle={t('offline.kept.title')}
        leaves={['today', 'answers', 'channels', 'letters', 'plans', 'forms'].map((one) => t(`offline.kept.${one}`))}
        staysTitle={t('offline.never.title')}
        stays={[
          t('offline.never.above', { ceiling: `TLP:${rule.ceiling}` }),
          t('offline.never.off-record'),
          t('offline.never.records'),
          t(rule.sealed ? 'offline.never.sealed-allowed' : 'offline.never.sealed'),
        ]}
      />
      <Section title={t('offline.forget.title')}>
        <p>{t('offline.forget.when', { life })}</p>
        <p>{t('offline.forget.lost')}</p>
      </Section>
      {rule.allowed && !here && (
        <Form action="/offline/on">
          <Hidden name="id" value={id} />
          <Field
            name="label"
            label={t('offline.label')}
            hint={t('offline.label-hint')}
            error={errors?.label}
            value={String(visit.values?.label ?? '')}
            maxlength={80}
          />
          <Row>
            <Button label={t('offline.on')} />
          </Row>
          <noscript>
            <Quiet>{t('offline.needs-script')}</Quiet>
          </noscript>
        </Form>
      )}
      {here && (
        <Section title={t('offline.here')} id="here">
          <p>
            <bdi>{here.label}</bdi>
          </p>
          <ul data-kept data-none={t('offline.nothing-yet')} />
          <ButtonForm action="/offline/off" label={t('offline.off')} />
        </Section>
      )}
      <Others visit={visit} devices={devices.filter((one) => one.id !== here?.id)} />
    </Framed>
  )
}

function Others({ visit, devices }: Pick<Props, 'visit' | 'devices'>) {
  const { t, viewer, language } = visit
  if (devices.length === 0) return null
  return (
    <Section title={t('offline.others')}>
      {devices.map((device) => (
        <Entry key={device.id}>
          <p>
            <bdi>{device.label}</bdi> ·{' '}
            {t('offline.seen', {
              time: formatDateTime(device.seenAt, viewer.person.zone, language, { short: true }),
            })}
          </p>
          <ButtonForm plain action={`/offline/devices/${device.id}/off`} label={t('offline.off-elsewhere')} />
        </Entry>
      ))}
    </Section>
  )
}
