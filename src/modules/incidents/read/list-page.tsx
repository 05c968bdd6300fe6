import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import {
  Details,
  Entry,
  FormLine,
  LinkButton,
  PageHead,
  Pairs,
  Quiet,
  Reg,
  Row,
  Section,
  Time,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { type Incident, incidentStates } from '../incident.ts'
import type { OtherIncident } from '../merge/list-merges.ts'
import { severityLine } from '../severity/severity-words.ts'
import type { FoundIncidents } from './list-own.ts'
import type { ListChoices } from './list-choices.ts'
import { type AskedList, isNarrowed } from './list-query.ts'
import { NarrowForm } from './narrow-form.tsx'

export const incidentsPerPage = 50

interface Props {
  visit: Visit
  asked: AskedList
  found: FoundIncidents
  choices: ListChoices
  /** Into what some of them were merged. */
  merged: ReadonlyMap<string, OtherIncident>
}

/** Incidents this person may know of, narrowed by what the address says; the address is what one keeps or hands on. */
export function IncidentsPage({ visit, asked, found, choices, merged }: Props) {
  const { t, viewer } = visit
  const drills = found.incidents.length > 0 && found.incidents.every((one) => one.drill)
  return (
    <Framed
      visit={visit}
      title={t('incidents.title')}
      current="/incidents"
      drill={drills ? t('incidents.title') : undefined}
    >
      <PageHead
        title={t('incidents.title')}
        actions={
          viewer.may('incidents:draft') && <LinkButton href="/incidents/open" label={t('incidents.action.open')} />
        }
      />
      <p>
        <a href="/plans">{t('preparedness.title')}</a>
        {' · '}
        <a href="/published-incidents">{t('published-incidents.navigation')}</a>
        {viewer.may('incidents.reports:manage') && (
          <>
            {' · '}
            <a href="/reports-received">{t('mail-in.title')}</a>
          </>
        )}
        {' · '}
        <a href="/incidents/vocabularies">{t('severity.vocabularies.title')}</a>
        {' · '}
        <a href="/lines">{t('lines.say.title')}</a>
        {viewer.may('break-glass:manage') && (
          <>
            {' · '}
            <a href="/incidents/break-glass">{t('need-to-know.glass.title')}</a>
          </>
        )}
      </p>
      <Details summary={t('incidents.list.narrow')} open={isNarrowed(asked)}>
        <NarrowForm visit={visit} asked={asked} choices={choices} action="/incidents" />
      </Details>
      <Found visit={visit} asked={asked} found={found} choices={choices} merged={merged} />
    </Framed>
  )
}

/** The address of the same list with something else asked. */
function address({ query }: Visit, over: Record<string, string>, path = '/incidents'): string {
  const search = new URLSearchParams([...query].filter(([name, value]) => value !== '' && name !== 'page'))
  for (const [name, value] of Object.entries(over)) {
    if (value === '') search.delete(name)
    else search.set(name, value)
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

function States({ visit, asked, found }: Omit<Props, 'choices' | 'merged'>) {
  const { t, language } = visit
  const all = incidentStates.reduce((sum, one) => sum + found.states[one], 0)
  const line = (state: '' | (typeof incidentStates)[number], count: number) => {
    const text = `${state === '' ? t('incidents.list.all') : t(`incidents.state.${state}`)} (${formatNumber(count, language)})`
    return (
      <li key={state}>
        <a href={address(visit, { state })} aria-current={(asked.state ?? '') === state ? 'true' : undefined}>
          {text}
        </a>
      </li>
    )
  }
  return (
    <nav aria-label={t('incidents.list.by-state')}>
      <ul class="by-state">{[line('', all), ...incidentStates.map((one) => line(one, found.states[one]))]}</ul>
    </nav>
  )
}

function Found({ visit, asked, found, choices, merged }: Props) {
  const { t } = visit
  const all = incidentStates.reduce((sum, one) => sum + found.states[one], 0)
  const count = asked.state ? found.states[asked.state] : all
  const pages = Math.max(1, Math.ceil(count / incidentsPerPage))
  const leads = new Map(choices.people.map(({ id, name }) => [id, name]))
  return (
    <Section title={t('incidents.list.found', { count })} id="found">
      <States visit={visit} asked={asked} found={found} />
      {found.incidents.length === 0 && <Quiet>{t(isNarrowed(asked) ? 'incidents.list.none' : 'incidents.none')}</Quiet>}
      {found.incidents.map((incident) => (
        <IncidentEntry
          key={incident.id}
          visit={visit}
          incident={incident}
          lead={leads.get(incident.lead)}
          into={merged.get(incident.id)}
        />
      ))}
      <Row>
        {asked.page > 1 && (
          <LinkButton
            plain
            href={address(visit, { page: String(asked.page - 1) })}
            label={t('incidents.list.before')}
          />
        )}
        {pages > 1 && <span>{t('incidents.list.page-of', { page: asked.page, pages })}</span>}
        {asked.page < pages && (
          <LinkButton plain href={address(visit, { page: String(asked.page + 1) })} label={t('incidents.list.after')} />
        )}
        {count > 0 && <LinkButton plain href={address(visit, {}, '/incidents/csv')} label={t('incidents.list.csv')} />}
        <LinkButton plain href={address(visit, {}, '/incidents/picture/kinds')} label={t('incidents-picture.form')} />
      </Row>
    </Section>
  )
}

function IncidentEntry({
  visit,
  incident,
  lead,
  into,
}: {
  visit: Visit
  incident: Incident
  lead: string | undefined
  into: OtherIncident | undefined
}) {
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
              lead !== undefined && { term: t('incidents.list.lead'), detail: lead },
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
      <h3>
        <a href={`/incidents/${incident.id}`} dir="auto">
          {incident.codeName}
        </a>
      </h3>
      <p dir="auto">{incident.title}</p>
      {incident.severity && <Quiet small>{severityLine(visit, incident)}</Quiet>}
    </Entry>
  )
}
