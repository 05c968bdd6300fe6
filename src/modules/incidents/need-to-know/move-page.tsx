import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, CheckboxGroup, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import type { Incident } from '../incident.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import { movedKinds } from '../tables.ts'
import type { Compartment } from './compartments.ts'
import type { MovableItem } from './moved-items.ts'

interface Props {
  visit: Visit
  incident: Incident
  compartments: readonly Compartment[]
  items: readonly MovableItem[]
  returned?: Returned
}

/** Choosing items of an incident, and the compartment they belong to from now on. */
export function MovePage({ visit, incident, compartments, items, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'readers/move')
  const setOf = ({ compartment }: MovableItem) => compartments.find(({ id }) => id === compartment)?.name
  const chosen = (name: string) => [returned ? (returned.values[name] ?? []) : []].flat() as string[]
  const groups = movedKinds
    .map((kind) => ({
      name: kind,
      label: t(`need-to-know.kind.${kind}`),
      options: items
        .filter((one) => one.kind === kind)
        .map((one) => ({ value: one.id, label: [one.words, setOf(one)].filter(Boolean).join(' · ') })),
    }))
    .filter(({ options }) => options.length > 0)
  return (
    <RecordFrame visit={visit} incident={incident} title={t('need-to-know.move')} lead={t('need-to-know.move-lead')}>
      <p>
        <a href={`/incidents/${incident.id}/readers`}>{t('need-to-know.title')}</a>
      </p>
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      <Section title={t('need-to-know.move')} id="move">
        <Quiet>{t('need-to-know.move-explained')}</Quiet>
        {groups.length === 0 || compartments.length === 0 ? (
          <Quiet>{t(`need-to-know.${compartments.length === 0 ? 'no-compartment' : 'nothing-to-move'}`)}</Quiet>
        ) : (
          <Form action={`/incidents/${incident.id}/readers/move`}>
            <Hidden name="id" value={value('id', newId())} />
            {groups.map((group) => (
              <CheckboxGroup key={group.name} {...group} values={chosen(group.name)} error={error(group.name)} />
            ))}
            <Select
              name="into"
              label={t('need-to-know.into')}
              value={value('into')}
              error={error('into')}
              required
              placeholder={t('incidents.write.choose')}
              options={[
                ...compartments.map(({ id, name }) => ({ value: id, label: name })),
                { value: 'whole', label: t('need-to-know.whole') },
              ]}
            />
            <TextArea name="why" label={t('need-to-know.why')} value={value('why')} error={error('why')} required />
            <Button label={t('need-to-know.move')} />
          </Form>
        )}
      </Section>
    </RecordFrame>
  )
}

/** Names of the fields, for the summary of what needs correcting. */
const labelsOf = ({ t }: Visit): Record<string, string> => ({
  into: t('need-to-know.into'),
  why: t('need-to-know.why'),
  ...Object.fromEntries(movedKinds.map((kind) => [kind, t(`need-to-know.kind.${kind}`)])),
})
