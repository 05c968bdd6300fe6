import type { AuditEntry } from '../../../core/auth/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import type { MailState } from '../../../core/notify/index.ts'
import { formatDateTime, isMessageKey } from '../../../text/index.ts'
import { ButtonForm, LinkButton, PageHead, Quiet, Table } from '../../../web/index.ts'
import { AdministrationFrame } from './administration-frame.tsx'

/** The last messages that left, and those that did not. */
export function MailPage({ visit, mail }: { visit: Visit; mail: MailState[] }) {
  const { t, language, viewer, services } = visit
  const failed = mail.filter((one) => one.state === 'failed').length
  const time = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  return (
    <AdministrationFrame visit={visit} title={t('administration.mail.title')} room="mail">
      <PageHead
        title={t('administration.mail.heading', { count: failed })}
        lead={services.settings.smtpUrl === undefined ? t('administration.mail.folder') : t('entrance.mail-test.smtp')}
      />
      {mail.length === 0 && <Quiet>{t('administration.mail.none')}</Quiet>}
      {mail.length > 0 && (
        <Table
          caption={t('administration.mail.caption')}
          head={[
            t('common.to'),
            t('common.time'),
            t('administration.mail.urgency'),
            t('administration.mail.state'),
            t('common.details'),
          ]}
          rows={mail.map((one) => [
            one.name,
            time(one.queuedAt),
            t(`administration.mail.${one.urgency}`),
            t(`administration.mail.${one.state}`),
            <>
              {one.wentTo && one.wentTo !== 'smtp' && <code dir="ltr">{one.wentTo}</code>}
              {one.lastError && <bdi>{one.lastError}</bdi>}
              {one.state === 'failed' && (
                <ButtonForm
                  action="/mail/retry"
                  fields={{ mail: one.id }}
                  label={t('administration.mail.retry')}
                  plain
                />
              )}
            </>,
          ])}
        />
      )}
    </AdministrationFrame>
  )
}

export interface AuditPageProps {
  visit: Visit
  lines: (AuditEntry & { number: number })[]
  /** Names of people, offices and so on by id. */
  names: Map<string, string>
  /** Number to go on from. */
  before?: number
}

/** Who did what at home. */
export function AuditPage({ visit, lines, names, before }: AuditPageProps) {
  const { t, language, viewer } = visit
  const what = (code: string) =>
    isMessageKey(`administration.audit.what.${code}`) ? t(`administration.audit.what.${code}`) : code
  const nameOf = (id: string | undefined) => (id === undefined ? '' : (names.get(id) ?? id))
  return (
    <AdministrationFrame visit={visit} title={t('administration.audit.title')} room="audit">
      <PageHead title={t('administration.audit.heading')} lead={t('administration.audit.lead')} />
      <Table
        caption={t('administration.audit.caption')}
        head={[
          t('administration.audit.number'),
          t('common.time'),
          t('administration.audit.who'),
          t('administration.audit.did'),
          t('administration.audit.about'),
          t('common.details'),
        ]}
        numeric={[0]}
        rows={lines.map((line) => [
          String(line.number),
          formatDateTime(line.at, viewer.person.zone, language, { short: true, seconds: true }),
          line.person === undefined ? t('administration.audit.node') : nameOf(line.person),
          what(line.what),
          <bdi>{nameOf(line.about)}</bdi>,
          <bdi>{Object.values(line.facts ?? {}).join(' · ')}</bdi>,
        ])}
      />
      {before !== undefined && (
        <LinkButton href={`/audit?before=${before}`} label={t('administration.audit.older')} plain />
      )}
    </AdministrationFrame>
  )
}
