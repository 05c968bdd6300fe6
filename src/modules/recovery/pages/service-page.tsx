import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { formatDuration } from '../../../text/index.ts'
import { Details, Pairs, Quiet, Section, TlpLabel, Trouble } from '../../../web/index.ts'
import { Signed, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame, toldTime } from '../../incidents/index.ts'
import { momentOf } from '../plan/moment.ts'
import type { Report } from '../plan/read-plans.ts'
import { labelsOf } from './labels.ts'
import { Lines } from './lines.tsx'
import type { ServiceProps } from './service-props.ts'
import { ServiceForm } from './service-form.tsx'
import { ForecastForm, OffForm, StateForm, StrikeForm } from './tell-forms.tsx'
import {
  againstWords,
  expectedWords,
  lengthWords,
  moment,
  namesIn,
  ownerWords,
  saidWords,
  stateWords,
  stretchWords,
  targetWords,
} from './words.ts'

/** One service: how it stands against its targets, everything that was told of it, and the forms to tell more. */
export function ServicePage(props: ServiceProps) {
  const { visit, loaded, service, returned } = props
  const { t, viewer } = visit
  const { incident } = loaded
  const mayWrite = incident.state !== 'closed' && viewer.may('incidents:draft') && !service.content.isOff
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={service.content.name}
      lead={t('recovery.service.lead', { state: stateWords(visit, service) })}
      back={{ href: `/incidents/${incident.id}/recovery`, label: t('recovery.back') }}
    >
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      <Standing {...props} />
      <History {...props} />
      <Before {...props} />
      {mayWrite && (
        <>
          <StateForm {...props} />
          {service.standing === 'not-enough' && <ForecastForm {...props} />}
          <ServiceForm visit={visit} loaded={loaded} changes={service} returned={returned} />
          <OffForm {...props} />
        </>
      )}
    </RecordFrame>
  )
}

function Standing({ visit, loaded, service, origin }: ServiceProps) {
  const { t, language } = visit
  const { plan } = loaded
  const { content, course, outlook, targets, loss } = service
  return (
    <Section title={t('recovery.service.standing')} id="standing">
      {content.isOff && <Trouble what={t('recovery.off.because', { why: service.why })} />}
      {service.isTargetStale && <Trouble what={t('recovery.target.stale')} />}
      <Pairs
        items={[
          pair(t('recovery.column.state'), stateWords(visit, service)),
          ...(course ? [pair(t('recovery.column.out-since'), stretchWords(visit, course.began.at))] : []),
          ...(course?.backSince ? [pair(t('recovery.column.back-since'), stretchWords(visit, course.backSince))] : []),
          pair(t('recovery.field.owner'), <bdi>{ownerWords(visit, loaded, content)}</bdi>),
          ...(content.operator === '' ? [] : [pair(t('recovery.field.operator'), <bdi>{content.operator}</bdi>)]),
          ...(content.sector === ''
            ? []
            : [pair(t('recovery.field.sector'), t(`particulars.sector.${content.sector}`))]),
          pair(t('recovery.field.priority'), t(`recovery.priority.${content.priority}`)),
          pair(t('recovery.field.enough'), t(`recovery.state.${content.enough}`)),
          pair(t('recovery.field.needs'), namesIn(visit, plan, content.needs)),
          ...(outlook ? [pair(t('recovery.column.waits'), namesIn(visit, plan, outlook.blockers))] : []),
          pair(t('recovery.column.said'), saidWords(visit, service)),
          pair(t('recovery.column.expected'), expectedWords(visit, plan, service)),
          pair(t('recovery.column.target'), <Lines lines={lengthWords(visit, content)} />),
          ...targets.map((one) => pair(targetWords(visit, one), againstWords(visit, plan, one, service))),
          ...(loss
            ? [
                pair(
                  t('recovery.loss.title'),
                  t('recovery.loss.line', {
                    length: formatDuration(loss.ms, language),
                    met: loss.isMet === undefined ? 'unset' : loss.isMet ? 'yes' : 'no',
                  }),
                ),
              ]
            : []),
          pair(t('markings.marking'), <TlpLabel marking={{ tlp: service.tlp }} />),
          ...(origin
            ? [
                pair(
                  t('preparedness.plan'),
                  <>
                    <a href={`/incidents/${service.incident}/plans/${origin.run.id}#services`} dir="auto">
                      {origin.run.content.name}
                    </a>
                    {' · '}
                    {t(origin.isAsPlanned ? 'recovery.from-plan.as-planned' : 'recovery.from-plan.otherwise')}
                    {origin.run.version === undefined && ` · ${t('preparedness.unapproved')}`}
                  </>,
                ),
              ]
            : []),
        ]}
      />
    </Section>
  )
}

const pair = (term: string, detail: ComponentChildren) => ({ term, detail })

/** Everything told, newest first; what was struck stays readable. */
function History(props: ServiceProps) {
  const { visit, service } = props
  const { t } = visit
  return (
    <Section title={t('recovery.history.title')} id="history">
      {service.reports.length === 0 && <Quiet>{t('recovery.history.none')}</Quiet>}
      {service.reports.toReversed().map((one) => (
        <ReportEntry key={one.id} {...props} report={one} />
      ))}
    </Section>
  )
}

function ReportEntry({ report, ...props }: ServiceProps & { report: Report }) {
  const { visit, loaded, service } = props
  const { t, viewer } = visit
  const { content, struck } = report
  const said = sentenceOf(visit, report)
  const mayStrike = loaded.incident.state !== 'closed' && viewer.may('incidents:draft') && !service.content.isOff
  return (
    <article class="entry" id={`told-${report.id}`}>
      <div class="column">
        <p>{struck ? <s>{said}</s> : said}</p>
        <p>
          {t('recovery.history.source', { who: content.saidBy, basis: t(`recovery.basis.${content.basis}`) })}{' '}
          {content.note !== '' && <bdi>{content.note}</bdi>} <TlpLabel marking={{ tlp: report.tlp }} />
        </p>
        <Signed visit={visit} by={loaded.person(report.by)} at={report.toldAt} />
        {struck && (
          <p>
            {t('recovery.history.struck', { who: loaded.person(struck.by) })} <bdi>{struck.why}</bdi>
          </p>
        )}
        {!struck && mayStrike && <StrikeForm {...props} report={report.id} />}
      </div>
    </article>
  )
}

function sentenceOf(visit: Visit, { content }: Report): string {
  const { t } = visit
  if (content.kind === 'forecast')
    return content.expected === null
      ? t('recovery.history.cannot-say')
      : t('recovery.history.expected', { time: moment(visit, momentOf(content.expected)) })
  const line = t('recovery.history.state', {
    state: t(`recovery.state.${content.state}`),
    time: toldTime(visit, content.when),
  })
  if (content.dataAsOf === null) return line
  return `${line} ${t('recovery.history.data', { time: moment(visit, momentOf(content.dataAsOf)) })}`
}

function Before({ visit, loaded, service }: ServiceProps) {
  const { t } = visit
  if (service.before.length === 0) return null
  return (
    <Details summary={t('recovery.before', { count: service.before.length })} id="before">
      {service.why !== '' && (
        <p>
          {t('recovery.field.why')}: <bdi>{service.why}</bdi>
        </p>
      )}
      {service.before.map(({ content, by, at, why }) => (
        <div key={at}>
          <p>
            <bdi>{content.name}</bdi> · {t(`recovery.priority.${content.priority}`)} ·{' '}
            <bdi>{ownerWords(visit, loaded, content)}</bdi> · {namesIn(visit, loaded.plan, content.needs)}
          </p>
          <Lines lines={lengthWords(visit, content)} />
          {why !== '' && (
            <p>
              {t('recovery.field.why')}: <bdi>{why}</bdi>
            </p>
          )}
          <Signed visit={visit} by={loaded.person(by)} at={at} />
        </div>
      ))}
    </Details>
  )
}
