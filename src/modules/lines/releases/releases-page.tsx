import { actHref } from '../../../core/module/act-href.ts'
import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatList, isolate } from '../../../text/index.ts'
import { ClockChip, Entry, LinkButton, PageHead, Pairs, Quiet, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { titleOf } from '../../spaces/index.ts'
import { languageText } from '../pages/parts.tsx'
import type { ListedProposal, ListedRelease, Releases } from './list-releases.ts'
import { releaseActions } from './release-actions.ts'
import { chipOf } from './releases.ts'
import type { Waiting } from './waiting-for.ts'

interface Props {
  visit: Visit
  space: SpaceFacts
  found: Releases
  mayPropose: boolean
}

/** Which times of release were proposed and agreed in a space, what became of them, and what of ours waits for each. */
export function ReleasesPage({ visit, space, found, mayPropose }: Props) {
  const { t, language } = visit
  return (
    <Framed visit={visit} title={t('lines.releases.title')} current="/spaces" drill={space.drill}>
      <PageHead
        form={titleOf(space, language)}
        title={t('lines.releases.title')}
        lead={t('lines.releases.lead')}
        actions={
          mayPropose && (
            <LinkButton
              href={`/spaces/${space.id}/write/lines.release-proposed`}
              label={t('lines.release.wish.proposed')}
            />
          )
        }
      />
      {found.releases.length === 0 && <Quiet>{t('lines.releases.none')}</Quiet>}
      {found.releases.map((release) => (
        <Release key={release.row.hash} visit={visit} space={space} now={found.now} release={release} />
      ))}
      {found.withheld > 0 && <Quiet small>{t('lines.releases.withheld', { count: found.withheld })}</Quiet>}
      <p>
        <a href={`/spaces/${space.id}`}>{t('lines.releases.back')}</a>
      </p>
    </Framed>
  )
}

type One<T> = { visit: Visit; space: SpaceFacts; now: number; release: T }

function Release(props: One<ListedRelease>) {
  const { visit, release } = props
  const { t, services, viewer, language } = visit
  const { row, state, text, breaks } = release
  const time = (ms: number, zone = viewer.person.zone) => formatDateTime(ms, zone, language)
  const times = [...new Set([viewer.person.zone, row.zone, 'UTC'].map((zone) => time(row.at_ms, zone)))]
  const names = row.sides.map((one) => isolate(services.nameOf(one, language)))
  return (
    <Section title={text.subject} id={`release-${row.hash}`}>
      <Entry
        margin={
          <>
            <ClockChip state={chipOf(state)} text={t(`lines.release.state.${state}`)} />
            <Pairs
              items={[
                { term: t('lines.release.not-before'), detail: formatList(times, language) },
                { term: t('lines.release.sides'), detail: formatList(names, language) },
              ]}
            />
          </>
        }
      >
        {text.words !== '' && <p dir="auto">{text.words}</p>}
        <Course {...props} />
        {breaks.map((one) => (
          <p key={one.hash}>
            <strong>{t('lines.release.headline.broken', { party: services.nameOf(one.author, language) })}</strong>{' '}
            {t('lines.release.broken-by', {
              party: services.nameOf(one.party, language),
              time: time(one.happened_at),
            })}{' '}
            <a href={actHref(row.space, one.hash)}>{t('lines.releases.see')}</a>
          </p>
        ))}
        <Waits {...props} />
        {release.moves.map((move) => (
          <Move key={move.row.hash} {...props} release={move} />
        ))}
        <Actions {...props} />
      </Entry>
    </Section>
  )
}

/** Who proposed, who agreed and when, who was asked and is silent. */
function Course({ visit, release: { row, agreed, asked, state } }: One<ListedProposal>) {
  const { t, services, viewer, language } = visit
  const name = (party: string) => services.nameOf(party, language)
  return (
    <ul>
      <li>
        <a href={actHref(row.space, row.hash)}>{t('lines.releases.proposed-by', { party: name(row.author) })}</a>
      </li>
      {agreed.map(({ party, hash, at }) => (
        <li key={hash}>
          <a href={actHref(row.space, hash)}>{t('lines.release.headline.agreed', { party: name(party) })}</a> ·{' '}
          {formatDateTime(at, viewer.person.zone, language)}
        </li>
      ))}
      {row.closed_by !== null && (state === 'declined' || state === 'withdrawn') && (
        <li>
          <a href={actHref(row.space, row.closed_by)}>{t(`lines.releases.closed.${state}`)}</a>
        </li>
      )}
      {asked.length > 0 && <li>{t('lines.releases.asked', { parties: formatList(asked.map(name), language) })}</li>}
    </ul>
  )
}

/** Another time that was proposed for an agreed one. */
function Move(props: One<ListedProposal>) {
  const { visit, release } = props
  const { t, viewer, language } = visit
  const time = formatDateTime(release.row.at_ms, viewer.person.zone, language)
  return (
    <>
      <h3>{t(`lines.releases.move.${release.state === 'over' ? 'agreed' : release.state}`, { time })}</h3>
      <Course {...props} />
      <Actions {...props} />
    </>
  )
}

function Actions({ visit, now, release: { row, agreed } }: One<ListedProposal>) {
  const { t, services, viewer } = visit
  const { party } = services
  const hasAgreed = agreed.some((one) => one.party === party)
  const actions = releaseActions(row, { party, viewer, now, hasAgreed })
  if (actions.length === 0) return null
  return (
    <Row>
      {actions.map(({ href, label, primary }) => (
        <LinkButton key={href} plain={!primary} href={href} label={t(label)} />
      ))}
    </Row>
  )
}

/** At home: what is said, printed and copied once the time has come, and what is still missing of it. */
function Waits({ visit, release: { waits } }: One<ListedRelease>) {
  const { t } = visit
  return (
    <>
      <h3>{t('lines.releases.waits')}</h3>
      {waits.length === 0 ? (
        <Quiet>{t('lines.releases.waits-nothing')}</Quiet>
      ) : (
        <ul>
          {waits.map((one) => (
            <li key={one.href}>
              <WaitingWords visit={visit} one={one} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function WaitingWords({ visit, one }: { visit: Visit; one: Waiting }) {
  const { t, language } = visit
  if (one.kind === 'read-out')
    return (
      <>
        <a href={one.href}>{t('read-outs.title')}</a> ·{' '}
        {one.isReady ? t('lines.releases.ready') : <strong>{t('read-outs.not-cleared')}</strong>}
      </>
    )
  const missing = one.languages.filter(({ isReady }) => !isReady)
  return (
    <>
      <bdi>{one.codeName}</bdi> · {t(`lines.kind.${one.line.kind}`)} ·{' '}
      <a href={one.href}>
        <span dir="auto" lang={one.line.language}>
          {one.line.wording.words}
        </span>
      </a>{' '}
      ·{' '}
      {missing.length === 0
        ? t('lines.releases.ready-in', {
            languages: formatList(
              one.languages.map((each) => languageText(visit, each.language)),
              language,
            ),
          })
        : missing.map((each) => (
            <strong key={each.language}>
              {languageText(visit, each.language)}: {t(`lines.state.${each.state}`)}.{' '}
            </strong>
          ))}
    </>
  )
}
