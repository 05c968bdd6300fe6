import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Pairs,
  Quiet,
  Row,
  Section,
  Select,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { AccessCopy } from '../access-copies/access-copy.ts'
import { CopiesSection } from '../access-copies/copies-section.tsx'
import type { Hold, PlannedFile } from './filing.ts'
import type { RegisterEntry } from './list-documents.ts'
import { fileTitle, formWords, keptWords, partyWords, stateWords } from './register-words.ts'

interface Props {
  visit: Visit<unknown>
  entry: RegisterEntry
  files: readonly PlannedFile[]
  holds: readonly Hold[]
  /** For access requests; none for whoever has no part in them. */
  copies?: readonly AccessCopy[]
  errors?: Record<string, string>
}

/** The card of one document: what this house notes of it. Nobody outside sees any of it. */
export function DocumentPage({ visit, entry, files, holds, copies, errors }: Props) {
  const { t, language, viewer } = visit
  const title = t('channels.register.card', { number: entry.ourRef ?? entry.stamp?.number ?? entry.yourRef ?? '' })
  const here = `/register/${entry.id}`
  const mayHold = viewer.may('register.hold:release')
  return (
    <Framed
      visit={visit}
      title={title}
      current="/register"
      drill={entry.drill === undefined ? undefined : { name: entry.drill }}
      marking={entry.marking}
    >
      <PageHead form={formWords(entry, visit)} title={title} lead={entry.subject ?? t('channels.register.no-words')} />
      <ErrorSummary
        errors={errors}
        labels={{ code: t('channels.register.file-code'), reason: t('channels.register.hold.reason') }}
      />
      <Pairs
        items={[
          { term: t('channels.register.column.our-ref'), detail: entry.ourRef ?? '–' },
          { term: t('channels.register.column.your-ref'), detail: entry.yourRef ?? '–' },
          ...(entry.stamp
            ? [
                { term: t('channels.register.column.incoming'), detail: entry.stamp.number },
                {
                  term: t('channels.register.column.received'),
                  detail: formatDateTime(entry.stamp.receivedAt, viewer.person.zone, language),
                },
              ]
            : []),
          {
            term: t('channels.register.column.party'),
            detail: partyWords(entry, visit),
          },
          {
            term: t('channels.register.column.sent'),
            detail: formatDateTime(entry.sentAt, viewer.person.zone, language),
          },
          { term: t('channels.register.column.state'), detail: stateWords(entry, t) },
          { term: t('channels.register.column.kept'), detail: keptWords(entry, { t, language }) },
          ...(entry.transfer
            ? [
                {
                  term: t('channels.transfer.package'),
                  detail: viewer.may('register.transfer:draft') ? (
                    <a href={`/register/transfers/${entry.transfer.id}`}>
                      <code>{entry.transfer.sha256}</code>
                    </a>
                  ) : (
                    <code>{entry.transfer.sha256}</code>
                  ),
                },
              ]
            : []),
        ]}
      />
      <p>
        <a href={entry.href}>{t('channels.register.read')}</a>
      </p>
      {viewer.may('register.filing:draft') && (
        <Section title={t('channels.register.column.file')}>
          <Form action={`${here}/file`} label={t('channels.register.column.file')}>
            <Select
              name="code"
              label={t('channels.register.file-code')}
              value={entry.code ?? ''}
              error={errors?.code}
              placeholder={t('channels.register.unfiled')}
              options={files.map((one) => ({ value: one.code, label: `${one.code} ${fileTitle(one, t)}` }))}
            />
            <Row>
              <Button label={t('channels.register.do-file')} />
            </Row>
          </Form>
          {entry.direction === 'out' && (entry.state === 'sent' || entry.state === 'acknowledged') && (
            <>
              <p>{t('channels.register.no-answer-means')}</p>
              <ButtonForm plain action={`${here}/no-answer`} label={t('channels.register.do-no-answer')} />
            </>
          )}
        </Section>
      )}
      <Section title={t('channels.register.hold.title')}>
        {holds.length === 0 && <Quiet>{t('channels.register.hold.none')}</Quiet>}
        {holds.map((hold) => (
          <div key={hold.id}>
            <p>
              <bdi>{hold.reason}</bdi> ·{' '}
              {t('channels.register.hold.set-by', {
                person: hold.setBy,
                time: formatDateTime(hold.setAt, viewer.person.zone, language),
              })}
            </p>
            {mayHold && (
              <ButtonForm
                plain
                action={`/register/holds/${hold.id}/lift`}
                fields={{ act: entry.id }}
                label={t('channels.register.hold.lift')}
              />
            )}
          </div>
        ))}
        {mayHold && (
          <Form action={`${here}/hold`} label={t('channels.register.hold.title')}>
            <Hidden name="id" value={newId()} />
            <Field
              name="reason"
              label={t('channels.register.hold.reason')}
              error={errors?.reason}
              maxlength={300}
              required
            />
            {entry.code !== undefined && (
              <Select
                name="scope"
                label={t('channels.register.hold.scope')}
                value="act"
                options={[
                  { value: 'act', label: t('channels.register.hold.this') },
                  { value: 'code', label: t('channels.register.hold.all', { code: entry.code }) },
                ]}
              />
            )}
            <Row>
              <Button plain label={t('channels.register.hold.set')} />
            </Row>
          </Form>
        )}
      </Section>
      {copies && <CopiesSection {...{ visit, entry, copies }} />}
    </Framed>
  )
}
