import type { Visit } from '../../../../core/module/types.ts'
import { Button, Field, Form, Hidden, PageHead, Select } from '../../../../web/index.ts'
import { Framed } from '../../../frame/index.ts'

interface Props {
  visit: Visit<any>
  people: readonly { id: string; name: string }[]
  /** Keeps the rota: may note anybody's absence. */
  isKeeper: boolean
  id: string
  errors?: Record<string, string>
}

/** From when until when somebody is not there, and who stands in. */
export function AbsencePage({ visit, people, isKeeper, id, errors = {} }: Props) {
  const { t, viewer, values = {} } = visit
  const typed = (name: string) => String(values[name] ?? '')
  const options = people.map((person) => ({ value: person.id, label: person.name }))
  const time = (name: string, label: string, required: boolean) => (
    <Field
      name={name}
      type="datetime-local"
      label={label}
      hint={required ? undefined : t('directory.rota.from-hint')}
      value={typed(name)}
      error={errors[name]}
      required={required}
    />
  )
  return (
    <Framed visit={visit} title={t('directory.rota.absence.title')} current="/directory">
      <PageHead title={t('directory.rota.absence.title')} lead={t('directory.rota.absence.lead')} />
      <Form action="/directory/rota/absence">
        <Hidden name="id" value={id} />
        {isKeeper && (
          <Select
            name="person"
            label={t('directory.rota.person')}
            value={typed('person') || viewer.person.id}
            error={errors.person}
            options={options}
          />
        )}
        {time('from', t('directory.rota.from-in', { zone: viewer.person.zone }), false)}
        {time('until', t('directory.rota.until-in', { zone: viewer.person.zone }), true)}
        <Select
          name="deputy"
          label={t('directory.rota.absence.deputy')}
          hint={t('directory.rota.absence.deputy-hint')}
          value={typed('deputy')}
          error={errors.deputy}
          required={false}
          placeholder={t('directory.rota.absence.no-deputy')}
          options={isKeeper ? options : options.filter((one) => one.value !== viewer.person.id)}
        />
        <Button label={t('directory.rota.absence.note')} />
      </Form>
    </Framed>
  )
}
