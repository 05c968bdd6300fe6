import type { Visit } from '../../../core/module/types.ts'
import { Entry, FormLine, PageHead, Quiet, Reg, Time } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { type ReportLine, type ReportList, reportsPerPage } from '../reports.ts'

interface Props {
  visit: Visit
  list: ReportList
  /** One more than the page shows, if there are more. */
  reports: readonly ReportLine[]
  from: number
}

/** What came by mail and waits for a decision, the oldest first; what programs sent, and what is settled, apart. */
export function ReportsPage({ visit, list, reports, from }: Props) {
  const { t, viewer, language } = visit
  return (
    <Framed visit={visit} title={t('mail-in.title')} current="/incidents">
      <PageHead title={t('mail-in.title')} lead={t('mail-in.lead')} />
      <ul>
        {(['waiting', 'automatic', 'settled'] as const).map((one) => (
          <li key={one}>
            <a href={`/reports-received?list=${one}`} aria-current={one === list ? 'page' : undefined}>
              {t(`mail-in.list.${one}`)}
            </a>
          </li>
        ))}
      </ul>
      <h2>{t(`mail-in.list.${list}`)}</h2>
      {reports.length === 0 && <Quiet>{t('mail-in.none')}</Quiet>}
      {reports.slice(0, reportsPerPage).map((one) => (
        <Entry
          key={one.id}
          margin={
            <>
              <Reg text={`R-${one.number}`} />
              <p>
                <Time ms={one.receivedAt} zone={viewer.person.zone} language={language} short />
              </p>
            </>
          }
        >
          <FormLine>{t(`mail-in.state.${one.state}`)}</FormLine>
          <h3>
            <a href={`/reports-received/${one.id}`} dir="auto">
              {one.subject === '' ? t('mail-in.no-subject') : one.subject}
            </a>
          </h3>
          <Quiet small>
            {t('mail-in.says-from')} <bdi>{one.from === '' ? t('mail-in.nobody') : one.from}</bdi>
            {one.copies > 1 && ` · ${t('mail-in.copies', { count: one.copies })}`}
          </Quiet>
        </Entry>
      ))}
      {reports.length > reportsPerPage && (
        <p>
          <a href={`/reports-received?list=${list}&from=${from + reportsPerPage}`}>{t('mail-in.further')}</a>
        </p>
      )}
    </Framed>
  )
}
