import type { OfflineRule } from '../../../core/auth/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { Button, ErrorSummary, Form, LinkButton, PageHead, RadioGroup, Row, Select } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'

interface Props {
  visit: Visit<any>
  rule: OfflineRule
  errors?: Record<string, string>
}

/** Whether pages may lie on devices at all, up to which marking, and sealed spaces among them. */
export function RulePage({ visit, rule, errors }: Props) {
  const { t, values } = visit
  const typed = (name: string, standing: string) =>
    typeof values?.[name] === 'string' ? String(values[name]) : standing
  const labels = {
    allowed: t('offline.rule.allowed'),
    ceiling: t('offline.rule.ceiling'),
    sealed: t('offline.rule.sealed'),
  }
  const yesNo = (name: string) => ['no', 'yes'].map((value) => ({ value, label: t(`offline.rule.${name}-${value}`) }))
  return (
    <Framed visit={visit} title={t('offline.rule.title')} current="/people">
      <PageHead
        title={t('offline.rule.title')}
        lead={t('offline.rule.lead')}
        actions={<LinkButton plain href="/offline" label={t('offline.title')} />}
      />
      <ErrorSummary errors={errors} labels={labels} />
      <Form action="/offline/rule">
        <RadioGroup
          name="allowed"
          label={labels.allowed}
          hint={t('offline.rule.allowed-hint')}
          value={typed('allowed', rule.allowed ? 'yes' : 'no')}
          error={errors?.allowed}
          options={yesNo('allowed')}
        />
        <Select
          name="ceiling"
          label={labels.ceiling}
          hint={t('offline.rule.ceiling-hint')}
          value={typed('ceiling', rule.ceiling)}
          error={errors?.ceiling}
          options={['CLEAR', 'GREEN', 'AMBER'].map((value) => ({ value, label: `TLP:${value}` }))}
        />
        <RadioGroup
          name="sealed"
          label={labels.sealed}
          value={typed('sealed', rule.sealed ? 'yes' : 'no')}
          error={errors?.sealed}
          options={yesNo('sealed')}
        />
        <Row>
          <Button label={t('offline.rule.save')} />
        </Row>
      </Form>
    </Framed>
  )
}
