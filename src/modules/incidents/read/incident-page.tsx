import { actHref } from '../../../core/module/act-href.ts'
import type { ComponentChildren } from 'preact'
import { clockState } from '../../../core/clocks/index.ts'
import type { IncidentRoom, Visit } from '../../../core/module/types.ts'
import { formatDuration, formatList } from '../../../text/index.ts'
import {
  ClockChip,
  Entry,
  FormLine,
  LinkButton,
  LiveRegion,
  Pairs,
  Paper,
  Quiet,
  Section,
  Table,
  Time,
  TlpLabel,
} from '../../../web/index.ts'
import { type FactState, factStates } from '../record/keep-record.ts'
import { othersIn, titleOf } from '../share/link-space.ts'
import type { LoadedIncident } from './load-incident.ts'
import { assessmentWords } from '../weigh/assessment-words.ts'
import { leaders } from '../weigh/ranking.ts'
import { IncidentRooms } from './incident-rooms.tsx'
import { severityLine } from './list-page.tsx'
import { IncidentFrame } from '../pages/incident-frame.tsx'
import { AtHome, InCompartment, Signed } from '../pages/parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedIncident
}

/** An incident at home: what we know first, then the record it rests on. */
export function IncidentPage({ visit, loaded, rooms }: Props & { rooms: readonly IncidentRoom[] }) {
  const { t, viewer } = visit
  const { incident } = loaded
  const title = t('incidents.home.title', { name: incident.codeName })
  return (
    <IncidentFrame
      visit={visit}
      incident={incident}
      title={title}
      heading={<bdi>{incident.codeName}</bdi>}
      lead={<bdi>{incident.title}</bdi>}
      actions={
        <>
          {viewer.may('incidents:draft') && (
            <LinkButton href={`/incidents/${incident.id}/record`} label={t('incidents.action.record')} />
          )}
          <LinkButton plain href="#work" label={t('incidents.rooms.title')} />
          {loaded.spaces.map((space) => (
            <TheirView key={space.id} visit={visit} loaded={loaded} space={space} />
          ))}
        </>
      }
    >
      <AtHome visit={visit} />
      <LiveRegion topic={`incident:${incident.id}`} id="incident">
        <Head visit={visit} loaded={loaded} />
        <BottomLine visit={visit} loaded={loaded} />
        {factStates.map((state) => (
          <Facts key={state} visit={visit} loaded={loaded} state={state} />
        ))}
        <OwnClocks visit={visit} loaded={loaded} />
        <IncidentRooms visit={visit} rooms={rooms} />
        <Spaces visit={visit} loaded={loaded} />
        <Timeline visit={visit} loaded={loaded} />
        <Objects visit={visit} loaded={loaded} />
        <Hypotheses visit={visit} loaded={loaded} />
      </LiveRegion>
    </IncidentFrame>
  )
}

function TheirView({ visit, loaded, space }: Props & { space: LoadedIncident['spaces'][number] }) {
  const { t, services, language } = visit
  const parties = formatList(
    othersIn(services, space).map((party) => services.nameOf(party, language)),
    language,
  )
  return (
    <a href={`/incidents/${loaded.incident.id}/shared/${space.id}`}>{t('incidents.action.show-view', { parties })}</a>
  )
}

function Head({ visit, loaded: { incident, clocks, names } }: Props) {
  const { t, viewer, language } = visit
  const next = clocks[0]
  return (
    <Pairs
      items={[
        { term: t('incidents.severity.title'), detail: severityLine(visit, incident) },
        { term: t('incidents.open.category'), detail: t(`incidents.category.${incident.category}`) },
        {
          term: t('incidents.home.readers'),
          detail: (
            <>
              {incident.isRestricted ? t('need-to-know.restricted-short') : t('incidents.home.readers-who')}{' '}
              <TlpLabel marking={{ tlp: incident.marking }} /> ·{' '}
              <a href={`/incidents/${incident.id}/readers`}>{t('need-to-know.title')}</a>
            </>
          ),
        },
        { term: t('incidents.open.ceiling'), detail: <TlpLabel marking={{ tlp: incident.ceiling }} /> },
        {
          term: t('incidents.home.next-clock'),
          detail: next ? <NextClock visit={visit} next={next} /> : t('incidents.home.no-clock'),
        },
        {
          term: t('incidents.opened'),
          detail: (
            <>
              <bdi>{names.get(incident.openedBy) ?? incident.openedBy}</bdi> ·{' '}
              <Time ms={incident.openedAt} zone={viewer.person.zone} language={language} short />
            </>
          ),
        },
      ]}
    />
  )
}

function OwnClocks({ visit, loaded: { incident, ownClocks } }: Props) {
  const { t, services, viewer, language } = visit
  const now = services.clock.now()
  if (ownClocks.length === 0) return null
  return (
    <Section title={t('legal-clocks.title')} id="clocks">
      <ul>
        {ownClocks.map(({ clock, title, href }) => (
          <li key={clock.id}>
            <a href={href}>{title}</a>{' '}
            <ClockChip
              state={clockState(clock, now)}
              text={t(clock.dueAt >= now ? 'common.due-in' : 'incidents.home.since', {
                duration: formatDuration(Math.abs(clock.dueAt - now), language),
              })}
            />{' '}
            <Time ms={clock.dueAt} zone={viewer.person.zone} language={language} short />
          </li>
        ))}
      </ul>
      <p>
        <a href={`/incidents/${incident.id}/clocks`}>{t('legal-clocks.action')}</a>
      </p>
    </Section>
  )
}

function NextClock({ visit, next: { clock, now } }: { visit: Visit; next: LoadedIncident['clocks'][number] }) {
  const { t, services, viewer, language } = visit
  const state = clockState(clock, now)
  const left = formatDuration(Math.abs(clock.dueAt - now), language)
  return (
    <>
      <ClockChip
        state={state}
        text={t(state === 'running' ? 'common.due-in' : 'incidents.home.since', { duration: left })}
      />{' '}
      <a href={actHref(clock.space, clock.about)}>{t('clocks.duty', { regime: clock.regime })}</a> ·{' '}
      {services.nameOf(clock.duty, language)} ·{' '}
      <Time ms={clock.dueAt} zone={viewer.person.zone} language={language} short />
    </>
  )
}

function BottomLine({ visit, loaded: { incident, bottomLine, names } }: Props) {
  const { t } = visit
  return (
    <Section title={t('incidents.bottom-line.title')} id="bottom-line">
      {bottomLine ? (
        <>
          <Paper>
            <p>
              {bottomLine.sentences.map((one) => (
                <>
                  <bdi>{one}</bdi>{' '}
                </>
              ))}
            </p>
          </Paper>
          <Signed visit={visit} by={names.get(bottomLine.by) ?? bottomLine.by} at={bottomLine.at} />
        </>
      ) : (
        <Quiet>{t('incidents.bottom-line.none')}</Quiet>
      )}
      {incident.summary !== '' && <p dir="auto">{incident.summary}</p>}
    </Section>
  )
}

function Facts({ visit, loaded: { facts, names, compartments }, state }: Props & { state: FactState }) {
  const { t } = visit
  const mine = facts.filter((one) => one.state === state)
  return (
    <Section title={t(`incidents.facts.${state}`)} id={state}>
      {mine.length === 0 && <Quiet>{t(`incidents.facts.no-${state}`)}</Quiet>}
      {mine.length > 0 && (
        <ul>
          {mine.map((fact) => (
            <li key={fact.id} id={`fact-${fact.id}`}>
              <span dir="auto">{fact.words}</span>
              <InCompartment of={fact.compartment} compartments={compartments} />
              <Signed visit={visit} by={names.get(fact.by) ?? fact.by} at={fact.since} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Spaces({ visit, loaded }: Props) {
  const { t, services, language } = visit
  return (
    <Section title={t('incidents.spaces.title')} id="spaces">
      {loaded.spaces.length === 0 && <Quiet>{t('incidents.spaces.none')}</Quiet>}
      {loaded.spaces.map((space) => (
        <Entry key={space.id} margin={<TheirView visit={visit} loaded={loaded} space={space} />}>
          <h3 dir="auto">
            <a href={`/spaces/${space.id}`}>{titleOf(space, language)}</a>
          </h3>
          <Quiet small>
            {formatList(
              space.members.filter((one) => one.until === undefined).map((one) => services.nameOf(one.party, language)),
              language,
            )}
          </Quiet>
        </Entry>
      ))}
    </Section>
  )
}

function Timeline({ visit, loaded: { log, names, compartments } }: Props) {
  const { t, viewer, language } = visit
  return (
    <Section title={t('incidents.log.title')} id="timeline">
      {log.map((entry) => (
        <Entry
          key={entry.id}
          margin={
            <>
              <p>
                <Time ms={entry.at} zone={viewer.person.zone} language={language} short />
              </p>
              <p>
                <bdi>{names.get(entry.by) ?? entry.by}</bdi>
              </p>
              {Math.abs(entry.writtenAt - entry.at) > 60_000 && (
                <p>
                  {t('incidents.log.written')}{' '}
                  <Time ms={entry.writtenAt} zone={viewer.person.zone} language={language} short />
                </p>
              )}
            </>
          }
        >
          {entry.kind !== 'written' && (
            <FormLine>{t(`incidents.log.${entry.kind}`, partyNamed(visit, entry.facts))}</FormLine>
          )}
          {entry.words && <p dir="auto">{entry.words}</p>}
          <InCompartment of={entry.compartment} compartments={compartments} />
        </Entry>
      ))}
    </Section>
  )
}

function partyNamed({ services, language }: Visit, facts: Record<string, string | number>) {
  return typeof facts.party === 'string' ? { ...facts, party: services.nameOf(facts.party, language) } : facts
}

function Objects({ visit, loaded: { incident, counts, withheld } }: Props) {
  const { t } = visit
  const all = counts.reduce((sum, one) => sum + one.count, 0)
  return (
    <Section title={t('incidents.objects.title')} id="objects">
      {all === 0 ? (
        <Quiet>{t('incidents.objects.none')}</Quiet>
      ) : (
        <>
          <p>
            <a href={`/incidents/${incident.id}/objects`}>{t('incidents.objects.count', { count: all })}</a>
          </p>
          <Pairs
            items={counts.map(({ tlp, count }) => ({ term: <TlpLabel marking={{ tlp }} />, detail: String(count) }))}
          />
        </>
      )}
      {withheld.objects > 0 && <Quiet>{t('incidents.objects.withheld', { count: withheld.objects })}</Quiet>}
    </Section>
  )
}

function Hypotheses({ visit, loaded: { incident, weighing, names } }: Props) {
  const { t } = visit
  const { hypotheses, ranking, assessments } = weighing
  const latest = assessments.at(-1)
  if (hypotheses.length === 0) {
    return (
      <Section title={t('incidents.weighing.title')} id="attribution">
        <Quiet>{t('incidents.weighing.none')}</Quiet>
      </Section>
    )
  }
  const leading = new Set(leaders(ranking.ranked))
  const numberOf = (id: string) => hypotheses.find((one) => one.id === id)?.number ?? 0
  return (
    <Section title={t('incidents.weighing.title')} id="attribution">
      <Table
        caption={t('incidents.weighing.least-contradicted')}
        numeric={[2, 3]}
        head={[
          t('incidents.weighing.place'),
          t('incidents.weighing.hypothesis'),
          t('incidents.weighing.against'),
          t('incidents.weighing.for'),
        ]}
        rows={ranking.ranked.map((one): ComponentChildren[] => [
          String(one.place),
          <>
            {t('incidents.hypothesis-short', { number: numberOf(one.hypothesis) })}{' '}
            <bdi>{hypotheses.find((h) => h.id === one.hypothesis)?.words}</bdi>
            {leading.has(one.hypothesis) && leading.size === 1 && ` (${t('incidents.weighing.leads')})`}
          </>,
          String(one.points),
          String(one.support),
        ])}
      />
      {latest ? (
        <>
          <p>{assessmentWords(visit, latest, numberOf(latest.hypothesis))}</p>
          <Signed visit={visit} by={names.get(latest.by) ?? latest.by} at={latest.at} />
        </>
      ) : (
        <Quiet>{t('incidents.weighing.not-assessed')}</Quiet>
      )}
      <p>
        <a href={`/incidents/${incident.id}/weighing`}>{t('incidents.action.weigh')}</a>
      </p>
    </Section>
  )
}
