import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  ButtonForm,
  Field,
  Form,
  Hidden,
  PageHead,
  Quiet,
  Section,
  Select,
  Table,
  Time,
  type Option,
} from '../../../web/index.ts'
import { Framed, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { AtHome, BackTo } from '../pages/parts.tsx'
import { inLanguage, type ReadersPageProps } from './readers-props.ts'
import { MovedItems, NewLead } from './readers-parts.tsx'
import type { NamedReader } from './readers.ts'

/** Who may know of an incident and of each set of items in it; its lead decides. */
export function ReadersPage(props: ReadersPageProps) {
  const { visit, incident, returned } = props
  const { t, viewer } = visit
  const leads = incident.lead === viewer.person.id
  const title = t('need-to-know.title')
  return (
    <Framed
      visit={visit}
      title={`${title} · ${incident.codeName}`}
      current="/incidents"
      marking={{ tlp: incident.marking }}
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead
        form={<bdi>{incident.codeName}</bdi>}
        title={title}
        lead={t(incident.isRestricted ? 'need-to-know.restricted' : 'need-to-know.open')}
      />
      <BackTo visit={visit} incident={incident} />
      <AtHome visit={visit} />
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      {leads && props.isBroken && (
        <ButtonForm plain action={`/incidents/${incident.id}/readers/glass-seen`} label={t('need-to-know.take-note')} />
      )}
      <Named {...props} />
      {leads ? <Deciding {...props} /> : <Quiet>{t('need-to-know.lead-decides')}</Quiet>}
      {!props.people.some(({ id }) => id === incident.lead) && <NewLead {...props} />}
      {props.moves.length > 0 && <MovedItems {...props} />}
    </Framed>
  )
}

function Named({ visit, incident, readers, compartments, people, offices }: ReadersPageProps) {
  const { t, viewer, language } = visit
  const leads = incident.lead === viewer.person.id
  const nameOf = ({ kind, who }: Pick<NamedReader, 'kind' | 'who'>) => {
    const office = offices.find(({ id }) => id === who)
    const name = kind === 'person' ? people.find(({ id }) => id === who)?.name : office && inLanguage(office, language)
    return name ?? who
  }
  const setOf = (one: NamedReader) =>
    one.compartment === undefined
      ? t('need-to-know.whole')
      : (compartments.find(({ id }) => id === one.compartment)?.name ?? '')
  return (
    <Section title={t('need-to-know.readers')} id="readers">
      <p>
        {t('need-to-know.lead')}: <bdi>{nameOf({ kind: 'person', who: incident.lead })}</bdi>
      </p>
      {readers.length === 0 ? (
        <Quiet>{t('need-to-know.none')}</Quiet>
      ) : (
        <Table
          caption={t('need-to-know.readers')}
          quietCaption
          head={[t('need-to-know.who'), t('need-to-know.of'), t('need-to-know.since'), t('need-to-know.end')]}
          rows={readers.map((one) => [
            <bdi>{nameOf(one)}</bdi>,
            <>
              <bdi>{setOf(one)}</bdi>
              {one.until !== undefined && (
                <span class="quiet small">
                  {' '}
                  · {t('need-to-know.glass-until')}{' '}
                  <Time ms={one.until} zone={viewer.person.zone} language={language} short />
                </span>
              )}
            </>,
            <Time ms={one.at} zone={viewer.person.zone} language={language} short />,
            leads ? (
              <ButtonForm
                plain
                action={`/incidents/${incident.id}/readers/${one.id}/end`}
                label={t('need-to-know.end-name', { name: nameOf(one) })}
              />
            ) : (
              '–'
            ),
          ])}
        />
      )}
    </Section>
  )
}

function Deciding({ visit, incident, compartments, people, offices, returned }: ReadersPageProps) {
  const { t, language } = visit
  const at = `/incidents/${incident.id}/readers`
  const reader = returnedTo(returned, 'readers')
  const lead = returnedTo(returned, 'readers/lead')
  const set = returnedTo(returned, 'readers/compartments')
  const everybody: Option[] = people.map(({ id, name }) => ({ value: `person:${id}`, label: name }))
  const houses: Option[] = offices.map((one) => ({
    value: `office:${one.id}`,
    label: t('need-to-know.office', { name: inLanguage(one, language) }),
  }))
  return (
    <>
      <Section title={t('need-to-know.scope')} id="scope">
        <Quiet>{t('need-to-know.scope-explained')}</Quiet>
        <ButtonForm
          plain
          action={`${at}/${incident.isRestricted ? 'open' : 'restrict'}`}
          label={t(incident.isRestricted ? 'need-to-know.open-to-house' : 'need-to-know.restrict')}
        />
      </Section>
      <Section title={t('need-to-know.name-reader')} id="name-reader">
        <Form action={at} label={t('need-to-know.name-reader')}>
          <Hidden name="id" value={newId()} />
          <Select
            name="who"
            label={t('need-to-know.who')}
            value={reader.value('who')}
            error={reader.error('who')}
            required
            placeholder={t('incidents.write.choose')}
            options={[...everybody, ...houses]}
          />
          <Select
            name="compartment"
            label={t('need-to-know.of')}
            value={reader.value('compartment')}
            error={reader.error('compartment')}
            options={[
              { value: '', label: t('need-to-know.whole') },
              ...compartments.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Button plain label={t('need-to-know.name-reader')} />
        </Form>
      </Section>
      <Section title={t('need-to-know.compartments')} id="compartments">
        <Quiet>{t('need-to-know.compartments-explained')}</Quiet>
        <ul>
          {compartments.map(({ id, name }) => (
            <li key={id}>
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
        {compartments.length > 0 && (
          <p>
            <a href={`${at}/move`}>{t('need-to-know.move')}</a>
          </p>
        )}
        <Form action={`${at}/compartments`} label={t('need-to-know.add-compartment')}>
          <Hidden name="id" value={newId()} />
          <Field
            name="name"
            label={t('need-to-know.compartment-name')}
            value={set.value('name')}
            error={set.error('name')}
            required
            maxlength={80}
          />
          <Button plain label={t('need-to-know.add-compartment')} />
        </Form>
      </Section>
      <Section title={t('need-to-know.hand-over')} id="lead">
        <Form action={`${at}/lead`} label={t('need-to-know.hand-over')}>
          <Select
            name="lead"
            label={t('need-to-know.lead')}
            value={lead.value('lead', incident.lead)}
            error={lead.error('lead')}
            options={people.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Button plain label={t('need-to-know.hand-over')} />
        </Form>
      </Section>
    </>
  )
}

/** Names of the fields, for the summary of what needs correcting. */
const labelsOf = ({ t }: Visit): Record<string, string> => ({
  who: t('need-to-know.who'),
  compartment: t('need-to-know.of'),
  name: t('need-to-know.compartment-name'),
  lead: t('need-to-know.lead'),
  newLead: t('need-to-know.lead'),
  why: t('need-to-know.why'),
})
