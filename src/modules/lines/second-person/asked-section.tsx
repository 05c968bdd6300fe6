import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Button, Form, Hidden, Quiet, RadioGroup, Section, TextArea } from '../../../web/index.ts'
import { type Returned, returnedTo, Signature } from '../../frame/index.ts'
import { languageText } from '../pages/parts.tsx'
import type { Line } from '../read-lines.ts'
import { requestState, type SecondRequest } from './requests.ts'
import { answers } from './tables.ts'

interface Props {
  visit: Visit
  line: Line
  requests: readonly SecondRequest[]
  nameOf(person: string): string
  returned?: Returned | undefined
}

/** Who was asked to be the second person for this line, by whom and why, what they said, and what came of it. */
export function AskedSection(props: Props) {
  const { visit, requests } = props
  if (requests.length === 0) return null
  return (
    <Section title={visit.t('lines.asked.title')} id="asked">
      {requests.map((request) => (
        <Asked key={request.id} {...props} request={request} />
      ))}
    </Section>
  )
}

function Asked({ visit, line, request, nameOf, returned }: Props & { request: SecondRequest }) {
  const { t, services, viewer, language } = visit
  const state = requestState(line, request, services.clock.now())
  const mine = request.people.find(({ person }) => person === viewer.person.id)
  const mayAnswer = state === 'open' && mine !== undefined && mine.answer?.answer !== 'cannot'
  return (
    <>
      <p>
        {languageText(visit, request.language)} · <bdi>{request.why}</bdi>{' '}
        <Signature visit={visit} by={nameOf(request.by)} at={request.at} /> ·{' '}
        <strong>{t(`lines.asked.${state}`)}</strong>
      </p>
      <ul>
        {request.people.map(({ person, onDuty, answer }) => (
          <li key={person}>
            {t('lines.asked.person', { name: nameOf(person), duty: onDuty ? 'yes' : 'no' })}{' '}
            {answer ? (
              <>
                {t(`lines.asked.answer.${answer.answer}`)} {answer.words !== '' && <bdi>{answer.words}</bdi>}{' '}
                {formatDateTime(answer.at, viewer.person.zone, language)}
              </>
            ) : (
              t(`lines.asked.${state === 'open' ? 'no-answer-yet' : 'no-answer'}`)
            )}
          </li>
        ))}
      </ul>
      {mayAnswer && <AnswerForm visit={visit} line={line} request={request} returned={returned} />}
    </>
  )
}

function AnswerForm({
  visit,
  line,
  request,
  returned,
}: Pick<Props, 'visit' | 'line' | 'returned'> & { request: SecondRequest }) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'answer')
  return (
    <Form action={`/incidents/${line.incident}/lines/${line.id}/answer`} label={t('lines.asked.answer-it')}>
      <Quiet>{t('lines.asked.clear-above')}</Quiet>
      <Hidden name="id" value={newId()} />
      <Hidden name="request" value={request.id} />
      <RadioGroup
        name="answer"
        label={t('lines.field.answer')}
        value={value('answer', 'coming')}
        error={error('answer')}
        required
        options={answers.map((one) => ({ value: one, label: t(`lines.asked.answer.${one}`) }))}
      />
      <TextArea
        name="answerWords"
        label={t('lines.field.answerWords')}
        hint={t('lines.field.answerWords-hint')}
        rows={2}
        value={value('answerWords')}
        error={error('answerWords')}
        required={false}
        maxlength={1_000}
      />
      <Button label={t('lines.asked.answer-it')} />
    </Form>
  )
}
