import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, CheckboxGroup, Field, Form, Hidden, LengthField, Section, Select } from '../../../web/index.ts'
import { type Returned, returnedTo } from '../../frame/index.ts'
import { sectors, tlpOptions } from '../../incidents/index.ts'
import { inLargestUnit } from '../../preparedness/index.ts'
import type { Loaded } from '../load-page.ts'
import type { Service } from '../plan/read-plans.ts'
import { enoughStates, priorities } from '../vocabulary.ts'

interface Props {
  visit: Visit
  loaded: Loaded
  /** Service that is changed. */
  changes?: Service
  returned: Returned | undefined
}

/** Puts a service on the plan or changes what the plan says of it. Nothing is chosen for anybody. */
export function ServiceForm(props: Props) {
  const { visit, loaded, changes, returned } = props
  const { t, viewer } = visit
  const { incident, plan, holders } = loaded
  const back = returnedTo(returned, 'services')
  const content = changes?.content
  const title = t(changes ? 'recovery.service.change' : 'recovery.service.add')
  const field = (name: string, otherwise = '') => ({
    name,
    label: t(`recovery.field.${name}`),
    value: back.value(name, otherwise),
    error: back.error(name),
  })
  const needs =
    returned?.form === 'services' ? [returned.values.needs ?? []].flat().map(String) : (content?.needs ?? [])
  const others = plan.services.filter(({ id }) => id !== changes?.id)
  return (
    <Section title={title} id="service">
      <Form action={`/incidents/${incident.id}/recovery/services`} label={title}>
        <Hidden name="id" value={newId()} />
        {changes && <Hidden name="changes" value={changes.id} />}
        {changes && <Hidden name="seen" value={back.value('seen', String(changes.at))} />}
        <Field {...field('name', content?.name)} required maxlength={200} width="long" />
        <Select
          {...field('owner', content?.owner)}
          hint={t('recovery.field.owner-hint')}
          required
          placeholder={t('incidents.write.choose')}
          options={holders}
        />
        <Field {...field('operator', content?.operator)} required={false} maxlength={200} width="long" />
        <Select
          {...field('sector', content?.sector)}
          required={false}
          options={[
            { value: '', label: t('recovery.field.no-sector') },
            ...sectors.map((one) => ({ value: one, label: t(`particulars.sector.${one}`) })),
          ]}
        />
        <Select
          {...field('priority', content?.priority)}
          required
          placeholder={t('incidents.write.choose')}
          options={priorities.map((one) => ({ value: one, label: t(`recovery.priority.${one}`) }))}
        />
        {others.length > 0 && (
          <CheckboxGroup
            name="needs"
            label={t('recovery.field.needs')}
            hint={t('recovery.field.needs-hint')}
            error={back.error('needs')}
            required={false}
            values={needs}
            options={others.map((one) => ({ value: one.id, label: one.content.name }))}
          />
        )}
        <Select
          {...field('enough', content?.enough ?? 'restored')}
          hint={t('recovery.field.enough-hint')}
          options={enoughStates.map((one) => ({ value: one, label: t(`recovery.state.${one}`) }))}
        />
        <Lengths {...props} />
        <Field
          {...field('by', content?.by?.local)}
          hint={t('recovery.field.by-hint')}
          required={false}
          maxlength={16}
          width="medium"
        />
        <Field
          {...field('byZone', content?.by?.zone ?? viewer.person.zone)}
          hint={t('particulars.field.zone-hint')}
          required
          maxlength={60}
          width="medium"
        />
        <Select {...field('tlp', changes?.tlp ?? incident.marking)} options={tlpOptions(t, viewer.ceiling)} />
        {changes && <Field {...field('why')} required maxlength={2_000} width="long" />}
        <Button label={title} />
      </Form>
    </Section>
  )
}

function Lengths({ visit: { t }, changes, returned }: Props) {
  const back = returnedTo(returned, 'services')
  return (['rto', 'rpo', 'mtpd'] as const).map((name) => {
    const { value, unit } = inLargestUnit(changes?.content[name])
    return (
      <LengthField
        key={name}
        name={name}
        label={t(`recovery.field.${name}`)}
        hint={t(`recovery.field.${name}-hint`)}
        value={back.value(name, value)}
        error={back.error(name)}
        required={false}
        unit={{
          name: `${name}Unit`,
          label: t('recovery.field.unit', { of: t(`recovery.field.${name}`) }),
          value: back.value(`${name}Unit`, unit),
          options: (['minutes', 'hours', 'days'] as const).map((one) => ({
            value: one,
            label: t(`recovery.unit.${one}`),
          })),
        }}
      />
    )
  })
}
