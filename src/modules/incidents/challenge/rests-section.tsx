import type { ComponentChildren } from 'preact'
import { newId } from '../../../protocol/index.ts'
import { Button, Details, Form, Hidden, Quiet, Section, Table, TextArea } from '../../../web/index.ts'
import { returnedTo, Signed } from '../../frame/index.ts'
import { itemsPerPage } from '../weigh/matrix-view.ts'
import { ChangedItems } from '../weigh/changed-items.tsx'
import { fingerprintOf, isLost } from '../weigh/rests-on.ts'
import { sharedBasis } from '../weigh/shared-basis.ts'
import { hypothesisShort } from '../weigh/weighing-labels.ts'
import type { AssessmentProps } from './assessment-props.ts'

/** What an assessment rested on, then and now; and who looked at the difference. */
export function RestsSection(props: AssessmentProps) {
  const { visit, rested, affected } = props
  const { t } = visit
  return (
    <Section title={t('weighing.rests.title')} id="rests-on">
      {rested.length === 0 ? (
        <Quiet>{t('weighing.rests.none')}</Quiet>
      ) : (
        <p>{t('weighing.rests.count', { count: rested.length })}</p>
      )}
      {affected ? (
        <>
          <p>
            <strong>{t('weighing.affected.explained')}</strong>
          </p>
          <ChangedItems visit={visit} changed={affected.changed} />
        </>
      ) : (
        rested.length > 0 && <Quiet>{t('weighing.affected.not')}</Quiet>
      )}
      <ThenAndNow {...props} />
      <Ranks {...props} />
      {affected && <Looks {...props} />}
    </Section>
  )
}

/** Items side by side; those that this person may not see any more are only counted among what changed. */
function ThenAndNow(props: AssessmentProps) {
  const { visit, loaded, assessment, rested, affected } = props
  const { t } = visit
  const { evidence } = loaded.weighing
  const items = new Map(evidence.map((one) => [one.id, one]))
  const changed = new Set(affected?.changed.map(({ id }) => id))
  const gone = new Set(affected?.changed.filter(({ fate }) => fate === 'gone' || fate === 'moved').map(({ id }) => id))
  const shown = rested.filter(({ id }) => items.has(id) || gone.has(id))
  const added = sharedBasis(loaded.weighing, loaded.incident.marking).items.filter(
    ({ at, id }) => at > assessment.at && !rested.some((one) => one.id === id),
  )
  const table = (rows: typeof shown, caption: string) => (
    <Table
      cards
      caption={caption}
      head={[
        t('incidents.weighing.item'),
        t('weighing.rests.grade-then'),
        t('weighing.rests.grade-now'),
        t('weighing.rests.marks-then'),
        t('weighing.rests.marks-now'),
      ]}
      rows={rows.map((then) => row(props, then, items.get(then.id)))}
    />
  )
  const from = Math.max(0, Number.parseInt(visit.query?.get('from') ?? '0', 10) || 0)
  const moved = shown.filter(({ id }) => changed.has(id))
  const same = shown.filter(({ id }) => !changed.has(id))
  return (
    <>
      {moved.length > 0 && table(moved, t('weighing.rests.changed'))}
      {same.length > 0 && (
        <Details summary={t('weighing.rests.same', { count: same.length })}>
          {table(same.slice(from, from + itemsPerPage), t('weighing.rests.same', { count: same.length }))}
          <Pages {...props} count={same.length} from={from} />
        </Details>
      )}
      {added.length > 0 && <p>{t('weighing.rests.added', { count: added.length })}</p>}
    </>
  )
}

function Pages({ visit, loaded, assessment, count, from }: AssessmentProps & { count: number; from: number }) {
  if (count <= itemsPerPage) return null
  return (
    <nav aria-label={visit.t('weighing.view.pages')}>
      {Array.from({ length: Math.ceil(count / itemsPerPage) }, (_, at) => at * itemsPerPage).map((start) => (
        <>
          <a
            href={`/incidents/${loaded.incident.id}/assessments/${assessment.id}?from=${start}#rests-on`}
            aria-current={start === from ? 'true' : undefined}
          >
            {visit.t('weighing.hypothesis.items', { from: start + 1, to: Math.min(count, start + itemsPerPage) })}
          </a>{' '}
        </>
      ))}
    </nav>
  )
}

type Then = AssessmentProps['rested'][number]
type Item = AssessmentProps['loaded']['weighing']['evidence'][number]

function row({ visit, loaded }: AssessmentProps, then: Then, now: Item | undefined): ComponentChildren[] {
  // Each pair is set apart: letters of a right-to-left script would take the mark of the next.
  const marks = (of: Readonly<Record<string, string | null | undefined>>) =>
    loaded.weighing.hypotheses
      .filter(({ id }) => id in then.marks)
      .map((one, at) => (
        <>
          {at > 0 && ' · '}
          <bdi>{hypothesisShort(visit, one)}</bdi> <bdi dir="ltr">{(of[one.id] ?? '?').replaceAll('-', '−')}</bdi>
        </>
      ))
  return [
    now ? (
      <>
        {then.number}. <bdi>{now.words}</bdi>
      </>
    ) : (
      `${then.number}.`
    ),
    then.grade,
    now ? `${now.reliability}${now.credibility}` : '–',
    marks(then.marks),
    now ? marks(now.marks) : '–',
  ]
}

/** The order then and now, over what all readers of the incident may weigh. */
function Ranks({ visit, loaded, assessment }: AssessmentProps) {
  const { t } = visit
  const { ranking } = sharedBasis(loaded.weighing, loaded.incident.marking)
  const cell = (one: { place: number; points: number } | undefined) =>
    one ? t('incidents.course.cell', { points: one.points, place: one.place }) : '–'
  if (assessment.ranking.length === 0) return null
  return (
    <Table
      caption={t('weighing.rests.order')}
      head={[t('incidents.weighing.hypothesis'), t('weighing.rests.then'), t('incidents.course.now')]}
      rows={loaded.weighing.hypotheses.map((one) => [
        <>
          {hypothesisShort(visit, one)} <bdi>{one.words}</bdi>
        </>,
        cell(assessment.ranking.find(({ hypothesis }) => hypothesis === one.id)),
        cell(ranking.ranked.find(({ hypothesis }) => hypothesis === one.id)),
      ])}
    />
  )
}

function Looks({ visit, loaded, assessment, affected, lookers, returned }: AssessmentProps) {
  const { t, viewer } = visit
  const { value, error } = returnedTo(returned, 'look')
  if (!affected) return null
  const mayLook = affected.isUnseen && viewer.may('incidents:draft') && loaded.incident.state !== 'closed'
  const isShaken = affected.changed.some(isLost)
  return (
    <>
      {affected.looks.map((one) => (
        <div key={one.at}>
          <p>
            {t('weighing.affected.looked')} <bdi>{one.why}</bdi>
          </p>
          <Signed visit={visit} by={lookers.get(one.by) ?? one.by} at={one.at} />
        </div>
      ))}
      {mayLook && (
        <Form
          action={`/incidents/${loaded.incident.id}/assessments/${assessment.id}/look`}
          label={t('weighing.affected.look')}
        >
          <h3>{t('weighing.affected.look')}</h3>
          <Quiet>{t(isShaken ? 'weighing.affected.look-lost' : 'weighing.affected.look-hint')}</Quiet>
          <Hidden name="id" value={newId()} />
          <Hidden name="seen" value={fingerprintOf(affected.changed)} />
          <TextArea
            name="why"
            label={t('weighing.affected.why')}
            rows={3}
            value={value('why')}
            error={error('why')}
            required
            maxlength={2000}
          />
          <Button plain label={t('weighing.affected.look')} />
        </Form>
      )}
    </>
  )
}
