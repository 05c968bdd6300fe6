import type { Visit } from '../../../core/module/types.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { alphabetical } from '../../../text/index.ts'
import { Button, Field, Form, Hidden, LinkButton, Row, Select } from '../../../web/index.ts'
import { sectors } from '../facts/particular.ts'
import { incidentStates } from '../incident.ts'
import { categoryCodes } from '../open/open-input.ts'
import { readSchemes } from '../severity/read-schemes.ts'
import { levelName } from '../severity/severity-words.ts'
import { titleOf } from '../share/link-space.ts'
import type { ListChoices } from './list-choices.ts'
import { incidentSorts } from './list-own.ts'
import { type AskedList, nobody } from './list-query.ts'

interface Props {
  visit: Visit
  asked: AskedList
  choices: ListChoices
  /** The page that is narrowed. */
  action: string
  /** What its address says beside. */
  kept?: readonly (readonly [name: string, value: string])[]
}

/** What the list and every picture of incidents are narrowed by: one form, one vocabulary. */
export function NarrowForm({ visit, asked, choices, action, kept = [] }: Props) {
  const { t, language, services, query } = visit
  const any = { value: '', label: t('incidents.list.any') }
  const choice = (name: string, options: { value: string; label: string }[]) => (
    <Select name={name} label={t(`incidents.list.${name}`)} value={query.get(name) ?? ''} options={[any, ...options]} />
  )
  const yesNo = (['yes', 'no'] as const).map((value) => ({ value, label: t(`incidents.list.${value}`) }))
  const scheme = readSchemes(services).shown
  const nameOf = (party: string) => services.nameOf(party, language)
  return (
    <Form action={action} method="get" label={t('incidents.list.narrow')}>
      {kept.map(([name, value]) => (
        <Hidden key={name} name={name} value={value} />
      ))}
      <Field name="words" label={t('incidents.list.words')} value={asked.words} maxlength={200} required={false} />
      {choice(
        'state',
        incidentStates.map((value) => ({ value, label: t(`incidents.state.${value}`) })),
      )}
      {choice(
        'severity',
        scheme.levels.map(({ id }) => ({ value: id, label: levelName(scheme, id, language) })),
      )}
      {choice(
        'category',
        categoryCodes.map((value) => ({ value, label: t(`incidents.category.${value}`) })),
      )}
      {choice(
        'sector',
        sectors.map((value) => ({ value, label: t(`particulars.sector.${value}`) })),
      )}
      <Field
        name="country"
        width="short"
        label={t('incidents.list.country')}
        hint={t('incidents.list.country-hint')}
        value={query.get('country') ?? ''}
        maxlength={2}
        required={false}
      />
      <Field
        name="accused"
        label={t('incidents.list.accused')}
        hint={t('incidents.list.accused-hint', { nobody })}
        value={asked.accused}
        maxlength={300}
        required={false}
      />
      {choice('drill', yesNo)}
      {(['from', 'until'] as const).map((name) => (
        <Field
          key={name}
          name={name}
          type="date"
          label={t(`incidents.list.${name}`)}
          value={asked[name]}
          required={false}
        />
      ))}
      {choice(
        'space',
        choices.spaces.map((space) => ({ value: space.id, label: titleOf(space, language) })),
      )}
      {choice(
        'party',
        choices.parties.toSorted(alphabetical(language, nameOf)).map((value) => ({ value, label: nameOf(value) })),
      )}
      {choice('clock', yesNo)}
      {choice(
        'marking',
        tlpLabels.map((value) => ({ value, label: t(`markings.tlp.${value}`) })),
      )}
      {choice(
        'lead',
        choices.people.map(({ id, name }) => ({ value: id, label: name })),
      )}
      <Select
        name="sort"
        label={t('incidents.list.sort')}
        value={asked.sort}
        options={incidentSorts.map((value) => ({ value, label: t(`incidents.list.by-${value}`) }))}
      />
      <Row>
        <Button label={t('incidents.list.do')} />
        <LinkButton plain href={action} label={t('incidents.list.everything')} />
      </Row>
    </Form>
  )
}
