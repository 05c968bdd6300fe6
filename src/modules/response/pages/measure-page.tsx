import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatList } from '../../../text/index.ts'
import {
  Button,
  Field,
  Form,
  FormLine,
  Hidden,
  Pairs,
  Quiet,
  RadioGroup,
  Section,
  Select,
  Table,
  TextArea,
} from '../../../web/index.ts'
import { DatedNote, type Returned, Signed, WhatIsWrong } from '../../frame/index.ts'
import type { Measure } from '../catalogue.ts'
import type { LoadedOptions } from '../load-options.ts'
import { degrees, escalations, rightsEffects } from '../sheets.ts'
import { Reasons } from './options-page.tsx'
import { OptionsFrame, typed, wordsFor } from './parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedOptions
  measure: Measure
  returned?: Returned
}

/** One measure: who decides and how, what it needs, what speaks against it here, and the sheet on its proportion. */
export function MeasurePage(props: Props) {
  const { visit, loaded, measure, returned } = props
  const { t, language, viewer } = visit
  const { incident, catalogue } = loaded
  const option = loaded.options.find((one) => one.measure === measure.id)
  const { rungName, answerName, ruleName } = wordsFor(visit, catalogue.rules)
  const level = answerName({ of: 'case', input: 'attribution' }, measure.attribution)
  return (
    <OptionsFrame visit={visit} incident={incident} title={named(measure.names, language)} sub>
      <FormLine>
        {t(`response.practice.${measure.practice}`)} · {t(`response.category.${measure.category}`)}
        {measure.unconfirmed && ` · ${t('dated-data.unconfirmed')}`}
      </FormLine>
      <Pairs
        items={[
          { term: t('response.decides'), detail: named(measure.body, language) },
          { term: t('response.procedure'), detail: named(measure.procedure, language) },
          { term: t('response.gate.needed'), detail: rungName(measure.gate) },
          { term: t('response.attribution-needed'), detail: level },
          {
            term: t('response.preconditions'),
            detail:
              measure.needs.length === 0
                ? t('response.none')
                : formatList(
                    measure.needs.map((rule) => ruleName({ rule })),
                    language,
                  ),
          },
          {
            term: t('response.input.reversibility'),
            detail: t(`response.value.reversibility.${measure.traits.reversibility}`),
          },
          { term: t('response.escalation'), detail: t(`response.degree.${measure.escalation}`) },
          {
            term: t('response.audience'),
            detail: formatList(
              measure.audience.map((one) => t(`response.audiences.${one}`)),
              language,
            ),
          },
          { term: t('response.partners'), detail: t(`response.partnership.${measure.partners}`) },
          { term: t('response.source'), detail: <span lang="en">{measure.source}</span> },
        ]}
      />
      {option && (
        <Section title={t(`response.standing-here.${option.standing}`)} id="standing">
          <Reasons visit={visit} loaded={loaded} reasons={option.exclusions} />
          <Reasons visit={visit} loaded={loaded} reasons={option.missing} />
          {option.setAside.map((reason) => (
            <p key={reason.rule}>{t('response.set-aside', { rule: ruleName(reason) })}</p>
          ))}
        </Section>
      )}
      <SheetSection {...props} />
      {incident.state !== 'closed' && viewer.may('incidents:draft') && (
        <Section title={t('response.sheet.write')} id="write">
          <WhatIsWrong returned={returned} labels={labelsOf(props)} />
          <SheetForm {...props} />
        </Section>
      )}
      <DatedNote visit={visit} files={catalogue.files} />
    </OptionsFrame>
  )
}

function SheetSection({ visit, loaded, measure }: Props) {
  const { t } = visit
  const sheet = loaded.sheets.get(measure.id)
  if (!sheet)
    return (
      <Section title={t('response.sheet.title')} id="sheet">
        <Quiet>{t('response.sheet.none')}</Quiet>
      </Section>
    )
  const { content } = sheet
  const words = (value: string) => (value === '' ? t('response.not-given') : <span dir="auto">{value}</span>)
  return (
    <Section title={t('response.sheet.title')} id="sheet">
      <Table
        caption={t('response.sheet.factors')}
        head={[t('response.sheet.factor'), t('response.sheet.degree'), t('response.sheet.why')]}
        rows={loaded.catalogue.rules.factors.map((factor) => {
          const { degree = '', why = '' } = content.factors[factor] ?? {}
          return [
            t(`response.factor.${factor}`),
            degree === '' ? t('response.not-given') : t(`response.degree.${degree}`),
            words(why),
          ]
        })}
      />
      <Pairs
        items={[
          {
            term: t('response.input.proportionate'),
            detail:
              content.proportionate === ''
                ? t('response.not-given')
                : t(`response.value.proportionate.${content.proportionate}`),
          },
          { term: t('response.sheet.proportionate-why'), detail: words(content.proportionateWhy) },
          {
            term: t('response.sheet.escalation'),
            detail: content.escalation === '' ? t('response.not-given') : t(`response.degree.${content.escalation}`),
          },
          {
            term: t('response.input.rights'),
            detail: content.rights === '' ? t('response.not-given') : t(`response.value.rights.${content.rights}`),
          },
          { term: t('response.sheet.rights-why'), detail: words(content.rightsWhy) },
          { term: t('response.sheet.gender'), detail: words(content.gender) },
          { term: t('response.sheet.third'), detail: words(content.third) },
          { term: t('response.audience'), detail: words(content.audience) },
          { term: t('response.partners'), detail: words(content.partners) },
          { term: t('response.review-on'), detail: words(content.reviewOn) },
        ]}
      />
      <Signed visit={visit} by={loaded.nameOf(sheet.by)} at={sheet.at} />
    </Section>
  )
}

function SheetForm({ visit: { t }, loaded, measure, returned }: Props) {
  const content = loaded.sheets.get(measure.id)?.content
  const area = (name: 'proportionateWhy' | 'rightsWhy' | 'gender' | 'third', label: string) => (
    <TextArea
      name={name}
      label={label}
      rows={2}
      value={typed(returned, name, content?.[name])}
      error={returned?.errors[name]}
      required={false}
      maxlength={2000}
    />
  )
  return (
    <Form action={`/incidents/${loaded.incident.id}/options/measures/${measure.id}`}>
      <Hidden name="id" value={newId()} />
      {loaded.catalogue.rules.factors.map((factor) => (
        <div key={factor}>
          <Select
            name={`${factor}-degree`}
            label={t(`response.factor.${factor}`)}
            value={typed(returned, `${factor}-degree`, content?.factors[factor]?.degree)}
            error={returned?.errors[`${factor}-degree`]}
            required={false}
            placeholder={t('response.not-given')}
            options={degrees.map((value) => ({ value, label: t(`response.degree.${value}`) }))}
          />
          <Field
            name={`${factor}-why`}
            label={t('response.sheet.why-of', { factor: t(`response.factor.${factor}`) })}
            value={typed(returned, `${factor}-why`, content?.factors[factor]?.why)}
            required={false}
            maxlength={600}
            width="long"
          />
        </div>
      ))}
      <RadioGroup
        name="proportionate"
        label={t('response.input.proportionate')}
        hint={t('response.sheet.proportionate-hint')}
        value={typed(returned, 'proportionate', content?.proportionate)}
        error={returned?.errors.proportionate}
        required={false}
        options={['', 'yes', 'no'].map((value) => ({
          value,
          label: value === '' ? t('response.not-given') : t(`response.value.proportionate.${value}`),
        }))}
      />
      {area('proportionateWhy', t('response.sheet.proportionate-why'))}
      <Select
        name="escalation"
        label={t('response.sheet.escalation')}
        value={typed(returned, 'escalation', content?.escalation)}
        required={false}
        placeholder={t('response.not-given')}
        options={escalations.map((value) => ({ value, label: t(`response.degree.${value}`) }))}
      />
      <RadioGroup
        name="rights"
        label={t('response.input.rights')}
        value={typed(returned, 'rights', content?.rights)}
        error={returned?.errors.rights}
        required={false}
        options={['', ...rightsEffects].map((value) => ({
          value,
          label: value === '' ? t('response.not-given') : t(`response.value.rights.${value}`),
        }))}
      />
      {area('rightsWhy', t('response.sheet.rights-why'))}
      {area('gender', t('response.sheet.gender'))}
      {area('third', t('response.sheet.third'))}
      {(['audience', 'partners'] as const).map((name) => (
        <Field
          key={name}
          name={name}
          label={t(`response.${name}`)}
          value={typed(returned, name, content?.[name])}
          required={false}
          maxlength={600}
          width="long"
        />
      ))}
      <Field
        name="reviewOn"
        type="date"
        label={t('response.review-on')}
        value={typed(returned, 'reviewOn', content?.reviewOn)}
        error={returned?.errors.reviewOn}
        required={false}
      />
      <Button label={t('response.sheet.save')} />
    </Form>
  )
}

function labelsOf({ visit: { t }, loaded }: Props): Record<string, string> {
  return {
    proportionate: t('response.input.proportionate'),
    rights: t('response.input.rights'),
    reviewOn: t('response.review-on'),
    ...Object.fromEntries(
      loaded.catalogue.rules.factors.map((factor) => [`${factor}-degree`, t(`response.factor.${factor}`)]),
    ),
  }
}
