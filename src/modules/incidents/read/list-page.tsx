import type { Visit } from '../../../core/module/types.ts'
import { Entry, FormLine, LinkButton, PageHead, Pairs, Quiet, Reg, Time, TlpLabel } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { OtherIncident } from '../merge/list-merges.ts'
import type { Incident } from '../incident.ts'
import { severityLine } from '../severity/severity-words.ts'

/** Incidents this person may read, the one touched last first. */
export function IncidentsPage({
  visit,
  incidents,
  merged,
}: {
  visit: Visit
  incidents: Incident[]
  /** Into what some of them were merged. */
  merged: ReadonlyMap<string, OtherIncident>
}) {
  const { t, viewer } = visit
  const open = incidents.filter((one) => one.state !== 'closed' && !merged.has(one.id)).length
  const drills = incidents.length > 0 && incidents.every((one) => one.drill)
  return (
    <Framed
      visit={visit}
      title={t('incidents.title')}
      current="/incidents"
      drill={drills ? t('incidents.title') : undefined}
    >
      <PageHead
        title={t('incidents.title')}
        lead={t('incidents.lead', { count: open })}
        actions={
          viewer.may('incidents:draft') && <LinkButton href="/incidents/open" label={t('incidents.action.open')} />
        }
      />
      <p>
        <a href="/published-incidents">{t('published-incidents.navigation')}</a>
        {viewer.may('break-glass:manage') && (
          <>
            {' · '}
            <a href="/incidents/break-glass">{t('need-to-know.glass.title')}</a>
          </>
        )}
      </p>
      {incidents.length === 0 && <Quiet>{t('incidents.none')}</Quiet>}
      {incidents.map((incident) => (
        <Row key={incident.id} visit={visit} incident={incident} into={merged.get(incident.id)} />
      ))}
    </Framed>
  )
}

function Row({ visit, incident, into }: { visit: Visit; incident: Incident; into: OtherIncident | undefined }) {
  const { t, viewer, language } = visit
  return (
    <Entry
      margin={
        <>
          <Reg text={incident.reference} />
          <Pairs
            items={[
              {
                term: t('incidents.opened'),
                detail: <Time ms={incident.openedAt} zone={viewer.person.zone} language={language} short />,
              },
            ]}
          />
          <p>
            <TlpLabel marking={{ tlp: incident.marking }} />
          </p>
        </>
      }
    >
      <FormLine>
        {t(`incidents.state.${incident.state}`)}
        {incident.drill && ` · ${t('incidents.drill')}`}
        {into && ` · ${t('incidents-joining.merged-into', { reference: into.reference })}`}
      </FormLine>
      <h2>
        <a href={`/incidents/${incident.id}`} dir="auto">
          {incident.codeName}
        </a>
      </h2>
      <p dir="auto">{incident.title}</p>
      {incident.severity && <Quiet small>{severityLine(visit, incident)}</Quiet>}
    </Entry>
  )
}
