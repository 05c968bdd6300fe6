import type { Visit } from '../../../core/module/types.ts'
import { Button, ButtonForm, Form, PageHead, Quiet, Section, Table, TextArea, Time } from '../../../web/index.ts'
import { Framed, type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { AtHome } from '../pages/parts.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { GradeFields } from './grade-fields.tsx'
import type { Regrade } from './regrades.ts'
import { type Evidence, standing } from './weighing.ts'
import { weighingLabels } from './weighing-labels.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  item: Evidence
  regrades: readonly Regrade[]
  people: readonly { id: string; name: string }[]
  returned?: Returned
}

/** One item: how its grade ran, and the form that grades it anew or takes it out. */
export function GradePage(props: Props) {
  const { visit, loaded, item, returned } = props
  const { t, viewer } = visit
  const { incident, weighing } = loaded
  const mayGrade = viewer.may('incidents:draft') && incident.state !== 'closed' && item.withdrawnAt === undefined
  const title = t(mayGrade ? 'incidents.weighing.regrade-item' : 'weighing.grades.title', { number: item.number })
  return (
    <Framed
      visit={visit}
      title={`${title} · ${incident.codeName}`}
      current="/incidents"
      marking={{ tlp: item.tlp }}
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead form={<bdi>{incident.codeName}</bdi>} title={title} lead={<bdi>{item.words}</bdi>} />
      <p>
        <a href={`/incidents/${incident.id}/weighing`}>{t('incidents.weighing.title')}</a>
      </p>
      <AtHome visit={visit} />
      <WhatIsWrong returned={returned} labels={weighingLabels(visit, weighing.hypotheses)} />
      <Grades {...props} />
      {mayGrade && <GradeForm {...props} title={title} />}
    </Framed>
  )
}

function Grades({ visit, loaded, item, regrades, people }: Props) {
  const { t, viewer, language } = visit
  const nameOf = (id: string) => loaded.names.get(id) ?? people.find((one) => one.id === id)?.name ?? id
  const time = (at: number) => <Time ms={at} zone={viewer.person.zone} language={language} short />
  return (
    <Section title={t('weighing.grades.history')} id="grades">
      <Table
        cards
        caption={t('weighing.grades.caption')}
        head={[
          t('weighing.grades.when'),
          t('incidents.weighing.grade'),
          t('weighing.grades.who'),
          t('weighing.grades.why'),
        ]}
        rows={[
          [
            time(item.at),
            regrades[0]?.from ?? `${item.reliability}${item.credibility}`,
            nameOf(item.by),
            t('weighing.grades.first'),
          ],
          ...regrades.map((one) => [
            time(one.at),
            <bdi dir="ltr">{`${one.from} → ${one.to}`}</bdi>,
            nameOf(one.by),
            <span dir="auto">{one.why}</span>,
          ]),
        ]}
      />
      {regrades.length === 0 && <Quiet>{t('weighing.grades.never')}</Quiet>}
    </Section>
  )
}

function GradeForm({ visit, loaded, item, returned, title }: Props & { title: string }) {
  const { t } = visit
  const { incident, weighing } = loaded
  const { value, error } = returnedTo(returned, 'grade')
  return (
    <>
      <Form action={`/incidents/${incident.id}/evidence/${item.id}/grade`} label={title}>
        <GradeFields visit={visit} hypotheses={standing(weighing.hypotheses)} value={value} error={error} item={item} />
        <TextArea
          name="why"
          label={t('incidents.weighing.why')}
          hint={t('weighing.grades.why-hint')}
          rows={3}
          value={value('why')}
          error={error('why')}
          maxlength={1000}
        />
        <Button label={title} />
      </Form>
      <ButtonForm
        plain
        action={`/incidents/${incident.id}/evidence/${item.id}/withdraw`}
        label={t('incidents.weighing.withdraw', { number: item.number })}
      />
    </>
  )
}
