import { actHref } from '../../../core/module/act-href.ts'
import type { ComponentChildren } from 'preact'
import { clockState } from '../../../core/clocks/index.ts'
import type { IncidentRoom, Visit } from '../../../core/module/types.ts'
import { formatDuration, formatList, formatNumber } from '../../../text/index.ts'
import {
  ClockChip,
  Entry,
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
import type { Carried } from '../share/carried.ts'
import { CarriedLines } from '../share/carried-line.tsx'
import { MoveLink } from '../share/move-link.tsx'
import { othersIn, titleOf } from '../share/link-space.ts'
import { entriesShown, type LoadedIncident } from './load-incident.ts'
import { LogEntries } from './log-entries.tsx'
import { assessmentWords } from '../weigh/assessment-words.ts'
import { AssessmentDissents } from '../challenge/dissent-list.tsx'
import { AffectedFlag } from '../weigh/changed-items.tsx'
import { leaders } from '../weigh/ranking.ts'
import { type Joined, narrowest } from '../merge/load-joined.ts'
import { From, Joinings, MergedHere, MergedInto } from '../merge/joined-parts.tsx'
import { BundleList } from '../bundles/bundle-page.tsx'
import type { Bundle } from '../bundles/list-bundles.ts'
import { IncidentRooms } from './incident-rooms.tsx'
import { severityLine } from '../severity/severity-words.ts'
import { IncidentFrame } from '../pages/incident-frame.tsx'
import { Signed } from '../../frame/index.ts'
import { AtHome, InCompartment } from '../pages/parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedIncident
}

interface JoinedProps extends Props {
  joined: Joined
}

interface IncidentPageProps extends JoinedProps {
  rooms: readonly IncidentRoom[]
  /** What was put into letters, by item. */
  carried: ReadonlyMap<string, Carried[]>
  /** Bundles a job reads or has read. */
  bundles: readonly Bundle[]
}

/** An incident at home: what we know first, then the record it rests on. */
export function IncidentPage({ visit, loaded, joined, rooms, carried, bundles }: IncidentPageProps) {
  const { t, viewer } = visit
  const { incident } = loaded
  const marking = narrowest([incident, ...joined.merged.map((one) => one.incident)])
  const title = t('incidents.home.title', { name: incident.codeName })
  return (
    <IncidentFrame
      visit={visit}
      incident={{ ...incident, marking }}
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
        <MergedInto visit={visit} joined={joined} />
        <Head visit={visit} loaded={loaded} />
        <BottomLine visit={visit} loaded={loaded} />
        {factStates.map((state) => (
          <Facts key={state} visit={visit} loaded={loaded} joined={joined} state={state} carried={carried} />
        ))}
        {[loaded, ...joined.merged].map((one) => (
          <OwnClocks key={one.incident.id} visit={visit} loaded={one} of={one === loaded ? undefined : one.incident} />
        ))}
        <IncidentRooms visit={visit} rooms={rooms} />
        <MergedHere visit={visit} joined={joined} />
        <Spaces visit={visit} loaded={loaded} />
        <Timeline visit={visit} loaded={loaded} joined={joined} />
        <Objects visit={visit} loaded={loaded} bundles={bundles} />
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
        {
          term: t('severity.title'),
          detail: <a href={`/incidents/${incident.id}/severity`}>{severityLine(visit, incident)}</a>,
        },
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

function OwnClocks({ visit, loaded: { incident, ownClocks }, of }: Props & { of?: LoadedIncident['incident'] }) {
  const { t, services, viewer, language } = visit
  if (ownClocks.length === 0) return null
  return (
    <Section
      title={of ? t('incidents-joining.clocks-of', { reference: of.reference }) : t('incidents.home.clocks')}
      id={of ? `clocks-${of.id}` : 'clocks'}
    >
      <ul>
        {ownClocks.map(({ clock, title, href, now = services.clock.now() }) => (
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

function Facts({
  visit,
  loaded,
  joined,
  state,
  carried,
}: JoinedProps & { state: FactState; carried: ReadonlyMap<string, Carried[]> }) {
  const { t } = visit
  const mine = [loaded, ...joined.merged].flatMap((of) =>
    of.facts.filter((one) => one.state === state).map((one) => ({ ...one, of })),
  )
  return (
    <Section title={t(`incidents.facts.${state}`)} id={state}>
      {mine.length === 0 && <Quiet>{t(`incidents.facts.no-${state}`)}</Quiet>}
      {mine.length > 0 && (
        <ul>
          {mine.map((fact) => (
            <li key={fact.id} id={`fact-${fact.id}`}>
              <span dir="auto">{fact.words}</span>
              <InCompartment of={fact.compartment} compartments={fact.of.compartments} />
              <Signed visit={visit} by={fact.of.names.get(fact.by) ?? fact.by} at={fact.since}>
                {fact.of !== loaded && <From incident={fact.of.incident} />}
              </Signed>
              {fact.of === loaded && (
                <CarriedLines visit={visit} spaces={loaded.spaces} carried={carried.get(`fact-${fact.id}`)} />
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Spaces({ visit, loaded }: Props) {
  const { t, services, viewer, language } = visit
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
          {viewer.may('incidents:draft') && loaded.incident.state !== 'closed' && (
            <p>
              <MoveLink visit={visit} incident={loaded.incident} space={space} />
            </p>
          )}
        </Entry>
      ))}
    </Section>
  )
}

function Timeline({ visit, loaded, joined }: JoinedProps) {
  const { t, language } = visit
  const all = [loaded, ...joined.merged]
  const count = all.reduce((sum, one) => sum + one.entries, 0)
  const log = all
    .flatMap((of) => of.log.map((entry) => ({ ...entry, of })))
    .toSorted((a, b) => a.at - b.at)
    .slice(-entriesShown)
  const href = `/incidents/${loaded.incident.id}/log`
  return (
    <Section title={t('incidents.log.title')} id="timeline">
      <p>
        {count > log.length && `${t('incidents-log.newest', { n: log.length, of: formatNumber(count, language) })} · `}
        <a href={href}>{t(count > log.length ? 'incidents-log.older' : 'incidents-log.course')}</a>
      </p>
      <LogEntries visit={visit} entries={log} own={loaded.incident.id} />
      <Joinings visit={visit} joined={joined} />
    </Section>
  )
}

function Objects({
  visit,
  loaded: { incident, counts, withheld },
  bundles,
}: Props & Pick<IncidentPageProps, 'bundles'>) {
  const { t } = visit
  const telling = bundles.filter(({ state, refused }, at) => state === 'reading' || (at === 0 && refused))
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
      {telling.length > 0 && <BundleList visit={visit} bundles={telling} />}
      {withheld.objects > 0 && <Quiet>{t('incidents.objects.withheld', { count: withheld.objects })}</Quiet>}
    </Section>
  )
}

function Hypotheses({ visit, loaded }: Props) {
  const { t } = visit
  const { incident, weighing, names } = loaded
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
          <p>
            <a href={`/incidents/${incident.id}/assessments/${latest.id}`}>
              {assessmentWords(visit, latest, numberOf(latest.hypothesis))}
            </a>
          </p>
          <Signed visit={visit} by={names.get(latest.by) ?? latest.by} at={latest.at} />
          <AffectedFlag visit={visit} affected={loaded.affected} />
          <AssessmentDissents {...{ visit, loaded, assessment: latest }} />
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
