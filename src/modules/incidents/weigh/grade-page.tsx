import type { Visit } from '../../../core/module/types.ts'
import { Button, ButtonForm, Form, PageHead } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { AtHome, type Returned, returnedTo, WhatIsWrong } from '../pages/parts.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { GradeFields } from './grade-fields.tsx'
import { type Evidence, standing } from './weighing.ts'
import { weighingLabels } from './weighing-labels.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  returned?: Returned
}

/** Grades one item anew, or takes it out. */
export function GradePage({ visit, loaded, item, returned }: Props & { item: Evidence }) {
  const { t } = visit
  const { incident, weighing } = loaded
  const { value, error } = returnedTo(returned, 'grade')
  const title = t('incidents.weighing.regrade-item', { number: item.number })
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
      <Form action={`/incidents/${incident.id}/evidence/${item.id}/grade`} label={title}>
        <GradeFields visit={visit} hypotheses={standing(weighing.hypotheses)} value={value} error={error} item={item} />
        <Button label={title} />
      </Form>
      <ButtonForm
        plain
        action={`/incidents/${incident.id}/evidence/${item.id}/withdraw`}
        label={t('incidents.weighing.withdraw', { number: item.number })}
      />
    </Framed>
  )
}
