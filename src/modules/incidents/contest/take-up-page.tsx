import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, ErrorSummary, Form, Hidden, PageHead, Paper, Quiet, Select, TextArea } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { IncidentProse } from '../acts.ts'
import type { Incident } from '../incident.ts'
import type { ContestRow } from '../queries.ts'
import { AtHome } from '../pages/parts.tsx'

interface Props {
  visit: Visit
  contest: ContestRow
  text?: IncidentProse
  incidents: Incident[]
  values: Record<string, unknown>
  errors: Record<string, string>
}

/** Takes what the other side contests into an incident, as a contested fact in our own words. */
export function TakeUpPage({ visit, contest, text, incidents, values, errors }: Props) {
  const { t, services, language } = visit
  const value = (name: string, otherwise = '') =>
    typeof values[name] === 'string' ? (values[name] as string) : otherwise
  return (
    <Framed
      visit={visit}
      title={t('incidents.take-up.title')}
      current="/incidents"
      drill={incidents.every((one) => one.drill) && incidents.length > 0 ? t('incidents.title') : undefined}
    >
      <PageHead
        form={services.nameOf(contest.author, language)}
        title={t('incidents.take-up.title')}
        lead={t(`incidents.ground.${contest.ground}`)}
      />
      {text && (
        <Paper>
          <h2 dir="auto">{text.subject}</h2>
          {text.paragraphs.map((one, at) => (
            <p key={at} dir="auto">
              {one}
            </p>
          ))}
        </Paper>
      )}
      <AtHome visit={visit} />
      <ErrorSummary
        errors={errors}
        labels={{ incident: t('incidents.take-up.incident'), words: t('incidents.take-up.words') }}
      />
      {incidents.length === 0 ? (
        <Quiet>{t('incidents.take-up.no-incident')}</Quiet>
      ) : (
        <Form action={`/incidents/contests/${contest.hash}/take-up`}>
          <Hidden name="id" value={value('id', newId())} />
          <Select
            name="incident"
            label={t('incidents.take-up.incident')}
            value={value('incident', incidents[0]?.id)}
            error={errors.incident}
            required
            options={incidents.map((one) => ({ value: one.id, label: `${one.codeName} · ${one.title}` }))}
          />
          <TextArea
            name="words"
            label={t('incidents.take-up.words')}
            rows={3}
            value={value('words', text?.subject)}
            error={errors.words}
            required
            maxlength={1000}
          />
          <Button label={t('incidents.action.take-up')} />
        </Form>
      )}
    </Framed>
  )
}
