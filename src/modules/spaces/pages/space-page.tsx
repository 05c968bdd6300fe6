import { Fragment } from 'preact'
import { actHref } from '../../../core/module/act-href.ts'
import { hash as actHash } from '../../../core/module/fields.ts'
import type { Answer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { type Clock, clockState } from '../../../core/clocks/index.ts'
import { formatDate } from '../../../text/index.ts'
import {
  ClockChip,
  Details,
  Lead,
  LinkButton,
  LiveRegion,
  PageHead,
  Pairs,
  Quiet,
  Section,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { type ClockReading, clockStateText, owedText } from '../clock-words.ts'
import { getSpace, mayWriteIn } from '../find-space.ts'
import { type Freeze, isDamaged, listFreezes } from '../freezes.ts'
import { listReadMarks, moveReadMark } from '../read-marks.ts'
import { hostText, isMember, partiesText, readersText, stateSentence, titleOf } from '../space-words.ts'
import { loadTimeline, type Timeline, type TimelineItem, timelinePage } from '../timeline.ts'
import { DamagedPanel, FrozenPanel } from './frozen-panel.tsx'
import { Action, ActEntry, RecordKeeping } from './act-entry.tsx'
import { type LeftAct, LeftSection, loadLeft } from './left-section.tsx'
import { TenderedSection } from './tendered-section.tsx'

/** The timeline of one space, oldest first; opening it moves the reader's mark. */
export async function showSpace(visit: Visit): Promise<Answer> {
  const { services, viewer, params, query } = visit
  const space = await getSpace(services, params.space)
  const marks = await listReadMarks(services.db, viewer.person.id, [space.id])
  const readBefore = marks.get(space.id) ?? 0
  const isLongUnread = query.has('unread') && readBefore < space.size - timelinePage
  const from =
    (await pageOf(visit, space, query.get('act'))) ?? (isLongUnread ? readBefore : askedFrom(space, query.get('from')))
  const timeline = await loadTimeline(visit, space, { from, readTo: readBefore })
  const readTo = Math.min(space.size, timeline.from + timelinePage)
  // What a device fetches to keep, nobody has read yet.
  if (!viewer.keeping) {
    await moveReadMark(services.db, { person: viewer.person.id, space: space.id, index: readTo })
    const acts = timeline.items.flatMap((item) => (item.kind === 'act' ? [item.act.shown] : []))
    for (const module of services.modules) await module.wereShown?.(services, viewer, acts)
  }
  const freezes = await listFreezes(services, [space.id])
  const unreadBefore = readBefore < timeline.from ? readBefore : undefined
  const left = await loadLeft(visit, space)
  const shown = { visit, timeline, unreadBefore, freezes, left, damaged: await isDamaged(services, space.id) }
  return { page: <SpacePage {...shown} /> }
}

function askedFrom(space: SpaceFacts, asked: string | null): number | undefined {
  const from = Number(asked ?? Number.NaN)
  return Number.isSafeInteger(from) && from >= 0 ? Math.min(from, space.size) : undefined
}

/** Entries shown before an older act that a link leads to: what was said just before it. */
const leadingEntries = 10

/** First entry of the page that holds an act; undefined where the newest page does, or there is no such act here. */
async function pageOf({ services }: Visit, space: SpaceFacts, hash: string | null): Promise<number | undefined> {
  const act = hash !== null && actHash.safeParse(hash).success ? await services.ledger.findAct(hash) : undefined
  const isOlder = act?.space === space.id && act.index < space.size - timelinePage
  return isOlder ? Math.max(0, act.index - leadingEntries) : undefined
}

interface Shown {
  visit: Visit
  timeline: Timeline
  /** Acts of a record that this node left. */
  left?: readonly LeftAct[]
  /** Entries from here to the page shown have not been read. */
  unreadBefore?: number
  freezes?: readonly Freeze[]
  /** What lies stored of it is not what was stored. */
  damaged?: boolean
}

function SpacePage({ visit, timeline, unreadBefore, freezes = [], left = [], damaged }: Shown) {
  const { space, now } = timeline
  const { services, viewer, t, language } = visit
  const reading: ClockReading = { services, t, language, zone: viewer.person.zone, now }
  const open = [...timeline.owedByUs, ...timeline.owedToUs]
  return (
    <Framed
      visit={visit}
      title={titleOf(space, language)}
      current="/spaces"
      drill={space.drill}
      marking={timeline.ceiling}
    >
      <PageHead
        form={`${t(`spaces.kind.${space.kind}`)} · ${partiesText(space, services, language)}`}
        title={titleOf(space, language)}
        lead={stateSentence(space, open, reading)}
        actions={<SpaceActions visit={visit} timeline={timeline} unreadBefore={unreadBefore} />}
      />
      <FrozenPanel visit={visit} space={space} freezes={freezes} />
      {damaged && <DamagedPanel visit={visit} />}
      <About visit={visit} timeline={timeline} />
      <LiveRegion topic={`space:${space.id}`} id="timeline">
        <LeftSection visit={visit} space={space} left={left} />
        <Obligations timeline={timeline} reading={reading} />
        <Entries visit={visit} timeline={timeline} />
      </LiveRegion>
    </Framed>
  )
}

function SpaceActions({
  visit: { services, viewer, t },
  timeline: { space, firstUnread, verbs },
  unreadBefore,
}: Shown) {
  const here = `/spaces/${space.id}`
  const unread = unreadBefore !== undefined ? `${here}?from=${unreadBefore}` : firstUnread && `#act-${firstUnread}`
  return (
    <>
      {mayWriteIn(services, space) && <LinkButton href={`${here}/write`} label={t('spaces.write.link')} />}
      {mayWriteIn(services, space) &&
        verbs.map((verb) => <Action key={verb.href} action={{ ...verb, primary: false }} t={t} />)}
      {unread && <LinkButton href={unread} label={t('spaces.first-unread')} plain />}
      <a href={`${here}/members`}>{t('spaces.members.link')}</a>
      <a href={`${here}/host`}>{t('spaces.ordering.title')}</a>
      <a href={`${here}/witnessing`}>{t('spaces.witnessing.link')}</a>
      <a href={`${here}/dossier`}>{t('spaces.dossier.link')}</a>
      {space.drill && viewer.may('spaces.drill:manage') && <a href={`${here}/clock`}>{t('spaces.clock.link')}</a>}
    </>
  )
}

/** Who can read, who orders, how narrow it gets: computed from membership, never typed. */
function About({
  visit: { services, viewer, t, language },
  timeline: { space, ceiling, now },
}: {
  visit: Visit
  timeline: Timeline
}) {
  return (
    <>
      <Lead>{space.purpose}</Lead>
      <Pairs
        items={[
          {
            term: t('spaces.about.read-by'),
            detail: readersText(space, services, { t, language }),
          },
          { term: t('spaces.about.ordered-by'), detail: hostText(space, services, { t, language }) },
          space.sealed &&
            !isMember(space, services.party) && {
              term: t('spaces.about.sealed'),
              detail: t('spaces.about.sealed-dark'),
            },
          { term: t('spaces.about.ceiling'), detail: <TlpLabel marking={ceiling} /> },
          space.drill && {
            term: t('spaces.about.drill'),
            // A whole sentence runs as the page does, whatever script the exercise's name is in.
            detail: (
              <span dir={t.direction}>
                {t('spaces.about.drill-now', {
                  name: space.drill.name,
                  date: formatDate(now, viewer.person.zone, language),
                  time: new Date(now).toISOString().slice(11, 16),
                })}
              </span>
            ),
          },
          space.under && {
            term: t('spaces.about.under'),
            detail: <a href={`/spaces/${space.under.space}/acts/${space.under.act}`}>{t('spaces.about.under-act')}</a>,
          },
        ]}
      />
    </>
  )
}

function Obligations({ timeline: { owedByUs, owedToUs }, reading }: { timeline: Timeline; reading: ClockReading }) {
  const { t } = reading
  if (owedByUs.length + owedToUs.length === 0) return null
  return (
    <Section title={t('spaces.obligations.title')} id="obligations">
      <ObligationList title={t('spaces.obligations.ours')} clocks={owedByUs} reading={reading} />
      <ObligationList title={t('spaces.obligations.theirs')} clocks={owedToUs} reading={reading} />
    </Section>
  )
}

function ObligationList({
  title,
  clocks,
  reading,
}: {
  title: string
  clocks: readonly Clock[]
  reading: ClockReading
}) {
  if (clocks.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {clocks.map((clock) => (
          <li key={clock.id}>
            <a href={actHref(clock.space, clock.about)}>{owedText(clock, reading)}</a>{' '}
            <ClockChip state={clockState(clock, reading.now)} text={clockStateText(clock, reading)} />{' '}
            <span class="small quiet">{reading.t(`clocks.source.${clock.source}`)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Entries({ visit, timeline }: { visit: Visit; timeline: Timeline }) {
  const { t, language, viewer, services } = visit
  const { space, items, from, now, pending, firstUnread } = timeline
  const earlier = Math.max(0, from - timelinePage)
  const days = Map.groupBy(items, (item) => formatDate(timeOf(item), viewer.person.zone, language, { weekday: true }))
  return (
    <>
      {from > 0 && (
        <p>
          <a href={`/spaces/${space.id}?from=${earlier}`}>{t('spaces.earlier', { count: from })}</a>
        </p>
      )}
      {[...days].map(([day, ofDay]) => (
        <Section key={day} title={day}>
          {ofDay.map((item) =>
            item.kind === 'act' ? (
              <Fragment key={item.act.shown.act.hash}>
                {item.act.shown.act.hash === firstUnread && <span id="first-unread" />}
                <ActEntry act={item.act} now={now} />
              </Fragment>
            ) : (
              <RecordKeeping key={item.acts[0]?.shown.act.hash} acts={item.acts} />
            ),
          )}
        </Section>
      ))}
      {from + timelinePage < space.size && (
        <p>
          <a href={`/spaces/${space.id}?from=${from + timelinePage}`}>{t('spaces.later')}</a>
        </p>
      )}
      <TenderedSection visit={visit} timeline={timeline} />
      {pending.length > 0 && (
        <Section title={t('spaces.pending.title')}>
          <Quiet>{t('spaces.pending.explained', { host: services.nameOf(space.host, language) })}</Quiet>
          <Details summary={t('spaces.pending.count', { count: pending.length })}>
            <ul>
              {pending.map((one) => (
                <li key={one.hash}>
                  <code>{one.type}</code>
                </li>
              ))}
            </ul>
          </Details>
        </Section>
      )}
    </>
  )
}

const timeOf = (item: TimelineItem): number =>
  item.kind === 'act' ? item.act.shown.act.scenarioTime : (item.acts[0]?.shown.act.scenarioTime ?? 0)
