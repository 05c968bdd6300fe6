import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime, formatList } from '../../../text/index.ts'
import { Button, CheckboxGroup, Form, Hidden, Paper, Quiet, Section, Table, TextArea } from '../../../web/index.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import { languageText, StateWords } from '../pages/parts.tsx'
import type { Line, Wording } from '../read-lines.ts'
import { clearedAs } from '../standing.ts'
import type { SecondPerson } from './who-clears.ts'

interface Props {
  visit: Visit
  incident: Incident
  line: Line
  said: Wording
  people: readonly SecondPerson[]
  /** Whether a second person is what is missing, and this person may ask for one. */
  mayAsk: boolean
  returned?: Returned | undefined
}

/** Who can be the second person for a line now, how each is reached, and the form that asks them. */
export function WhoPage(props: Props) {
  const { visit, incident, line, said, people, mayAsk, returned } = props
  const { t } = visit
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('lines.who.title')}
      lead={t('lines.who.lead')}
      back={{ href: `/incidents/${incident.id}/lines/${line.id}`, label: t('lines.who.back') }}
    >
      <WhatIsWrong returned={returned} />
      <Paper>
        <p dir="auto" lang={said.language}>
          {said.words}
        </p>
      </Paper>
      <p>
        {languageText(visit, said.language)}: <StateWords visit={visit} line={line} language={said.language} />
      </p>
      <Section title={t('lines.who.people')} id="people">
        {people.length === 0 ? <Nobody visit={visit} /> : <People visit={visit} people={people} />}
      </Section>
      {mayAsk && people.length > 0 && <AskForm {...props} />}
      {!mayAsk && people.length > 0 && <Quiet>{t('lines.who.nothing-to-ask')}</Quiet>}
    </RecordFrame>
  )
}

function Nobody({ visit: { t, viewer } }: Pick<Props, 'visit'>) {
  return (
    <>
      <p>
        <strong>{t('lines.who.nobody')}</strong>
      </p>
      {viewer.may('powers:manage') && (
        <p>
          <a href="/powers">{t('administration.powers.title')}</a>
        </p>
      )}
    </>
  )
}

function People({ visit, people }: Pick<Props, 'visit' | 'people'>) {
  const { t, viewer, language } = visit
  const isAnybodyOn = people.some(({ duty }) => duty)
  return (
    <>
      {!isAnybodyOn && <p>{t('lines.who.nobody-on-duty')}</p>}
      <Table
        caption={t('lines.who.people')}
        quietCaption
        cards
        head={[t('lines.who.name'), t('lines.who.office'), t('lines.who.duty'), t('lines.who.ways')]}
        rows={people.map(({ name, offices, duty, ways }) => [
          <bdi>{name}</bdi>,
          formatList(
            offices.map((one) => one.name[language] ?? one.name.en ?? one.id),
            language,
          ),
          dutyWords(duty),
          ways.length === 0
            ? t('lines.who.way.none')
            : formatList(
                ways.map((way) => t(`lines.who.way.${way}`)),
                language,
              ),
        ])}
      />
    </>
  )

  function dutyWords(duty: SecondPerson['duty']): string {
    if (!duty) return t('lines.who.off')
    const until = duty.untilAt === undefined ? '' : formatDateTime(duty.untilAt, viewer.person.zone, language)
    return t(until === '' ? 'lines.who.on' : 'lines.who.on-until', { until })
  }
}

function AskForm({ visit, incident, line, said, people, returned }: Props) {
  const { t } = visit
  const { value, values, error } = returnedTo(returned, 'ask')
  const onDuty = people.filter(({ duty }) => duty).map(({ person }) => person)
  return (
    <Section title={t('lines.who.ask')} id="ask">
      <Form action={`/incidents/${incident.id}/lines/${line.id}/ask`} label={t('lines.who.ask')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="language" value={said.language} />
        <Hidden name="seen" value={clearedAs(line, said)} />
        <CheckboxGroup
          name="people"
          label={t('lines.field.people')}
          hint={t('lines.field.people-hint')}
          error={error('people')}
          required
          values={values('people', onDuty.length > 0 ? onDuty : people.map(({ person }) => person))}
          options={people.map(({ person, name, duty }) => ({
            value: person,
            label: t('lines.asked.person', { name, duty: duty ? 'yes' : 'no' }),
          }))}
        />
        <TextArea
          name="askWhy"
          label={t('lines.field.askWhy')}
          hint={t('lines.field.askWhy-hint')}
          rows={2}
          value={value('askWhy')}
          error={error('askWhy')}
          required
          maxlength={1_000}
        />
        <Button label={t('lines.who.do')} />
      </Form>
    </Section>
  )
}
