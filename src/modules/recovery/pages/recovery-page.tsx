import type { Visit } from '../../../core/module/types.ts'
import { Details, LinkButton, Quiet, Section, Table, TlpLabel, Trouble } from '../../../web/index.ts'
import { type Returned, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame } from '../../incidents/index.ts'
import type { Offered } from '../from-plan/planned-of.ts'
import type { Lessons } from '../lessons/read-lessons.ts'
import type { Loaded } from '../load-page.ts'
import type { Service } from '../plan/read-plans.ts'
import { wholeOf } from '../plan/whole.ts'
import { states } from '../vocabulary.ts'
import { DependencyPicture } from './dependency-picture.tsx'
import { FromPlanSection } from './from-plan-section.tsx'
import { labelsOf } from './labels.ts'
import { LessonsSection } from './lessons-section.tsx'
import { Lines } from './lines.tsx'
import type { LoadedSharing } from '../share/load-sharing.ts'
import { ServiceForm } from './service-form.tsx'
import { SharedSection } from './shared-section.tsx'
import { TimePicture } from './time-picture.tsx'
import {
  againstWords,
  expectedWords,
  moment,
  namesIn,
  ownerWords,
  saidWords,
  stateWords,
  stretchWords,
  targetWords,
} from './words.ts'

interface Props {
  visit: Visit
  loaded: Loaded
  returned?: Returned
}

/** The services an incident hit: how each stands, what it waits for, and what can be expected against its targets. */
export function RecoveryPage({
  visit,
  loaded,
  sharing,
  lessons,
  offered,
  returned,
}: Props & { sharing: LoadedSharing; lessons: Lessons; offered: readonly Offered[] }) {
  const { t, viewer } = visit
  const { incident, plan } = loaded
  const path = `/incidents/${incident.id}/recovery`
  const isOpen = incident.state !== 'closed'
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('recovery.title')}
      lead={t('recovery.lead')}
      actions={plan.services.length > 0 && <LinkButton plain download href={`${path}/csv`} label={t('recovery.csv')} />}
    >
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      <Whole visit={visit} loaded={loaded} />
      {isOpen && viewer.may('incidents:draft') && (
        <FromPlanSection visit={visit} loaded={loaded} offered={offered} returned={returned} />
      )}
      {plan.services.length > 0 && (
        <>
          <Services visit={visit} loaded={loaded} />
          <Times visit={visit} loaded={loaded} />
          <SharedSection visit={visit} sharing={sharing} />
        </>
      )}
      <LessonsSection visit={visit} loaded={loaded} lessons={lessons} />
      {plan.off.length > 0 && (
        <Details summary={t('recovery.off.title', { count: plan.off.length })}>
          <ul>
            {plan.off.map((one) => (
              <li key={one.id}>
                <a href={`${path}/services/${one.id}`}>
                  <bdi>{one.content.name}</bdi>
                </a>
                : <bdi>{one.why}</bdi>
              </li>
            ))}
          </ul>
        </Details>
      )}
      {isOpen && viewer.may('incidents:draft') && <ServiceForm visit={visit} loaded={loaded} returned={returned} />}
    </RecordFrame>
  )
}

/** Where all of it stands, in sentences, and what decides over the end. */
function Whole({ visit, loaded: { plan } }: Props) {
  const { t } = visit
  const whole = wholeOf(plan)
  const { services, withheld } = plan
  return (
    <Section title={t('recovery.whole.title')} id="whole">
      {services.length === 0 ? (
        <Quiet>{t('recovery.none')}</Quiet>
      ) : (
        <p>
          {states
            .map((state) => ({ state, count: services.filter(({ course }) => course?.state === state).length }))
            .filter(({ count }) => count > 0)
            .map(({ state, count }) => t('recovery.whole.count', { state: t(`recovery.state.${state}`), count }))
            .concat(whole.unreported > 0 ? [t('recovery.whole.unreported', { count: whole.unreported })] : [])
            .join(' · ')}
        </p>
      )}
      {whole.overdue.length > 0 && (
        <Trouble
          what={t('recovery.whole.overdue', {
            count: whole.overdue.length,
            names: namesIn(visit, plan, whole.overdue),
          })}
        />
      )}
      {whole.isOut && whole.expected !== undefined && (
        <p>{t('recovery.whole.expected', { time: moment(visit, whole.expected) })}</p>
      )}
      {whole.isOut && whole.expected === undefined && whole.notBefore !== undefined && (
        <p>
          {t('recovery.whole.not-before', {
            time: moment(visit, whole.notBefore),
            names: namesIn(visit, plan, whole.silent),
          })}
        </p>
      )}
      {whole.isOut && whole.notBefore === undefined && (
        <p>{t('recovery.whole.silent', { names: namesIn(visit, plan, whole.silent) })}</p>
      )}
      {whole.path.length > 1 && (
        <p>{t('recovery.whole.path', { names: whole.path.map((id) => namesIn(visit, plan, [id])).join(' → ') })}</p>
      )}
      {whole.hidden > 0 && <Quiet>{t('recovery.whole.hidden', { count: whole.hidden })}</Quiet>}
      {withheld.services > 0 && <Quiet>{t('recovery.withheld.services', { count: withheld.services })}</Quiet>}
      {withheld.reports > 0 && <Quiet>{t('recovery.withheld.reports', { count: withheld.reports })}</Quiet>}
    </Section>
  )
}

function Services({ visit, loaded }: Props) {
  const { t } = visit
  const { incident, plan } = loaded
  return (
    <Section title={t('recovery.services.title')} id="services">
      <DependencyPicture visit={visit} plan={plan} />
      <Table
        caption={t('recovery.services.caption')}
        cards
        head={[
          t('recovery.field.name'),
          t('recovery.column.state'),
          t('recovery.field.priority'),
          t('recovery.field.owner'),
          t('recovery.field.operator'),
          t('recovery.field.needs'),
          t('recovery.column.waits'),
          t('markings.marking'),
        ]}
        rows={plan.services.map((one) => [
          <a href={`/incidents/${incident.id}/recovery/services/${one.id}`}>
            <bdi>{one.content.name}</bdi>
          </a>,
          stateWords(visit, one),
          t(`recovery.priority.${one.content.priority}`),
          <bdi>{ownerWords(visit, loaded, one.content)}</bdi>,
          <bdi>{operatorWords(visit, one)}</bdi>,
          namesIn(visit, plan, one.content.needs),
          waitsWords(visit, loaded, one),
          <TlpLabel marking={{ tlp: one.tlp }} />,
        ])}
      />
    </Section>
  )
}

function operatorWords({ t }: Visit, { content: { operator, sector } }: Service): string {
  return [operator, ...(sector === '' ? [] : [t(`particulars.sector.${sector}`)])].filter(Boolean).join(' · ') || '–'
}

function waitsWords(visit: Visit, { plan }: Loaded, { outlook }: Service): string {
  if (!outlook) return '–'
  const { blockers, roots, unreported } = outlook
  const names = namesIn(visit, plan, blockers)
  const deeper = roots.some((id) => !blockers.includes(id))
  return [
    deeper ? visit.t('recovery.waits.at-last', { names, roots: namesIn(visit, plan, roots) }) : names,
    ...(unreported.length > 0
      ? [visit.t('recovery.waits.unreported', { names: namesIn(visit, plan, unreported) })]
      : []),
  ].join(' ')
}

function Times({ visit, loaded: { plan } }: Props) {
  const { t } = visit
  const known = plan.services.filter(({ course }) => course)
  if (known.length === 0) return null
  return (
    <Section title={t('recovery.times.title')} id="times">
      <TimePicture visit={visit} plan={plan} />
      <Quiet small>{t('recovery.times.legend')}</Quiet>
      <Table
        caption={t('recovery.times.caption')}
        cards
        head={[
          t('recovery.field.name'),
          t('recovery.column.out-since'),
          t('recovery.column.back-since'),
          t('recovery.column.said'),
          t('recovery.column.expected'),
          t('recovery.column.target'),
          t('recovery.column.against'),
        ]}
        rows={known.map((one) => [
          <bdi>{one.content.name}</bdi>,
          one.course ? stretchWords(visit, one.course.began.at) : '–',
          one.course?.backSince ? stretchWords(visit, one.course.backSince) : '–',
          saidWords(visit, one),
          expectedWords(visit, plan, one),
          one.targets.length === 0 ? '–' : <Lines lines={one.targets.map((target) => targetWords(visit, target))} />,
          <Lines lines={one.targets.map((target) => againstWords(visit, plan, target, one))} />,
        ])}
      />
    </Section>
  )
}
