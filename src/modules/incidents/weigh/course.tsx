import type { Visit } from '../../../core/module/types.ts'
import { Quiet, Section, Table, Time } from '../../../web/index.ts'
import { AssessmentDissents } from '../challenge/dissent-list.tsx'
import { Signed } from '../../frame/index.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import { assessmentWords } from './assessment-words.ts'
import { AffectedFlag } from './changed-items.tsx'
import { CourseChart } from './course-chart.tsx'
import { leaders } from './ranking.ts'
import { hypothesisShort } from './weighing-labels.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
}

/** How the ranking moved from assessment to assessment. */
export function Course({ visit, loaded: { weighing } }: Props) {
  const { t, viewer, language } = visit
  const { hypotheses, assessments, ranking } = weighing
  if (assessments.length === 0) return null
  const points = (ranked: typeof ranking.ranked) =>
    hypotheses.map((one) => {
      const found = ranked.find((other) => other.hypothesis === one.id)
      return found ? t('incidents.course.cell', { points: found.points, place: found.place }) : '–'
    })
  return (
    <Section title={t('incidents.course.title')} id="course">
      <figure>
        <CourseChart hypotheses={hypotheses} assessments={assessments} now={ranking.ranked} t={t} />
        <figcaption>{t('incidents.course.caption')}</figcaption>
      </figure>
      <Table
        caption={t('incidents.course.table')}
        head={[t('incidents.course.assessment'), ...hypotheses.map((one) => hypothesisShort(visit, one))]}
        rows={[
          ...assessments.map((one) => [
            <>
              {one.number} · <Time ms={one.at} zone={viewer.person.zone} language={language} short />
            </>,
            ...points(one.ranking),
          ]),
          [t('incidents.course.now'), ...points(ranking.ranked)],
        ]}
      />
    </Section>
  )
}

/** What people judged, in order. */
export function History({ visit, loaded }: Props) {
  const { t } = visit
  const { incident, weighing, names } = loaded
  const { assessments, hypotheses } = weighing
  const numberOf = (id: string) => hypotheses.find((one) => one.id === id)?.number ?? 0
  return (
    <Section title={t('incidents.weighing.history')} id="history">
      {assessments.length === 0 && <Quiet>{t('incidents.weighing.not-assessed')}</Quiet>}
      <ol>
        {assessments.map((one, at) => {
          const overtook = overtaking(assessments[at - 1], one)
          return (
            <li key={one.id}>
              <p>
                <a href={`/incidents/${incident.id}/assessments/${one.id}`}>
                  {assessmentWords(visit, one, numberOf(one.hypothesis))}
                </a>{' '}
                <bdi>{one.why}</bdi>
              </p>
              {overtook && (
                <p>
                  <strong>{t('incidents.weighing.overtakes', { hypothesis: numberOf(overtook) })}</strong>
                </p>
              )}
              <Signed visit={visit} by={names.get(one.by) ?? one.by} at={one.at} />
              {loaded.affected?.assessment === one.id && <AffectedFlag visit={visit} affected={loaded.affected} />}
              <AssessmentDissents {...{ visit, loaded, assessment: one }} />
            </li>
          )
        })}
      </ol>
    </Section>
  )
}

type Ranked = { ranking: LoadedIncident['weighing']['ranking']['ranked'] }

/** The hypothesis that leads now and did not lead alone before; undefined where the lead is the same or shared. */
export function overtaking(before: Ranked | undefined, after: Ranked): string | undefined {
  if (!before) return undefined
  const [leader, ...more] = leaders(after.ranking)
  const then = leaders(before.ranking)
  return leader !== undefined && more.length === 0 && !(then.length === 1 && then[0] === leader) ? leader : undefined
}
