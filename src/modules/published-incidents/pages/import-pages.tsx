import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime, formatNumber, formatSize } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Details,
  ErrorSummary,
  Field,
  FileField,
  Form,
  Hidden,
  LinkButton,
  LiveRegion,
  PageHead,
  Pairs,
  Quiet,
  Row,
  Section,
  Table,
  Trouble,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { type Batch, unreadOf } from '../batches.ts'
import { topicOf } from '../import-batch.ts'
import type { Preview } from '../keep-batch.ts'
import type { Problem } from '../read-set.ts'
import { fileKinds } from '../vocabulary.ts'
import { Published } from './parts.tsx'

interface ImportsProps {
  visit: Visit<any>
  batches: readonly Batch[]
  names: ReadonlyMap<string, string>
  mostBytes: number
  errors?: Record<string, string>
}

const said = ['name', 'edition', 'source', 'licence'] as const

/** Every import with what became of it, and the form for a new one. */
export function ImportsPage({ visit, batches, names, mostBytes, errors = {} }: ImportsProps) {
  const { t, values = {}, language, viewer } = visit
  const title = t('published-incidents.imports.title')
  const value = (name: string) => (typeof values[name] === 'string' ? values[name] : '')
  const labels = Object.fromEntries(
    [...said, ...fileKinds].map((name) => [name, t(`published-incidents.imports.${name}`)]),
  )
  return (
    <Framed visit={visit} title={title} current="/incidents">
      <PageHead
        title={title}
        lead={t('published-incidents.imports.lead')}
        actions={<LinkButton plain href="/published-incidents" label={t('published-incidents.title')} />}
      />
      <ErrorSummary errors={errors} labels={labels} />
      <Section title={t('published-incidents.imports.new')}>
        <Form action="/published-incidents/imports" enctype="multipart/form-data">
          <Hidden name="id" value={newId()} />
          {said.map((name) => (
            <Field
              key={name}
              name={name}
              label={labels[name]}
              hint={t(`published-incidents.imports.${name}-hint`)}
              value={value(name)}
              error={errors[name]}
              required
              maxlength={name === 'edition' ? 40 : 300}
            />
          ))}
          {fileKinds.map((kind) => (
            <FileField
              key={kind}
              name={kind}
              label={labels[kind]}
              error={errors[kind]}
              required={kind === 'incidents'}
              hint={t('published-incidents.imports.file-hint', { size: formatSize(mostBytes, language) })}
              accept=".csv,text/csv"
            />
          ))}
          <Button label={t('published-incidents.imports.do')} />
        </Form>
      </Section>
      <Section title={t('published-incidents.imports.all')}>
        {batches.length === 0 ? (
          <Quiet>{t('published-incidents.imports.none')}</Quiet>
        ) : (
          <Table
            caption={t('published-incidents.imports.all')}
            quietCaption
            numeric={[3, 4]}
            head={['set', 'state', 'by', 'read', 'unread'].map((name) =>
              t(`published-incidents.imports.column.${name}`),
            )}
            rows={batches.map((one) => [
              <a href={`/published-incidents/imports/${one.id}`}>
                <Published>
                  {one.name} {one.edition}
                </Published>
              </a>,
              t(`published-incidents.state.${one.state}`),
              <>
                <bdi>{names.get(one.by) ?? one.by}</bdi> ·{' '}
                {formatDateTime(one.at, viewer.person.zone, language, { short: true })}
              </>,
              formatNumber(
                one.files.reduce((sum, { read }) => sum + read, 0),
                language,
              ),
              formatNumber(unreadOf(one.files), language),
            ])}
          />
        )}
      </Section>
    </Framed>
  )
}

interface BatchProps {
  visit: Visit<any>
  batch: Batch
  names: ReadonlyMap<string, string>
  preview?: Preview
  problems: readonly Problem[]
  from: number
}

export const problemsPerPage = 100

/** One import: how far it is, what it would change, what could not be understood; kept or removed here. */
export function BatchPage(props: BatchProps) {
  const { visit, batch } = props
  const { t } = visit
  const title = `${batch.name} ${batch.edition}`
  return (
    <Framed visit={visit} title={title} current="/incidents">
      <PageHead
        form={t('published-incidents.imports.one')}
        title={<Published>{title}</Published>}
        lead={t(`published-incidents.state-explained.${batch.state}`)}
        actions={
          <LinkButton plain href="/published-incidents/imports" label={t('published-incidents.imports.title')} />
        }
      />
      <LiveRegion topic={topicOf(batch.id)} id="batch">
        <Course {...props} />
        <Decision {...props} />
        <Report {...props} />
      </LiveRegion>
    </Framed>
  )
}

function Course({ visit, batch, names }: BatchProps) {
  const { t, viewer, language } = visit
  const at = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const who = (id: string) => <bdi>{names.get(id) ?? id}</bdi>
  return (
    <>
      {batch.state === 'reading' && (
        <p>
          <progress
            max={Math.max(1, batch.rowsAll)}
            value={batch.rowsDone}
            aria-label={t('published-incidents.imports.progress')}
          />{' '}
          {t('published-incidents.imports.rows-done', {
            done: formatNumber(batch.rowsDone, language),
            all: formatNumber(batch.rowsAll, language),
          })}
        </p>
      )}
      <Pairs
        items={[
          { term: t('published-incidents.imports.source'), detail: <Published>{batch.source}</Published> },
          { term: t('published-incidents.imports.licence'), detail: <Published>{batch.licence}</Published> },
          {
            term: t('published-incidents.imports.column.by'),
            detail: (
              <>
                {who(batch.by)} · {at(batch.at)}
              </>
            ),
          },
          ...(batch.stoodAt === undefined
            ? []
            : [{ term: t('published-incidents.state.standing'), detail: at(batch.stoodAt) }]),
          ...(batch.endedBy === undefined || batch.endedAt === undefined
            ? []
            : [
                {
                  term: t(`published-incidents.state.${batch.state}`),
                  detail: (
                    <>
                      {who(batch.endedBy)} · {at(batch.endedAt)}
                    </>
                  ),
                },
              ]),
        ]}
      />
    </>
  )
}

function Decision({ visit, batch, preview }: BatchProps) {
  const { t, language } = visit
  const address = `/published-incidents/imports/${batch.id}`
  return (
    <>
      {preview && (
        <Section title={t('published-incidents.preview.title')}>
          <Table
            caption={t('published-incidents.preview.title')}
            quietCaption
            numeric={[1]}
            head={[t('published-incidents.preview.what'), t('published-incidents.preview.n')]}
            rows={(['fresh', 'changed', 'same', 'gone'] as const).map((name) => [
              t(`published-incidents.preview.${name}`),
              formatNumber(preview[name], language),
            ])}
          />
          {(['changed', 'gone', 'fresh'] as const).map((name) =>
            preview.examples[name].length === 0 ? null : (
              <Details key={name} summary={t(`published-incidents.preview.some-${name}`)}>
                <ul>
                  {preview.examples[name].map((one) => (
                    <li key={one.ref}>
                      <Published>
                        {one.ref} · {one.name}
                      </Published>
                    </li>
                  ))}
                </ul>
              </Details>
            ),
          )}
        </Section>
      )}
      <Row>
        {batch.state === 'read' && (
          <ButtonForm action={`${address}/keep`} label={t('published-incidents.imports.keep')} />
        )}
        {['reading', 'read', 'standing', 'failed'].includes(batch.state) && (
          <ButtonForm
            plain
            action={`${address}/remove`}
            label={t(`published-incidents.imports.${batch.state === 'standing' ? 'remove' : 'discard'}`)}
          />
        )}
      </Row>
    </>
  )
}

function Report({ visit, batch, problems, from }: BatchProps) {
  const { t, language } = visit
  const unread = unreadOf(batch.files)
  const all = unread + batch.remarks
  const n = (value: number) => formatNumber(value, language)
  return (
    <Section title={t('published-incidents.report.title')} id="report">
      {batch.state === 'failed' && (
        <Trouble what={t('published-incidents.report.failed')} do={t('published-incidents.report.failed-do')} />
      )}
      {batch.files.length > 0 && (
        <Table
          caption={t('published-incidents.report.counts')}
          numeric={[2, 3, 4]}
          head={['file', 'name', 'rows', 'read', 'unread'].map((name) => t(`published-incidents.report.${name}`))}
          rows={batch.files.map((file) => [
            t(`published-incidents.imports.${file.kind}`),
            <bdi>{file.name}</bdi>,
            n(file.rows),
            n(file.read),
            n(file.rows - file.read),
          ])}
        />
      )}
      <p>{t('published-incidents.report.summary', { unread, remarks: batch.remarks })}</p>
      {problems.length > 0 && (
        <Table
          caption={t('published-incidents.report.title')}
          quietCaption
          head={['place', 'column', 'value', 'reason', 'expected', 'kept'].map((name) =>
            t(`published-incidents.report.${name}`),
          )}
          rows={problems.map((one) => [
            t('published-incidents.report.at', { file: t(`published-incidents.imports.${one.file}`), line: one.line }),
            <Published>{one.column}</Published>,
            <Published>{one.value.length > 200 ? `${one.value.slice(0, 200)}…` : one.value || '–'}</Published>,
            t(`published-incidents.reason.${one.reason}`),
            t(`published-incidents.expected.${one.expected}`),
            one.text === undefined ? (
              keptWords(one, t)
            ) : (
              <Details summary={t('published-incidents.report.row')}>
                <Published>{one.text}</Published>
              </Details>
            ),
          ])}
        />
      )}
      <Row>
        {from > 0 && (
          <LinkButton
            plain
            href={`?from=${Math.max(0, from - problemsPerPage)}#report`}
            label={t('published-incidents.report.before')}
          />
        )}
        {from + problems.length < all && problems.length > 0 && (
          <LinkButton
            plain
            href={`?from=${from + problemsPerPage}#report`}
            label={t('published-incidents.report.after')}
          />
        )}
      </Row>
    </Section>
  )
}

/** What became of a value that was remarked: what reads against other cells is no less published. */
function keptWords({ reason }: Problem, t: Visit['t']): string {
  if (reason === 'header') return '–'
  const isKept = ['order', 'count-differs', 'not-allotted', 'column-unknown'].includes(reason)
  return t(isKept ? 'published-incidents.report.remark-kept' : 'published-incidents.report.remark')
}
