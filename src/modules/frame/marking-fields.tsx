import { type Classification, classOf, classText, isClearedFor, tlpRank } from '../../core/markings/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { papLabels, type Tlp, tlpLabels } from '../../protocol/types.ts'
import { Checkbox, CheckboxGroup, Details, Field, Quiet, Select } from '../../web/index.ts'

type Seeing = Pick<Visit<unknown>, 'viewer' | 't'>

/** The label a form begins with: AMBER, or what the person may see where that is less. */
export const usualTlp = (ceiling: Tlp): Tlp => (tlpRank('AMBER') > tlpRank(ceiling) ? ceiling : 'AMBER')

/** TLP up to what the person may see themselves. */
export function TlpSelect({ visit: { viewer, t }, value, error }: { visit: Seeing; value?: string; error?: string }) {
  return (
    <Select
      name="tlp"
      label="TLP"
      value={value || usualTlp(viewer.ceiling)}
      error={error}
      options={tlpLabels
        .filter((one) => tlpRank(one) <= tlpRank(viewer.ceiling))
        .map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
    />
  )
}

interface MarkingFieldsProps {
  visit: Visit<any>
  values: Record<string, unknown>
  errors: Record<string, string>
  parties: readonly string[]
  rules: Classification
}

/** TLP, classification, permissible actions, originator control and audience: the same in every form of an act. */
export function MarkingFields({ visit, values, errors, parties, rules }: MarkingFieldsProps) {
  const { services, t, language } = visit
  const chosen = (name: string) => (values[name] === undefined ? [] : [values[name]].flat().map(String))
  return (
    <fieldset>
      <legend>{t('markings.marking')}</legend>
      <TlpSelect visit={visit} value={String(values.tlp ?? '')} error={errors.tlp} />
      <ClassFields visit={visit} values={values} errors={errors} rules={rules} />
      <Details
        summary={t('spaces.write.more-marking')}
        open={
          values.pap !== undefined ||
          values.orcon === 'yes' ||
          chosen('audience').length + chosen('groups').length > 0 ||
          errors.audience !== undefined
        }
      >
        <Select
          name="pap"
          label={t('markings.pap.label')}
          value={String(values.pap ?? '')}
          error={errors.pap}
          options={[
            { value: '', label: t('markings.pap.none') },
            ...papLabels.map((one) => ({ value: one, label: t(`markings.pap.${one}`) })),
          ]}
        />
        <Checkbox name="orcon" value="yes" label={t('markings.caveat.ORCON')} checked={values.orcon === 'yes'} />
        {parties.length > 0 && (
          <CheckboxGroup
            name="audience"
            label={t('spaces.write.audience')}
            hint={t(rules.ladder.length > 0 ? 'markings.class.released-hint' : 'spaces.write.audience-hint')}
            error={errors.audience}
            values={chosen('audience')}
            options={parties.map((party) => ({ value: party, label: services.nameOf(party, language) }))}
          />
        )}
        {rules.groups.length > 0 && (
          <CheckboxGroup
            name="groups"
            label={t('markings.class.groups')}
            error={errors.groups}
            values={chosen('groups')}
            options={rules.groups.map(({ id, names, parties: named }) => ({
              value: id,
              label: names[language] || names.en || id,
              hint: named.map((party) => services.nameOf(party, language)).join(', '),
            }))}
          />
        )}
      </Details>
    </fieldset>
  )
}

/** The own ladder up to the person's clearance; nothing where the house has none. */
function ClassFields({ visit, values, errors, rules }: Omit<MarkingFieldsProps, 'parties'>) {
  const { services, viewer, t, language } = visit
  const open = rules.ladder.filter(({ id }) => isClearedFor(classOf(services.party, id), viewer.classes))
  const kept = typeof values.class === 'string' ? values.class : ''
  if (open.length === 0 && kept === '') return null
  const isOwn = open.some(({ id }) => id === kept)
  return (
    <>
      <Select
        name="class"
        label={t('markings.class.label')}
        value={kept}
        error={errors.class}
        options={[
          { value: '', label: t('markings.class.none') },
          ...open.map(({ id, names }) => ({ value: id, label: names[language] || names.en || id })),
          ...(kept === '' || isOwn ? [] : [{ value: kept, label: classText(kept) }]),
        ]}
      />
      <Details
        summary={t('markings.class.ends')}
        open={Boolean(values.declassifyOn || values.declassifyEvent || errors.declassifyOn || errors.declassifyEvent)}
      >
        <Field
          name="declassifyOn"
          type="date"
          label={t('markings.class.ends-on')}
          hint={t('markings.class.ends-on-hint')}
          value={String(values.declassifyOn ?? '')}
          error={errors.declassifyOn}
          required={false}
          width="medium"
        />
        <Field
          name="declassifyEvent"
          label={t('markings.class.ends-event')}
          hint={t('markings.class.ends-event-hint')}
          value={String(values.declassifyEvent ?? '')}
          error={errors.declassifyEvent}
          required={false}
          maxlength={50}
        />
        <Quiet small>{t('markings.class.ends-explained')}</Quiet>
      </Details>
    </>
  )
}
