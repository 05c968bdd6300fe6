import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatNumber } from '../../../text/index.ts'
import {
  Button,
  ErrorSummary,
  Field,
  Form,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Table,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { PlannedFile } from '../register/filing.ts'
import { fileTitle } from '../register/register-words.ts'
import type { Transfer } from './transfer.ts'
import { archiveCeilings } from './transfer-facts.ts'

interface Props {
  visit: Visit<unknown>
  transfers: readonly Transfer[]
  /** Classes that go to the archives. */
  files: readonly PlannedFile[]
  errors?: Record<string, string>
}

/** Packages for archives, newest first, and the form that begins one. */
export function TransfersPage({ visit, transfers, files, errors }: Props) {
  const { t, language, viewer } = visit
  const title = t('channels.transfer.title')
  const typed = (name: string, otherwise = '') => {
    const value = visit.values?.[name] ?? visit.query.get(name)
    return typeof value === 'string' ? value : otherwise
  }
  const field = (name: string) => ({
    name,
    label: t(`channels.transfer.field.${name}`),
    hint: t(`channels.transfer.hint.${name}`),
    value: typed(name),
    error: errors?.[name],
  })
  return (
    <Framed visit={visit} title={title} current="/register">
      <PageHead title={title} lead={t('channels.transfer.lead')} />
      {viewer.may('register.transfer:draft') && (
        <Section title={t('channels.transfer.begin')}>
          <ErrorSummary
            errors={errors}
            labels={Object.fromEntries(
              ['code', 'from', 'to', 'archive', 'ceiling'].map((name) => [name, t(`channels.transfer.field.${name}`)]),
            )}
          />
          <Form action="/register/transfers/plan" method="get" label={t('channels.transfer.begin')}>
            <Select
              {...field('code')}
              required
              options={files.map((one) => ({ value: one.code, label: `${one.code} ${fileTitle(one, t)}` }))}
            />
            <Field {...field('from')} type="date" required={false} />
            <Field {...field('to')} type="date" required={false} />
            <Field {...field('archive')} maxlength={200} required />
            <Select
              {...field('ceiling')}
              value={typed('ceiling', 'GREEN')}
              options={archiveCeilings.map((one) => ({ value: one, label: `TLP:${one}` }))}
            />
            <Row>
              <Button label={t('channels.transfer.show-plan')} />
            </Row>
          </Form>
        </Section>
      )}
      <Section title={t('channels.transfer.packages')}>
        {transfers.length === 0 ? (
          <Quiet>{t('channels.transfer.none')}</Quiet>
        ) : (
          <Table
            caption={t('channels.transfer.packages')}
            quietCaption
            head={['archive', 'code', 'ceiling', 'documents', 'state', 'proposed'].map((name) =>
              t(`channels.transfer.column.${name}`),
            )}
            numeric={[3]}
            rows={transfers.map((one) => [
              <a href={`/register/transfers/${one.id}`}>
                <bdi>{one.archive}</bdi>
              </a>,
              one.code,
              <TlpLabel marking={{ tlp: one.ceiling }} />,
              formatNumber(one.total, language),
              t(`channels.transfer.state.${one.state}`),
              formatDateTime(one.proposedBy.at, viewer.person.zone, language, { short: true }),
            ])}
          />
        )}
      </Section>
    </Framed>
  )
}
