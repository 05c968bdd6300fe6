import { classText, type Classification, equivalentOf } from '../../../core/markings/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { Button, ErrorSummary, Form, PageHead, Quiet, Section, Select, Table, TextArea } from '../../../web/index.ts'
import { AdministrationFrame, typed } from '../pages/administration-frame.tsx'
import { linesFrom } from './read-lines.ts'

interface Props {
  visit: Visit<any>
  rules: Classification
  people: { id: string; name: string; clearance: string | null }[]
  errors: Record<string, string>
}

/** Everything the house says of classification, as tables to read and lists to change. */
export function ClassificationPage({ visit, rules, people, errors }: Props) {
  const { t, services, language } = visit
  const lists = linesFrom(rules)
  const name = (id: string) => levelName(rules, id, language)
  const list = (one: 'ladder' | 'equivalences' | 'groups', rows: number) => (
    <TextArea
      name={one}
      label={t(`administration.classification.${one}.lines`)}
      hint={t(`administration.classification.${one}.hint`)}
      value={typed(visit, one, lists[one])}
      error={errors[one]}
      rows={rows}
      maxlength={60_000}
    />
  )
  return (
    <AdministrationFrame visit={visit} title={t('administration.classification.title')} room="classification">
      <PageHead title={t('administration.classification.title')} lead={t('administration.classification.lead')} />
      <ErrorSummary
        errors={errors}
        labels={Object.fromEntries(
          Object.keys(errors).map((one) => [
            one,
            t(`administration.classification.${one === 'accredited' ? 'accredited' : `${one}.title`}`),
          ]),
        )}
      />
      <Section title={t('administration.classification.ladder.title')} id="ladder">
        {rules.ladder.length === 0 ? (
          <Quiet>{t('administration.classification.ladder.none')}</Quiet>
        ) : (
          <Table
            caption={t('administration.classification.ladder.title')}
            quietCaption
            head={[t('administration.classification.level'), t('administration.classification.held-here')]}
            rows={rules.ladder.map(({ id }, at) => [
              <bdi>{name(id)}</bdi>,
              t(at <= rules.ladder.findIndex((one) => one.id === rules.accredited) ? 'common.yes' : 'common.no'),
            ])}
          />
        )}
        <Form action="/classification/ladder">
          {list('ladder', 6)}
          <Select
            name="accredited"
            label={t('administration.classification.accredited')}
            hint={t('administration.classification.accredited-hint')}
            value={typed(visit, 'accredited', rules.accredited ?? '')}
            error={errors.accredited}
            options={[
              { value: '', label: t('administration.classification.not-accredited') },
              ...rules.ladder.map(({ id }) => ({ value: id, label: name(id) })),
            ]}
          />
          <Button label={t('administration.classification.save')} />
        </Form>
      </Section>
      <Section title={t('administration.classification.equivalences.title')} id="equivalences">
        <p>{t('administration.classification.equivalences.lead')}</p>
        {rules.equivalences.length > 0 && (
          <Table
            caption={t('administration.classification.equivalences.title')}
            quietCaption
            head={['theirs', 'ours', 'source'].map((one) => t(`administration.classification.equivalences.${one}`))}
            rows={rules.equivalences.map((one) => {
              const binding = equivalentOf(rules, { party: one.party, level: one.theirs })
              return [
                `${services.nameOf(one.party, language)} · ${one.theirs}`,
                binding === one ? name(one.ours) : <del>{name(one.ours)}</del>,
                <bdi>{one.source}</bdi>,
              ]
            })}
          />
        )}
        <Form action="/classification/equivalences">
          {list('equivalences', 6)}
          <Button label={t('administration.classification.save')} plain />
        </Form>
      </Section>
      <Section title={t('administration.classification.groups.title')} id="groups">
        <Form action="/classification/groups">
          {list('groups', 4)}
          <Button label={t('administration.classification.save')} plain />
        </Form>
      </Section>
      {rules.ladder.length > 0 && <Clearances visit={visit} rules={rules} people={people} />}
    </AdministrationFrame>
  )
}

function levelName(rules: Classification, id: string, language: string): string {
  const names = rules.ladder.find((one) => one.id === id)?.names
  return names?.[language] || names?.en || classText(id)
}

function Clearances({ visit, rules, people }: Omit<Props, 'errors'>) {
  const { t, language, viewer } = visit
  return (
    <Section title={t('administration.classification.clearances.title')} id="clearances">
      <p>{t('administration.classification.clearances.lead')}</p>
      <Table
        caption={t('administration.classification.clearances.title')}
        quietCaption
        head={[
          t('administration.classification.clearances.person'),
          t('administration.classification.clearances.up-to'),
        ]}
        rows={people.map(({ name, clearance }) => [
          <bdi>{name}</bdi>,
          clearance === null
            ? t('administration.classification.clearances.none')
            : levelName(rules, clearance, language),
        ])}
      />
      <Form action="/classification/clearances" label={t('administration.classification.clearances.title')}>
        <Select
          name="person"
          label={t('administration.classification.clearances.person')}
          options={people
            .filter(({ id }) => id !== viewer.person.id)
            .map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Select
          name="clearance"
          label={t('administration.classification.clearances.up-to')}
          options={[
            { value: '', label: t('administration.classification.clearances.none') },
            ...rules.ladder.map(({ id }) => ({ value: id, label: levelName(rules, id, language) })),
          ]}
        />
        <Button label={t('administration.classification.save')} plain />
      </Form>
    </Section>
  )
}
