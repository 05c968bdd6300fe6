import type { Visit } from '../../../../core/module/types.ts'
import { Button, Field, Form, Hidden, Section, Select } from '../../../../web/index.ts'

interface Props {
  visit: Visit<any>
  /** Id and name. */
  people: readonly (readonly [string, string])[]
  id: string
  errors?: Record<string, string>
}

/** Who, in which place of the ladder, from when until when, once or in several weeks. */
export function ShiftForm({ visit, people, id, errors = {} }: Props) {
  const { t, viewer, values = {} } = visit
  const typed = (name: string) => String(values[name] ?? '')
  const zone = viewer.person.zone
  return (
    <Section title={t('directory.rota.add')}>
      <Form action="/directory/rota">
        <Hidden name="id" value={id} />
        <Select
          name="person"
          label={t('directory.rota.person')}
          value={typed('person')}
          error={errors.person}
          placeholder=""
          options={people.map(([value, label]) => ({ value, label }))}
        />
        <Select
          name="rank"
          label={t('directory.rota.paged')}
          value={typed('rank') || '1'}
          error={errors.rank}
          options={[1, 2, 3].map((rank) => ({ value: String(rank), label: t('directory.rota.rank', { rank }) }))}
        />
        <Field
          name="from"
          type="datetime-local"
          label={t('directory.rota.from-in', { zone })}
          hint={t('directory.rota.from-hint')}
          value={typed('from')}
          error={errors.from}
          required={false}
        />
        <Field
          name="until"
          type="datetime-local"
          label={t('directory.rota.until-in', { zone })}
          hint={t('directory.rota.hours-hint')}
          value={typed('until')}
          error={errors.until}
          required={false}
        />
        <Field
          name="hours"
          type="number"
          min={1}
          max={336}
          label={t('directory.rota.hours')}
          value={typed('hours')}
          error={errors.hours}
          required={false}
          width="short"
        />
        <Field
          name="weeks"
          type="number"
          min={1}
          max={26}
          label={t('directory.rota.weeks')}
          hint={t('directory.rota.weeks-hint')}
          value={typed('weeks')}
          error={errors.weeks}
          required={false}
          width="short"
        />
        <Button label={t('directory.rota.put-on-duty')} />
      </Form>
    </Section>
  )
}
