import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatNumber } from '../../../text/index.ts'
import { ChartScroll, LanesChart, LinkButton, Quiet, Row, Section, Table, Time } from '../../../web/index.ts'
import type { Incident } from '../incident.ts'
import { IncidentFrame } from '../pages/incident-frame.tsx'
import { LogEntries, type ShownEntry } from '../read/log-entries.tsx'
import type { Life } from './lanes.ts'

interface Props {
  visit: Visit
  incident: Incident
  life: Life
  entries: readonly ShownEntry[]
  page: number
  pages: number
  count: number
}

/** The life of an incident on lanes of time, and its whole log page by page, the newest first. */
export function LogPage({ visit, incident, life, entries, page, pages, count }: Props) {
  const { t, language } = visit
  const here = `/incidents/${incident.id}/log`
  return (
    <IncidentFrame
      visit={visit}
      incident={incident}
      title={t('incidents-log.title', { name: incident.codeName })}
      lead={<bdi>{incident.title}</bdi>}
      actions={<LinkButton plain href={`/incidents/${incident.id}`} label={t('incidents-log.back')} />}
    >
      {page === 1 && <Lanes visit={visit} life={life} />}
      <Section title={t('incidents-log.entries', { count: formatNumber(count, language) })} id="entries">
        <Quiet>{t('incidents-log.order')}</Quiet>
        <LogEntries visit={visit} entries={entries} own={incident.id} />
        <Row>
          {page > 1 && (
            <LinkButton plain href={page === 2 ? here : `${here}?page=${page - 1}`} label={t('incidents-log.newer')} />
          )}
          {pages > 1 && <span>{t('incidents.list.page-of', { page, pages })}</span>}
          {page < pages && <LinkButton plain href={`${here}?page=${page + 1}`} label={t('incidents-log.older')} />}
        </Row>
      </Section>
    </IncidentFrame>
  )
}

function Lanes({ visit, life: { from, until, lanes } }: Pick<Props, 'visit' | 'life'>) {
  const { t, language, viewer } = visit
  const title = t('incidents-log.course')
  const share = (ms: number) => (ms - from) / Math.max(1, until - from)
  const day = (ms: number) => formatDate(ms, viewer.person.zone, language)
  const time = (ms: number) => <Time ms={ms} zone={viewer.person.zone} language={language} short />
  return (
    <Section title={title} id="course">
      <Quiet>{t('incidents-log.course-method')}</Quiet>
      <ChartScroll title={title}>
        <LanesChart
          label={title}
          lanes={lanes.map(({ lane, marks }) => ({
            label: t(`incidents-log.lane.${lane}`),
            marks: marks.map((mark) => ({
              from: share(mark.from),
              ...(mark.until !== undefined && { until: share(mark.until) }),
              ...(mark.isOpen && { isOpen: true }),
            })),
          }))}
          ends={[day(from), day(until)]}
        />
      </ChartScroll>
      <Table
        caption={title}
        quietCaption
        numeric={[1]}
        head={['lane-name', 'count', 'first', 'last'].map((name) => t(`incidents-log.${name}`))}
        rows={lanes.map(({ lane, n, first, last }) => [
          t(`incidents-log.lane.${lane}`),
          formatNumber(n, language),
          time(first),
          time(last),
        ])}
      />
    </Section>
  )
}
