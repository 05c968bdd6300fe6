import type { Visit } from '../../../core/module/types.ts'
import { Button, ErrorSummary, Field, Form, PageHead, Row, Section, Select, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { disposals } from './file-plan.ts'
import type { FileClass } from './filing.ts'
import { fileTitle } from './register-words.ts'

/** The file plan: codes, how long what lies under them is kept, and what is then decided. */
export function FilesPage({
  visit,
  files,
  errors,
}: {
  visit: Visit<unknown>
  files: readonly FileClass[]
  errors?: Record<string, string>
}) {
  const { t, viewer } = visit
  const title = t('channels.register.files')
  const typed = errors ? (visit.values ?? {}) : {}
  const field = (name: string) => ({
    name,
    label: t(`channels.register.plan-field.${name}`),
    value: typeof typed[name] === 'string' ? String(typed[name]) : '',
    error: errors?.[name],
  })
  return (
    <Framed visit={visit} title={title} current="/register">
      <PageHead title={title} lead={t('channels.register.files-lead')} />
      <Table
        caption={title}
        quietCaption
        head={['code', 'title', 'years', 'disposal', 'documents'].map((name) =>
          t(`channels.register.plan-field.${name}`),
        )}
        rows={files.map((one) => [
          <a href={`/register?code=${encodeURIComponent(one.code)}`}>{one.code}</a>,
          fileTitle(one, t),
          one.years === null ? t('channels.register.for-ever') : String(one.years),
          t(`channels.register.disposal.${one.disposal}`),
          String(one.documents),
        ])}
        numeric={[2, 4]}
      />
      {viewer.may('register.plan:release') && (
        <Section title={t('channels.register.plan-change')}>
          <ErrorSummary
            errors={errors}
            labels={Object.fromEntries(
              Object.keys(errors ?? {}).map((name) => [name, t(`channels.register.plan-field.${name}`)]),
            )}
          />
          <Form action="/register/files" label={t('channels.register.plan-change')}>
            <Field {...field('code')} width="short" maxlength={20} required />
            <Field {...field('title')} maxlength={200} required />
            <Field
              {...field('years')}
              hint={t('channels.register.plan-field.years-hint')}
              inputmode="numeric"
              width="short"
              required={false}
            />
            <Select
              {...field('disposal')}
              options={disposals.map((one) => ({ value: one, label: t(`channels.register.disposal.${one}`) }))}
            />
            <Row>
              <Button label={t('channels.register.plan-do')} />
            </Row>
          </Form>
        </Section>
      )}
    </Framed>
  )
}
