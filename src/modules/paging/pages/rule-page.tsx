import type { Visit } from '../../../core/module/types.ts'
import type { PagingRule } from '../../../core/paging/index.ts'
import {
  Button,
  Checkbox,
  Details,
  ErrorSummary,
  Field,
  Form,
  LeavesStays,
  LinkButton,
  PageHead,
  RadioGroup,
  Row,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'

const minutesOf = (ms: number) => Math.round(ms / 60_000)

/** How this house pages: by the makers of browsers or not, by which receiver, and when each step follows. */
export function RulePage({
  visit,
  rule,
  errors,
}: {
  visit: Visit<any>
  rule?: PagingRule
  errors?: Record<string, string>
}) {
  const { t, values } = visit
  const typed = (name: string, standing: string) =>
    typeof values?.[name] === 'string' ? String(values[name]) : standing
  const labels = { hookUrl: t('paging.rule.hook'), smsAfter: t('paging.rule.sms'), voiceAfter: t('paging.rule.voice') }
  return (
    <Framed visit={visit} title={t('paging.rule.title')} current="/people">
      <PageHead
        title={t('paging.rule.title')}
        lead={t('paging.rule.lead')}
        actions={<LinkButton plain href="/paging" label={t('paging.own.title')} />}
      />
      <ErrorSummary errors={errors} labels={labels} />
      <LeavesStays
        leaves={['to', 'reference', 'urgency', 'drill'].map((one) => t(`paging.rule.leaves-${one}`))}
        stays={['who', 'words', 'marking'].map((one) => t(`paging.rule.stays-${one}`))}
      />
      <Form action="/paging/settings">
        <RadioGroup
          name="push"
          label={t('paging.rule.push')}
          hint={t('paging.push.makers')}
          value={typed('push', rule?.push ? 'on' : 'off')}
          error={errors?.push}
          options={['off', 'on'].map((value) => ({ value, label: t(`paging.rule.push-${value}`) }))}
        />
        <Field
          name="hookUrl"
          type="url"
          label={labels.hookUrl}
          hint={t('paging.rule.hook-hint')}
          value={typed('hookUrl', rule?.hookUrl ?? '')}
          error={errors?.hookUrl}
          required={false}
          maxlength={300}
        />
        <Field
          name="smsAfter"
          type="number"
          inputmode="numeric"
          width="short"
          label={labels.smsAfter}
          value={typed('smsAfter', String(minutesOf(rule?.smsAfterMs ?? 120_000)))}
          error={errors?.smsAfter}
          required
          min={0}
          max={240}
        />
        <Field
          name="voiceAfter"
          type="number"
          inputmode="numeric"
          width="short"
          label={labels.voiceAfter}
          value={typed('voiceAfter', String(minutesOf(rule?.voiceAfterMs ?? 300_000)))}
          error={errors?.voiceAfter}
          required
          min={0}
          max={240}
        />
        {rule?.hookSecret && <Checkbox name="newSecret" value="yes" label={t('paging.rule.new-secret')} />}
        <Row>
          <Button label={t('paging.rule.save')} />
        </Row>
      </Form>
      {rule?.hookSecret && (
        <Details summary={t('paging.rule.secret')}>
          <p class="reg" dir="ltr">
            {rule.hookSecret}
          </p>
          <p>{t('paging.rule.secret-hint')}</p>
        </Details>
      )}
    </Framed>
  )
}
