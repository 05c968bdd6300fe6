import { Button, Form, Quiet, Section, Select, Table, TextArea, Time } from '../../../web/index.ts'
import { formatList } from '../../../text/index.ts'
import { returnedTo } from '../../frame/index.ts'
import { inLanguage, type ReadersPageProps } from './readers-props.ts'
import type { MovedItem } from './moved-items.ts'

/** The lead left the house: whoever may manage incidents and reads this one names another. */
export function NewLead({ visit, incident, people, returned }: ReadersPageProps) {
  const { t, viewer } = visit
  const { value, error } = returnedTo(returned, 'readers/new-lead')
  return (
    <Section title={t('need-to-know.lead-left')} id="new-lead">
      <Quiet>{t('need-to-know.lead-left-explained')}</Quiet>
      {viewer.may('incidents:manage') && (
        <Form action={`/incidents/${incident.id}/readers/new-lead`} label={t('need-to-know.name-lead')}>
          <Select
            name="newLead"
            label={t('need-to-know.lead')}
            value={value('newLead')}
            error={error('newLead')}
            required
            placeholder={t('incidents.write.choose')}
            options={people.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextArea name="why" label={t('need-to-know.why')} value={value('why')} error={error('why')} required />
          <Button plain label={t('need-to-know.name-lead')} />
        </Form>
      )}
    </Section>
  )
}

/** What was moved between compartments, why, and who could see it until then. */
export function MovedItems({ visit, moves, items, compartments, people, offices }: ReadersPageProps) {
  const { t, viewer, language } = visit
  const personName = (id: string) => people.find((one) => one.id === id)?.name ?? id
  const setOf = (id: string | undefined) =>
    id === undefined ? t('need-to-know.whole') : (compartments.find((one) => one.id === id)?.name ?? '')
  const knewWords = ({ knew }: MovedItem) => {
    if (knew.house) return t('need-to-know.house')
    const named = knew.readers.map(({ kind, who }) => {
      const office = offices.find(({ id }) => id === who)
      return kind === 'person' ? personName(who) : office ? inLanguage(office, language) : who
    })
    return formatList([personName(knew.lead), ...named], language)
  }
  return (
    <Section title={t('need-to-know.moved')} id="moved">
      <Table
        caption={t('need-to-know.moved')}
        quietCaption
        head={['item', 'from', 'into', 'why', 'knew', 'by'].map((name) => t(`need-to-know.moved-column.${name}`))}
        rows={moves.map((one) => [
          <>
            {t(`need-to-know.kind.${one.kind}`)}: <bdi>{items.find(({ id }) => id === one.item)?.words ?? '–'}</bdi>
          </>,
          <bdi>{setOf(one.from)}</bdi>,
          <bdi>{setOf(one.into)}</bdi>,
          <bdi>{one.why}</bdi>,
          <bdi>{knewWords(one)}</bdi>,
          <>
            <bdi>{personName(one.by)}</bdi> · <Time ms={one.at} zone={viewer.person.zone} language={language} short />
          </>,
        ])}
      />
    </Section>
  )
}
