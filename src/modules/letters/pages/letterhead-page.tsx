import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime, languageName, languages } from '../../../text/index.ts'
import { Button, ErrorSummary, Field, Form, Hidden, PageHead, Quiet, Row, TextArea } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { NotedLetterhead } from '../letterhead.ts'

/** What stands at the head of our letters beside the names we signed in our register. */
export function LetterheadPage({
  visit,
  letterhead,
  errors = {},
}: {
  visit: Visit<unknown>
  letterhead?: NotedLetterhead
  errors?: Record<string, string>
}) {
  const { t, language, services, viewer, values = {} } = visit
  const title = t('letters.letterhead.title')
  const value = (name: string, otherwise = '') => String(values[name] ?? otherwise)
  return (
    <Framed visit={visit} title={title} current="/letters">
      <PageHead title={title} lead={t('letters.letterhead.lead')} />
      <ErrorSummary errors={errors} labels={{ lines: t('letters.letterhead.lines') }} />
      <p>
        {t('letters.letterhead.names', {
          names: Object.values(services.partyName).join(' · ') || services.party,
        })}
      </p>
      <Form action="/letters/letterhead" label={title}>
        <Hidden name="id" value={newId()} />
        {languages().map((one) => (
          <Field
            key={one}
            name={`place-${one}`}
            label={t('letters.letterhead.place', { language: languageName(one) })}
            value={value(`place-${one}`, letterhead?.place[one])}
            error={errors[`place-${one}`]}
            required={false}
            maxlength={100}
            language={one}
          />
        ))}
        <TextArea
          name="lines"
          label={t('letters.letterhead.lines')}
          hint={t('letters.letterhead.lines-hint')}
          value={value('lines', letterhead?.lines.join('\n'))}
          error={errors.lines}
          rows={4}
          required={false}
          maxlength={600}
        />
        <Row>
          <Button label={t('letters.letterhead.save')} />
        </Row>
      </Form>
      {letterhead && (
        <Quiet small>
          {t('letters.letterhead.noted', {
            person: letterhead.by,
            time: formatDateTime(letterhead.at, viewer.person.zone, language),
          })}
        </Quiet>
      )}
    </Framed>
  )
}
