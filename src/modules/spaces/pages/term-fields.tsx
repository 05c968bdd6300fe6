import type { Visit } from '../../../core/module/types.ts'
import { Checkbox, Field, Select } from '../../../web/index.ts'
import { escalatesTo } from '../agreed-escalation.ts'

/** Terms whose breach can be overdue, because all agreed to them by being in the space. */
export const termNames = [
  'acknowledgeWithin',
  'replyWithin',
  'confirmWithin',
  'checkWithin',
  'objectWithin',
  'noticeOfChange',
  'refreshWithin',
] as const
const offeredDurations = ['PT1H', 'PT4H', 'PT12H', 'PT24H', 'PT72H', 'P7D']
/** What contacts are changed and confirmed by is counted in days and months. */
const offeredLonger = ['P7D', 'P30D', 'P6M', 'P1Y']

function offeredFor(name: (typeof termNames)[number]): string[] {
  return name === 'noticeOfChange' || name === 'refreshWithin' ? offeredLonger : offeredDurations
}

interface Props {
  visit: Visit
  values: Record<string, unknown>
  errors: Record<string, string>
  /** Of the reader: what days are counted in unless another is typed. */
  zone: string
}

/** What all agree to by being members: a field for each deadline, and who nominates in a directory. */
export function TermFields({ visit: { t }, values, errors, zone }: Props) {
  return (
    <fieldset>
      <legend>{t('spaces.open.terms')}</legend>
      <p class="hint">{t('spaces.open.terms-hint')}</p>
      {termNames.map((name) => {
        const value = String(values[name] ?? '')
        const usual = offeredFor(name)
        const offered = value === '' || usual.includes(value) ? usual : [...usual, value]
        return (
          <Select
            key={name}
            name={name}
            label={t(`spaces.open.term.${name}`)}
            value={value}
            error={errors[name]}
            options={[
              { value: '', label: t('spaces.open.no-term') },
              ...offered.map((one) => ({
                value: one,
                label: usual.includes(one) ? t(`spaces.duration.${one}`) : one,
              })),
            ]}
          />
        )
      })}
      <Select
        name="escalatesTo"
        label={t('delivery.term.escalatesTo')}
        hint={t('delivery.term.escalatesTo-hint')}
        value={String(values.escalatesTo ?? '')}
        error={errors.escalatesTo}
        options={[
          { value: '', label: t('spaces.open.no-term') },
          ...escalatesTo.map((one) => ({
            value: one,
            label: one === 'secretariat' ? t('delivery.term.secretariat') : t(`directory.kind.${one}`),
          })),
        ]}
      />
      <Checkbox
        name="reportsOpening"
        label={t('delivery.term.reportsOpening')}
        hint={t('delivery.term.reportsOpening-hint')}
        value="yes"
        checked={values.reportsOpening === 'yes'}
      />
      <Checkbox
        name="nominatedBy"
        label={t('spaces.open.term.nominatedBy')}
        hint={t('spaces.open.nominatedBy-hint')}
        value="members"
        checked={values.nominatedBy === 'members'}
      />
      <Field
        name="zone"
        label={t('spaces.open.zone')}
        hint={t('spaces.open.zone-hint')}
        value={String(values.zone ?? zone)}
        error={errors.zone}
        required={false}
        maxlength={64}
      />
    </fieldset>
  )
}
