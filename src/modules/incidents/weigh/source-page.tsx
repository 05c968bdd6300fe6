import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Form, Hidden, Pairs, Quiet, Section, Select, Table, TextArea, Time } from '../../../web/index.ts'
import type { Incident } from '../incident.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import type { SourceOfItem } from './change-source.ts'

interface Props {
  visit: Visit
  incident: Incident
  evidence: string
  source: SourceOfItem
  people: readonly { id: string; name: string }[]
  returned?: Returned
}

/** Who handles the source of an item, for those who know it; and how that is handed on. */
export function SourcePage(props: Props) {
  const { visit, incident, source, people, returned } = props
  const { t, viewer } = visit
  const { known } = source
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? id
  const handlerIsHere = known !== undefined && people.some(({ id }) => id === known.handler)
  const mayDecide = !known || known.handler === viewer.person.id || !handlerIsHere
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('need-to-know.source.title', { number: source.number })}
      lead={t('need-to-know.source.lead')}
      back={{ href: `/incidents/${incident.id}/weighing`, label: t('incidents.weighing.title') }}
    >
      <p dir="auto">{source.words}</p>
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      {known ? (
        <Pairs
          items={[
            { term: t('need-to-know.source.identity'), detail: <bdi>{known.identity}</bdi> },
            { term: t('need-to-know.source.handler'), detail: <bdi>{nameOf(known.handler)}</bdi> },
            {
              term: t('need-to-know.source.deputy'),
              detail: known.deputy ? <bdi>{nameOf(known.deputy)}</bdi> : t('need-to-know.source.no-deputy'),
            },
          ]}
        />
      ) : (
        <Quiet>{t('need-to-know.source.orphaned')}</Quiet>
      )}
      {mayDecide && incident.state !== 'closed' && <ChangeForm {...props} kind="handler" />}
      {mayDecide && known && incident.state !== 'closed' && <ChangeForm {...props} kind="deputy" />}
      {source.steps.length > 0 && <Steps visit={visit} source={source} nameOf={nameOf} />}
    </RecordFrame>
  )
}

function ChangeForm({
  visit,
  incident,
  evidence,
  source,
  people,
  returned,
  kind,
}: Props & { kind: 'handler' | 'deputy' }) {
  const { t } = visit
  const { value, error } = returnedTo(returned, `evidence/:evidence/source/${kind}`)
  const title = t(`need-to-know.source.change-${kind}`)
  const others = people.filter(
    ({ id }) => id !== source.known?.[kind] && (kind === 'handler' || id !== source.known?.handler),
  )
  const nobody =
    kind === 'deputy' && source.known?.deputy ? [{ value: '', label: t('need-to-know.source.no-deputy') }] : []
  return (
    <Section title={title} id={kind}>
      <Form action={`/incidents/${incident.id}/evidence/${evidence}/source/${kind}`} label={title}>
        <Hidden name="id" value={value('id', newId())} />
        <Select
          name={kind}
          label={t(`need-to-know.source.${kind}`)}
          value={value(kind)}
          error={error(kind)}
          required={nobody.length === 0}
          {...(nobody.length === 0 && { placeholder: t('incidents.write.choose') })}
          options={[...nobody, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <TextArea
          name={`${kind}Why`}
          label={t('need-to-know.why')}
          value={value(`${kind}Why`)}
          error={error(`${kind}Why`)}
          required
        />
        <Button plain label={title} />
      </Form>
    </Section>
  )
}

function Steps({ visit, source, nameOf }: Pick<Props, 'visit' | 'source'> & { nameOf: (id: string) => string }) {
  const { t, viewer, language } = visit
  return (
    <Section title={t('need-to-know.source.steps')} id="steps">
      <Table
        caption={t('need-to-know.source.steps')}
        quietCaption
        head={['since', 'what', 'who', 'why', 'by'].map((name) => t(`need-to-know.source.column.${name}`))}
        rows={source.steps.map((step) => [
          <Time ms={step.at} zone={viewer.person.zone} language={language} short />,
          t(`need-to-know.source.${step.kind}`),
          step.who === undefined ? t('need-to-know.source.no-deputy') : <bdi>{nameOf(step.who)}</bdi>,
          <bdi>{step.why}</bdi>,
          <bdi>{nameOf(step.by)}</bdi>,
        ])}
      />
    </Section>
  )
}

/** Names of the fields, for the summary of what needs correcting. */
const labelsOf = ({ t }: Visit): Record<string, string> => ({
  handler: t('need-to-know.source.handler'),
  deputy: t('need-to-know.source.deputy'),
  handlerWhy: t('need-to-know.why'),
  deputyWhy: t('need-to-know.why'),
})
