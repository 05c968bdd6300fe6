import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { Button, Field, Form, Hidden, Section, Select } from '../../../web/index.ts'
import type { Incident } from '../../incidents/index.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { pathOf } from '../pages/parts.tsx'
import { bases, kinds, makers } from '../vocabulary.ts'
import type { Claim } from './claims.ts'

interface Props {
  visit: Visit
  incident: Incident
  parties: readonly string[]
  /** Attribution that is corrected. */
  corrects?: Claim
  returned?: Returned
}

/** Who is accused is typed by a person; no list, address or data proposes anybody. */
export function ClaimForm({ visit, incident, parties, corrects, returned }: Props) {
  const { t, services, language } = visit
  const { value, error } = returnedTo(returned)
  const labels = Object.fromEntries(
    ['maker', 'name', 'accused', 'basis', 'kind', 'day', 'source', 'tlp', 'why'].map((one) => [
      one,
      t(`attributions.claim.${one}`),
    ]),
  )
  const { content } = corrects ?? {}
  const given = (name: keyof NonNullable<typeof content>) => value(name, content?.[name] ?? '')
  const common = (name: string) => ({ name, label: labels[name] ?? '', error: error(name) })
  return (
    <Section title={t(corrects ? 'attributions.claim.correct' : 'attributions.claim.keep')} id="keep">
      <WhatIsWrong returned={returned} labels={labels} />
      <Form action={`${pathOf(incident)}/claims`} label={t('attributions.claim.keep')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="corrects" value={corrects?.claim ?? value('corrects')} />
        <Select
          {...common('maker')}
          required
          value={given('maker')}
          placeholder={t('incidents.write.choose')}
          options={makers.map((one) => ({ value: one, label: t(`attributions.maker.${one}`) }))}
        />
        <Field
          {...common('name')}
          hint={t('attributions.claim.name-hint', {
            parties: parties.map((one) => `${one} (${services.nameOf(one, language)})`).join(', ') || '–',
          })}
          value={given('name')}
          required={false}
          maxlength={300}
          width="long"
        />
        <Field
          {...common('accused')}
          hint={t('attributions.claim.accused-hint')}
          value={given('accused')}
          required={false}
          maxlength={300}
          width="long"
        />
        <Select
          {...common('basis')}
          required
          value={given('basis')}
          placeholder={t('incidents.write.choose')}
          options={bases.map((one) => ({ value: one, label: t(`published-incidents.basis.${one}`) }))}
        />
        <Select
          {...common('kind')}
          required
          value={given('kind')}
          placeholder={t('incidents.write.choose')}
          options={kinds.map((one) => ({ value: one, label: t(`published-incidents.kind.${one}`) }))}
        />
        <Field
          {...common('day')}
          hint={t('attributions.claim.day-hint')}
          value={given('day')}
          required
          maxlength={10}
          width="short"
        />
        <Field
          {...common('source')}
          hint={t('attributions.claim.source-hint')}
          value={given('source')}
          required
          maxlength={300}
          width="long"
        />
        <Select
          {...common('tlp')}
          required
          value={value('tlp', corrects?.tlp ?? incident.marking)}
          options={tlpLabels.map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
        />
        {(corrects || value('corrects') !== '') && (
          <Field {...common('why')} value={value('why')} required maxlength={2_000} width="long" />
        )}
        <Button label={t(corrects ? 'attributions.claim.correct' : 'attributions.claim.keep')} />
      </Form>
    </Section>
  )
}
