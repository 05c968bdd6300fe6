import { actHref } from '../../core/module/act-href.ts'
import { noticeText } from '../../core/notify/index.ts'
import { type Clock, clockState } from '../../core/clocks/index.ts'
import type { Need, Peer, Visit } from '../../core/module/types.ts'
import type { SavedView } from '../../modules/search/index.ts'
import { clockStateText, owedText } from '../../modules/spaces/index.ts'
import { Framed } from '../../modules/frame/index.ts'
import { formatDateTime, formatDuration, formatList, formatTime } from '../../text/index.ts'
import {
  ButtonForm,
  ClockChip,
  Entry,
  FormLine,
  LinkButton,
  LiveRegion,
  Pairs,
  Quiet,
  Row,
  Section,
} from '../../web/index.ts'
import type { TodayLists } from '../../core/module/list-needs.ts'

export interface DueClock {
  clock: Clock
  /** Scenario ms of its space, else real ms. */
  now: number
  title: string
}

export interface TodayProps extends TodayLists {
  visit: Visit
  onDuty: { name: string; untilAt?: number; insteadOf?: string }[]
  silent: Peer[]
  waiting: number
  due: DueClock[]
  /** (Scenario) now per space, for time left. */
  nows: ReadonlyMap<string, number>
  spaces: { id: string; title: string; unread: number }[]
  notices: { id: string; message: string; facts: Record<string, string | number>; link: string; at: number }[]
  /** Questions this person or their office keeps. */
  views: readonly SavedView[]
  drill?: { name: string }
  mayWrite: boolean
  mayReport: boolean
}

/** The page that decides: what needs me, what we wait for, what is due, what is new. */
export function TodayPage(props: TodayProps) {
  const { visit, mine, more, awaited, running, due, spaces, notices, drill } = props
  const { t, viewer } = visit
  const title = t('today.needs', { count: mine.length + more })
  return (
    <Framed visit={visit} title={t('today.title')} current="/" drill={drill}>
      <LiveRegion topic={['today', `today:${viewer.person.id}`]} id="today">
        <Standing {...props} />
        <h1>{title}</h1>
        <section aria-label={t('today.mine')}>
          {mine.map((need) => (
            <NeedEntry key={need.key} need={need} heading="h2" {...props} />
          ))}
          {more > 0 && <Quiet>{t('today.more', { count: more })}</Quiet>}
        </section>
        {running.length > 0 && (
          <Section title={t('today.running')}>
            {running.map((need) => (
              <NeedEntry key={need.key} need={need} {...props} />
            ))}
          </Section>
        )}
        {awaited.length > 0 && (
          <Section title={t('today.awaited')}>
            {awaited.map((need) => (
              <NeedEntry key={need.key} need={need} {...props} />
            ))}
            {props.moreAwaited > 0 && (
              <p>
                <a href="/search?state=theirs">{t('today.more-awaited', { count: props.moreAwaited })}</a>
              </p>
            )}
          </Section>
        )}
        {due.length > 0 && (
          <Section title={t('today.due')}>
            {due.map((one) => (
              <DueEntry key={one.clock.id} one={one} visit={visit} />
            ))}
          </Section>
        )}
        {(spaces.length > 0 || notices.length > 0) && <News visit={visit} spaces={spaces} notices={notices} />}
      </LiveRegion>
      {props.views.length > 0 && (
        <Section title={t('search.views.title')}>
          <ul>
            {props.views.map((view) => (
              <li key={view.id}>
                <a href={`/search?${view.query}`}>
                  <bdi>{view.name}</bdi>
                </a>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Row>
        {props.mayWrite && <LinkButton href="/spaces" label={t('today.write')} plain />}
        {props.mayReport && <LinkButton href="/incidents/open" label={t('today.report')} plain />}
        <LinkButton href="/search" label={t('search.navigation')} plain />
        <LinkButton href="/directory/now" label={t('today.who-answers')} plain />
      </Row>
    </Framed>
  )
}

function Standing({ visit, onDuty, silent, waiting }: TodayProps) {
  const { t, language, viewer, services } = visit
  const now = services.clock.now()
  const names = formatList(
    silent.map((peer) => services.nameOf(peer.party, language)),
    language,
  )
  return (
    <p class="quiet small">
      {formatDateTime(now, viewer.person.zone, language, { short: true })} ·{' '}
      {formatTime(now, 'UTC', language, { zoneLabel: true })} · {onDutyInWords(onDuty[0], t)} ·{' '}
      {silent.length === 0
        ? t('today.all-reachable')
        : t('today.unreachable', { parties: names, count: silent.length })}
      {waiting > 0 && ` · ${t('today.waiting', { count: waiting })}`}
    </p>
  )
}

function onDutyInWords(first: TodayProps['onDuty'][number] | undefined, t: Visit['t']): string {
  if (!first) return t('today.nobody-on-duty')
  const { name, insteadOf: instead } = first
  return instead === undefined ? t('today.on-duty', { name }) : t('today.on-duty-instead', { name, instead })
}

function NeedEntry({ need, visit, nows, heading: Heading = 'h3' }: { need: Need; heading?: 'h2' | 'h3' } & TodayProps) {
  const { t, language, viewer, services } = visit
  const now = (need.space && nows.get(need.space)) || services.clock.now()
  const zone = viewer.person.zone
  const from = need.from && services.nameOf(need.from, language)
  return (
    <Entry
      margin={
        <>
          {need.clock ? (
            <ClockChip
              state={clockState(need.clock, now)}
              text={
                need.clock.dueAt > now
                  ? t('today.left', { time: formatDuration(need.clock.dueAt - now, language) })
                  : clockStateText(need.clock, { services, t, language, zone, now })
              }
            />
          ) : null}
          <Pairs
            items={[
              need.clock && {
                term: t('today.by'),
                detail: `${formatDateTime(need.clock.dueAt, zone, language, { short: true })} · ${formatTime(need.clock.dueAt, 'UTC', language, { zoneLabel: true })}`,
              },
              need.clock && { term: t('today.source'), detail: t(`clocks.source.${need.clock.source}`) },
            ]}
          />
        </>
      }
    >
      <FormLine>{from ? t('today.form-from', { form: t(need.form), party: from }) : t(need.form)}</FormLine>
      <Heading dir="auto">
        <a href={need.href}>{need.headline === '' ? t('today.nothing-to-read') : need.headline}</a>
      </Heading>
      {(need.waitsFor ?? 'me') === 'me' && (
        <Row>
          <LinkButton href={need.href} label={t(need.verb)} />
        </Row>
      )}
    </Entry>
  )
}

function DueEntry({ one: { clock, now, title }, visit }: { one: DueClock; visit: Visit }) {
  const { t, language, viewer, services } = visit
  const reading = { services, t, language, zone: viewer.person.zone, now }
  return (
    <Entry margin={<ClockChip state={clockState(clock, now)} text={clockStateText(clock, reading)} />}>
      <h3>
        <a href={actHref(clock.space, clock.about)}>{owedText(clock, reading)}</a>
      </h3>
      <Quiet small>{title}</Quiet>
    </Entry>
  )
}

function News({ visit, spaces, notices }: Pick<TodayProps, 'visit' | 'spaces' | 'notices'>) {
  const {
    t,
    language,
    viewer,
    services: { nameOf },
  } = visit
  return (
    <Section title={t('today.news')}>
      {notices.map((notice) => (
        <Entry key={notice.id} margin={formatDateTime(notice.at, viewer.person.zone, language, { short: true })}>
          <a href={notice.link}>{noticeText(notice, { t, language, nameOf })}</a>
        </Entry>
      ))}
      {spaces.map((space) => (
        <Entry key={space.id} margin={t('today.unread', { count: space.unread })}>
          <a href={`/spaces/${space.id}?unread#first-unread`}>{space.title}</a>
        </Entry>
      ))}
      {notices.length > 0 && <ButtonForm action="/today/seen" label={t('today.seen')} plain />}
    </Section>
  )
}
