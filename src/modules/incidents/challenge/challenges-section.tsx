import type { ComponentChildren } from 'preact'
import { endOfDay } from '../../../core/clocks/index.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate } from '../../../text/index.ts'
import { Button, Field, Form, Hidden, Quiet, RadioGroup, Section, Select, TextArea } from '../../../web/index.ts'
import { returnedTo, Signed } from '../../frame/index.ts'
import type { AssessmentProps } from './assessment-props.ts'
import { assumptionRows } from './challenge-inputs.ts'
import { assumptionFindings, type Challenge, challengeMethods, outcomesOpenTo } from './challenges.ts'

/** What an assessment was put to, by whom, what came of it, and the form that asks somebody. */
export function ChallengesSection(props: AssessmentProps) {
  const { visit, loaded, challenges } = props
  const { t, viewer } = visit
  const mayAsk = viewer.may('incidents:draft') && loaded.incident.state !== 'closed'
  return (
    <Section title={t('weighing.challenge.title')} id="challenge">
      {challenges.length === 0 && <Quiet>{t('weighing.challenge.none')}</Quiet>}
      {challenges.length > 0 && (
        <ol>
          {challenges.map((one) => (
            <li key={one.id} id={`challenge-${one.id}`}>
              <Asked {...props} one={one} />
              {one.end && <Minuted {...props} end={one.end} />}
              {loaded.incident.state !== 'closed' && <MinuteForm {...props} one={one} />}
            </li>
          ))}
        </ol>
      )}
      {mayAsk && <AskForm {...props} />}
    </Section>
  )
}

const nameIn = ({ loaded, people }: AssessmentProps, id: string) =>
  loaded.names.get(id) ?? people.find((one) => one.id === id)?.name ?? id

function Asked(props: AssessmentProps & { one: Challenge }): ComponentChildren {
  const { visit, one } = props
  const { t, language, viewer, services } = visit
  const dueAt = endOfDay(one.dueOn, viewer.person.zone)
  const day = formatDate(dueAt, viewer.person.zone, language)
  const isLate = !one.end && dueAt < services.clock.now()
  return (
    <>
      <p>
        <strong>{t(`weighing.challenge.method-${one.method}`)}</strong>{' '}
        {t(isLate ? 'weighing.challenge.late' : 'weighing.challenge.asked-by-day', {
          name: nameIn(props, one.asked),
          day,
        })}{' '}
        <bdi>{one.task}</bdi>
      </p>
      <Signed visit={visit} by={nameIn(props, one.by)} at={one.at} />
    </>
  )
}

function Minuted(props: AssessmentProps & { end: NonNullable<Challenge['end']> }) {
  const { visit, end } = props
  const { t } = visit
  return (
    <>
      <p>
        <strong>{t(`weighing.challenge.outcome-${end.outcome}`)}</strong> <bdi>{end.words}</bdi>
      </p>
      {end.assumptions.length > 0 && (
        <ul>
          {end.assumptions.map(({ words, finding }) => (
            <li key={words}>
              <bdi>{words}</bdi>
              {finding !== '' && `: ${t(`weighing.challenge.finding-${finding}`)}`}
            </li>
          ))}
        </ul>
      )}
      <Signed visit={visit} by={nameIn(props, end.by)} at={end.at} />
    </>
  )
}

function MinuteForm({ visit, loaded, assessment, returned, one }: AssessmentProps & { one: Challenge }) {
  const { t, viewer } = visit
  const outcomes = outcomesOpenTo(viewer, one)
  const { value, error } = returnedTo(returned, `challenge-${one.id}`)
  if (outcomes.length === 0) return null
  const checksAssumptions = one.method === 'key-assumptions-check' && one.asked === viewer.person.id
  return (
    <Form
      action={`/incidents/${loaded.incident.id}/assessments/${assessment.id}/challenges/${one.id}/minute`}
      label={t('weighing.challenge.minute')}
    >
      <h3>{t('weighing.challenge.minute')}</h3>
      {checksAssumptions && (
        <>
          <Quiet>{t('weighing.challenge.assumptions-hint')}</Quiet>
          {Array.from({ length: assumptionRows }, (_, at) => at + 1).map((at) => (
            <div key={at}>
              <Field
                name={`assumption-${at}`}
                label={t('weighing.challenge.assumption', { number: at })}
                value={value(`assumption-${at}`)}
                error={error(`assumption-${at}`)}
                required={false}
                maxlength={600}
                width="long"
              />
              <Select
                name={`finding-${at}`}
                label={t('weighing.challenge.finding', { number: at })}
                value={value(`finding-${at}`)}
                error={error(`finding-${at}`)}
                options={[
                  { value: '', label: t('weighing.challenge.no-finding') },
                  ...assumptionFindings.map((one) => ({ value: one, label: t(`weighing.challenge.finding-${one}`) })),
                ]}
              />
            </div>
          ))}
        </>
      )}
      <RadioGroup
        name="outcome"
        label={t('weighing.challenge.outcome')}
        value={value('outcome') || undefined}
        error={error('outcome')}
        required
        options={outcomes.map((one) => ({ value: one, label: t(`weighing.challenge.outcome-${one}`) }))}
      />
      <TextArea
        name="words"
        label={t('weighing.challenge.minutes')}
        rows={4}
        value={value('words')}
        error={error('words')}
        required
        maxlength={8000}
      />
      <Button plain label={t('weighing.challenge.minute')} />
    </Form>
  )
}

function AskForm({ visit, loaded, assessment, people, returned }: AssessmentProps) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'challenges')
  return (
    <Form
      action={`/incidents/${loaded.incident.id}/assessments/${assessment.id}/challenges`}
      label={t('weighing.challenge.ask')}
    >
      <h3>{t('weighing.challenge.ask')}</h3>
      <Hidden name="id" value={newId()} />
      <Select
        name="method"
        label={t('weighing.challenge.method')}
        value={value('method')}
        error={error('method')}
        required
        placeholder={t('incidents.write.choose')}
        options={challengeMethods.map((one) => ({
          value: one,
          label: `${t(`weighing.challenge.method-${one}`)}: ${t(`weighing.challenge.about-${one}`)}`,
        }))}
      />
      <Select
        name="asked"
        label={t('weighing.challenge.asked')}
        hint={t('weighing.challenge.asked-hint')}
        value={value('asked')}
        error={error('asked')}
        required
        placeholder={t('incidents.write.choose')}
        options={people.filter(({ id }) => id !== assessment.by).map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Field
        name="dueOn"
        type="date"
        label={t('weighing.challenge.due')}
        value={value('dueOn')}
        error={error('dueOn')}
        required
      />
      <TextArea
        name="task"
        label={t('weighing.challenge.task')}
        rows={3}
        value={value('task')}
        error={error('task')}
        required
        maxlength={2000}
      />
      <Button plain label={t('weighing.challenge.ask')} />
    </Form>
  )
}
