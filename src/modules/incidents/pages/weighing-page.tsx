import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatList, formatNumber } from '../../../text/index.ts'
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
  TextArea,
  Time,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { LoadedIncident } from '../load-incident.ts'
import { consistencies, credibilities, leaders, reliabilities, weightOf } from '../ranking.ts'
import { confidenceLevels, type Evidence, type Hypothesis, probabilitySchemes } from '../weigh-hypotheses.ts'
import { CourseChart } from './course-chart.tsx'
import { assessmentWords, BackTo } from './incident-page.tsx'
import { AtHome, type Returned, returnedTo, Signed, tlpOptions, WhatIsWrong } from './parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  returned?: Returned
}

/** Hypotheses set against evidence, what the figures say, and what people judged and when. */
export function WeighingPage({ visit, loaded, returned }: Props) {
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
      <WhatIsWrong returned={returned} labels={labelsOf(visit, loaded.weighing.hypotheses)} />
      <Matrix visit={visit} loaded={loaded} />
      <Standing visit={visit} loaded={loaded} />
      <Course visit={visit} loaded={loaded} />
      <History visit={visit} loaded={loaded} />
      {mayWrite && <HypothesisForm visit={visit} loaded={loaded} returned={returned} />}
      {mayWrite && loaded.weighing.hypotheses.length > 0 && (
        <EvidenceForm visit={visit} loaded={loaded} returned={returned} />
      )}
      {mayWrite && loaded.weighing.hypotheses.length > 0 && (
        <AssessmentForm visit={visit} loaded={loaded} returned={returned} />
      )}
    </Framed>
  )
}

const short = ({ t }: Visit, hypothesis: { number: number }) =>
  t('incidents.hypothesis-short', { number: hypothesis.number })

function Matrix({ visit, loaded: { incident, weighing, withheld } }: Props) {
  const { t } = visit
  const { hypotheses, evidence } = weighing
  if (hypotheses.length === 0) return <Quiet>{t('incidents.weighing.none')}</Quiet>
  return (
    <Section title={t('incidents.weighing.matrix')} id="matrix">
      <ul>
        {hypotheses.map((one) => (
          <li key={one.id}>
            <strong>{short(visit, one)}</strong> <bdi>{one.words}</bdi>
          </li>
        ))}
      </ul>
      {evidence.length === 0 ? (
        <Quiet>{t('incidents.weighing.no-evidence')}</Quiet>
      ) : (
        <Table
          caption={t('incidents.weighing.matrix-caption')}
          head={[
            t('incidents.weighing.item'),
            t('incidents.weighing.grade'),
            t('incidents.weighing.weight'),
            ...hypotheses.map((one) => short(visit, one)),
          ]}
          rows={evidence.map((item) => matrixRow(visit, incident, item, hypotheses))}
        />
      )}
      {withheld.evidence > 0 && <Quiet>{t('incidents.weighing.withheld', { count: withheld.evidence })}</Quiet>}
      <Quiet small>{t('incidents.weighing.scale')}</Quiet>
    </Section>
  )
}

function matrixRow(
  visit: Visit,
  incident: LoadedIncident['incident'],
  item: Evidence,
  hypotheses: readonly Hypothesis[],
): ComponentChildren[] {
  const { t, viewer } = visit
  const mayGrade = viewer.may('incidents:draft') && incident.state !== 'closed' && item.withdrawnAt === undefined
  const weight = weightOf(item)
  return [
    <>
      {item.number}. <bdi>{item.words}</bdi> <TlpLabel marking={{ tlp: item.tlp }} />
      <span class="quiet small">
        {' '}
        · {t('incidents.weighing.source')}: <bdi>{item.source}</bdi>
      </span>
      {item.withdrawnAt !== undefined && <span class="quiet small"> · {t('incidents.weighing.withdrawn')}</span>}
      {mayGrade && (
        <>
          {' '}
          ·{' '}
          <a href={`/incidents/${incident.id}/evidence/${item.id}`}>
            {t('incidents.weighing.regrade-item', { number: item.number })}
          </a>
        </>
      )}
    </>,
    <abbr
      title={`${t(`incidents.reliability.${item.reliability}`)} · ${t(`incidents.credibility.${item.credibility}`)}`}
    >{`${item.reliability}${item.credibility}`}</abbr>,
    item.withdrawnAt !== undefined ? '–' : weight === undefined ? t('incidents.weighing.not-counted') : String(weight),
    ...hypotheses.map((one) => <bdi dir="ltr">{markText(visit, item.marks[one.id] ?? 'na')}</bdi>),
  ]
}

const markText = ({ t }: Visit, mark: string): string =>
  mark === 'na' ? t('incidents.consistency.na-short') : mark.replaceAll('-', '−')

function Standing({ visit, loaded: { weighing } }: Props) {
  const { t, language } = visit
  const { hypotheses, evidence, ranking } = weighing
  if (hypotheses.length === 0) return null
  const hypothesis = (id: string) => hypotheses.find((one) => one.id === id)
  const item = (id: string) => evidence.find((one) => one.id === id)
  const items = (ids: string[]) =>
    formatList(
      ids.flatMap((id) => item(id) ?? []).map((one) => formatNumber(one.number, language)),
      language,
    )
  const leading = leaders(ranking.ranked)
  return (
    <Section title={t('incidents.weighing.standing')} id="standing">
      <p>
        {leading.length === 1
          ? t('incidents.weighing.one-leads', { hypothesis: hypothesis(leading[0] ?? '')?.number ?? 0 })
          : t('incidents.weighing.none-leads')}
      </p>
      <Table
        caption={t('incidents.weighing.least-contradicted')}
        numeric={[2, 3]}
        head={[
          t('incidents.weighing.place'),
          t('incidents.weighing.hypothesis'),
          t('incidents.weighing.against'),
          t('incidents.weighing.for'),
        ]}
        rows={ranking.ranked.map((one) => [
          String(one.place),
          <>
            {t('incidents.hypothesis-short', { number: hypothesis(one.hypothesis)?.number ?? 0 })}{' '}
            <bdi>{hypothesis(one.hypothesis)?.words}</bdi>
          </>,
          String(one.points),
          String(one.support),
        ])}
      />
      <ul>
        {ranking.decisive.flatMap((one) => {
          const found = item(one.evidence)
          if (!found) return []
          const others = formatList(
            one.leading.map((id) => t('incidents.hypothesis-short', { number: hypothesis(id)?.number ?? 0 })),
            language,
          )
          return [
            <li key={one.evidence}>
              {t('incidents.weighing.decisive', { number: found.number, hypotheses: others })}
            </li>,
          ]
        })}
        {ranking.decisive.length === 0 && evidence.length > 0 && <li>{t('incidents.weighing.not-decisive')}</li>}
        {ranking.excluded.length > 0 && (
          <li>
            {t('incidents.weighing.excluded', { items: items(ranking.excluded), count: ranking.excluded.length })}
          </li>
        )}
        {ranking.undiagnostic.length > 0 && (
          <li>
            {t('incidents.weighing.undiagnostic', {
              items: items(ranking.undiagnostic),
              count: ranking.undiagnostic.length,
            })}
          </li>
        )}
      </ul>
      <Quiet small>{t('incidents.weighing.people-judge')}</Quiet>
    </Section>
  )
}

function Course({ visit, loaded: { weighing } }: Props) {
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
        head={[t('incidents.course.assessment'), ...hypotheses.map((one) => short(visit, one))]}
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

function History({ visit, loaded: { weighing, names } }: Props) {
  const { t } = visit
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
                {assessmentWords(visit, one, numberOf(one.hypothesis))} <bdi>{one.why}</bdi>
              </p>
              {overtook && (
                <p>
                  <strong>{t('incidents.weighing.overtakes', { hypothesis: numberOf(overtook) })}</strong>
                </p>
              )}
              <Signed visit={visit} by={names.get(one.by) ?? one.by} at={one.at} />
            </li>
          )
        })}
      </ol>
    </Section>
  )
}

type Course = { ranking: LoadedIncident['weighing']['ranking']['ranked'] }

/** The hypothesis that leads now and did not lead alone before; undefined where the lead is the same or shared. */
export function overtaking(before: Course | undefined, after: Course): string | undefined {
  if (!before) return undefined
  const [leader, ...more] = leaders(after.ranking)
  const then = leaders(before.ranking)
  return leader !== undefined && more.length === 0 && !(then.length === 1 && then[0] === leader) ? leader : undefined
}

function HypothesisForm({ visit, loaded: { incident }, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'hypotheses')
  return (
    <Section title={t('incidents.weighing.add-hypothesis')} id="add-hypothesis">
      <Form action={`/incidents/${incident.id}/hypotheses`}>
        <Hidden name="id" value={newId()} />
        <TextArea
          name="statement"
          label={t('incidents.weighing.hypothesis')}
          hint={t('incidents.weighing.hypothesis-hint')}
          rows={2}
          value={value('statement')}
          error={error('statement')}
          required
          maxlength={600}
        />
        <Button plain label={t('incidents.weighing.add-hypothesis')} />
      </Form>
    </Section>
  )
}

function GradeFields({
  visit,
  hypotheses,
  value,
  error,
  item,
}: {
  visit: Visit
  hypotheses: readonly Hypothesis[]
  value: (name: string, otherwise?: string) => string
  error: (name: string) => string | undefined
  item?: Evidence
}) {
  const { t } = visit
  return (
    <>
      <Select
        name="reliability"
        label={t('incidents.weighing.reliability')}
        value={value('reliability', item?.reliability)}
        error={error('reliability')}
        required
        placeholder={t('incidents.write.choose')}
        options={reliabilities.map((one) => ({ value: one, label: `${one} · ${t(`incidents.reliability.${one}`)}` }))}
      />
      <Select
        name="credibility"
        label={t('incidents.weighing.credibility')}
        value={value('credibility', item?.credibility)}
        error={error('credibility')}
        required
        placeholder={t('incidents.write.choose')}
        options={credibilities.map((one) => ({ value: one, label: `${one} · ${t(`incidents.credibility.${one}`)}` }))}
      />
      {hypotheses.map((one) => (
        <Select
          key={one.id}
          name={`mark-${one.number}`}
          label={t('incidents.weighing.mark-for', { number: one.number })}
          value={value(`mark-${one.number}`, item?.marks[one.id] ?? 'na')}
          error={error(`mark-${one.number}`)}
          options={consistencies.map((mark) => ({ value: mark, label: t(`incidents.consistency.${mark}`) }))}
        />
      ))}
    </>
  )
}

function EvidenceForm({ visit, loaded: { incident, weighing }, returned }: Props) {
  const { t, viewer } = visit
  const { value, error } = returnedTo(returned, 'evidence')
  return (
    <Section title={t('incidents.weighing.add-evidence')} id="add-evidence">
      <Form action={`/incidents/${incident.id}/evidence`}>
        <Hidden name="id" value={newId()} />
        <TextArea
          name="words"
          label={t('incidents.weighing.item')}
          rows={3}
          value={value('words')}
          error={error('words')}
          required
          maxlength={1000}
        />
        <Field
          name="source"
          label={t('incidents.weighing.source')}
          hint={t('incidents.weighing.source-hint')}
          value={value('source')}
          error={error('source')}
          required
          maxlength={300}
        />
        <GradeFields visit={visit} hypotheses={weighing.hypotheses} value={value} error={error} />
        <Field
          name="stixId"
          label={t('incidents.weighing.object')}
          hint={t('incidents.weighing.object-hint')}
          value={value('stixId')}
          error={error('stixId')}
          required={false}
          maxlength={300}
        />
        <Select
          name="tlp"
          label={t('incidents.open.marking')}
          value={value('tlp', 'AMBER')}
          error={error('tlp')}
          options={tlpOptions(t, viewer.ceiling)}
        />
        <Button plain label={t('incidents.weighing.add-evidence')} />
      </Form>
    </Section>
  )
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
      <WhatIsWrong returned={returned} labels={labelsOf(visit, weighing.hypotheses)} />
      <Form action={`/incidents/${incident.id}/evidence/${item.id}/grade`} label={title}>
        <GradeFields visit={visit} hypotheses={weighing.hypotheses} value={value} error={error} item={item} />
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

/** Names of the fields, for the summary of what needs correcting. */
function labelsOf({ t }: Visit, hypotheses: readonly Hypothesis[]): Record<string, string> {
  return {
    statement: t('incidents.weighing.hypothesis'),
    words: t('incidents.weighing.item'),
    source: t('incidents.weighing.source'),
    reliability: t('incidents.weighing.reliability'),
    credibility: t('incidents.weighing.credibility'),
    stixId: t('incidents.weighing.object'),
    tlp: t('incidents.open.marking'),
    hypothesis: t('incidents.weighing.hypothesis'),
    probability: t('incidents.weighing.probability'),
    confidence: t('incidents.weighing.confidence'),
    why: t('incidents.weighing.why'),
    ...Object.fromEntries(
      hypotheses.map((one) => [`mark-${one.number}`, t('incidents.weighing.mark-for', { number: one.number })]),
    ),
  }
}

function AssessmentForm({ visit, loaded: { incident, weighing }, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'assessments')
  return (
    <Section title={t('incidents.weighing.assess')} id="assess">
      <Form action={`/incidents/${incident.id}/assessments`}>
        <Hidden name="id" value={newId()} />
        <Select
          name="hypothesis"
          label={t('incidents.weighing.hypothesis')}
          value={value('hypothesis')}
          error={error('hypothesis')}
          required
          placeholder={t('incidents.write.choose')}
          options={weighing.hypotheses.map((one) => ({ value: one.id, label: `${short(visit, one)} ${one.words}` }))}
        />
        <Select
          name="probability"
          label={t('incidents.weighing.probability')}
          hint={t('incidents.weighing.probability-hint')}
          value={value('probability')}
          error={error('probability')}
          required
          placeholder={t('incidents.write.choose')}
          options={probabilitySchemes.flatMap((scheme) =>
            scheme.words.map((one) => ({
              value: `${scheme.id}:${one.word}`,
              label: t('incidents.weighing.word-in-scheme', {
                word: t(`incidents.probability.${one.word}`),
                from: one.from,
                to: one.to,
                scheme: scheme.name,
              }),
            })),
          )}
        />
        <Select
          name="confidence"
          label={t('incidents.weighing.confidence')}
          hint={t('incidents.weighing.confidence-hint')}
          value={value('confidence')}
          error={error('confidence')}
          required
          placeholder={t('incidents.write.choose')}
          options={confidenceLevels.map((one) => ({ value: one, label: t(`incidents.confidence.${one}`) }))}
        />
        <TextArea
          name="why"
          label={t('incidents.weighing.why')}
          rows={4}
          value={value('why')}
          error={error('why')}
          required
          maxlength={2000}
        />
        <Button label={t('incidents.weighing.assess')} />
      </Form>
    </Section>
  )
}
