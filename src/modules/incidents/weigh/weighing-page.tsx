import type { Visit } from '../../../core/module/types.ts'
import { PageHead } from '../../../web/index.ts'
import { Framed, type Returned, WhatIsWrong } from '../../frame/index.ts'
import { AtHome, BackTo } from '../pages/parts.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { Course, History } from './course.tsx'
import type { MatrixView } from './matrix-view.ts'
import { Matrix } from './matrix.tsx'
import { Standing } from './standing.tsx'
import { AssessmentForm, EvidenceForm, HypothesisForm } from './weighing-forms.tsx'
import { weighingLabels } from './weighing-labels.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  returned?: Returned
  /** Files that may be seen, by the id of their item. */
  files?: ReadonlyMap<string, number>
  /** Who can stand in for the handler of a source. */
  people: readonly { id: string; name: string }[]
  view: MatrixView
}

/** Hypotheses set against evidence, what the figures say, and what people judged and when. */
export function WeighingPage({ visit, loaded, returned, people, files, view }: Props) {
  const { t, viewer } = visit
  const { incident } = loaded
  const mayWrite = viewer.may('incidents:draft') && incident.state !== 'closed'
  return (
    <Framed
      visit={visit}
      title={t('incidents.weighing.page-title', { name: incident.codeName })}
      current="/incidents"
      marking={{ tlp: incident.marking }}
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead
        form={<bdi>{incident.codeName}</bdi>}
        title={t('incidents.weighing.title')}
        lead={t('incidents.weighing.lead')}
      />
      <BackTo visit={visit} incident={incident} />
      <AtHome visit={visit} />
      <WhatIsWrong returned={returned} labels={weighingLabels(visit, loaded.weighing.hypotheses)} />
      <Matrix visit={visit} loaded={loaded} files={files} view={view} />
      <Standing visit={visit} loaded={loaded} />
      <Course visit={visit} loaded={loaded} />
      <History visit={visit} loaded={loaded} />
      {mayWrite && <HypothesisForm visit={visit} loaded={loaded} returned={returned} />}
      {mayWrite && loaded.weighing.hypotheses.length > 0 && (
        <EvidenceForm visit={visit} loaded={loaded} returned={returned} people={people} />
      )}
      {mayWrite && loaded.weighing.hypotheses.length > 0 && (
        <AssessmentForm visit={visit} loaded={loaded} returned={returned} />
      )}
    </Framed>
  )
}
