import { type Clock, clocksAbout, clockState } from '../../../core/clocks/index.ts'
import { actHref } from '../../../core/module/act-href.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { ActContent, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatList, isolate } from '../../../text/index.ts'
import { ClockChip, Entry, LinkButton, PageHead, Pairs, Quiet, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { clockStateText, titleOf } from '../../spaces/index.ts'
import { Evidence } from './faces.tsx'
import { beginsAt, loadPeriods, type LoadedPeriod, type PeriodState, stateOf } from './periods.ts'
import { proposalComposer } from './proposal-composer.tsx'
import { TermList } from './term-list.tsx'

type Words = { words?: string | Record<string, string>; toldWords?: string; remarks?: string }

interface Given {
  visit: Visit
  space: SpaceFacts
  /** Scenario ms in a drill, else real ms. */
  now: number
  periods: LoadedPeriod[]
  contents: ReadonlyMap<string, ActContent<unknown, Words>>
  clocks: ReadonlyMap<string, Clock[]>
  mayPropose: boolean
}

/** Periods of a space with their words as far as this person may read them; a fixed number of queries. */
export async function loadCoolingOff(visit: Visit, space: SpaceFacts): Promise<Given> {
  const { services, viewer } = visit
  const [periods, now] = await Promise.all([loadPeriods(services, space), services.ledger.scenarioNow(space)])
  const hashes = periods.flatMap(({ row, breaches }) => [
    row.hash,
    ...breaches.flatMap((breach) => [breach.hash, ...breach.answers.map(({ hash }) => hash)]),
  ])
  const [contents, clocks, mayPropose] = await Promise.all([
    revealedContents<unknown, Words>(services, viewer, hashes),
    clocksAbout(
      services.db,
      periods.map(({ row }) => row.hash),
    ),
    proposalComposer.mayStart(services, viewer, space),
  ])
  return { visit, space, now, periods, contents, clocks, mayPropose }
}

/** The periods of a space: what is undertaken, until when, and what the sides say of each other. */
export function CoolingOffPage(given: Given) {
  const { visit, space, periods, mayPropose } = given
  const { t, language } = visit
  const shown = periods.filter(({ row }) => row.prolongs === null)
  return (
    <Framed visit={visit} title={t('de-escalation.cooling.title')} current="/spaces" drill={space.drill}>
      <PageHead
        form={titleOf(space, language)}
        title={t('de-escalation.cooling.title')}
        lead={t('de-escalation.cooling.lead')}
        actions={
          mayPropose && (
            <LinkButton
              href={`/spaces/${space.id}/write/${proposalComposer.type}`}
              label={t('de-escalation.cooling.wish.proposed')}
            />
          )
        }
      />
      {shown.length === 0 && <Quiet>{t('de-escalation.cooling.none')}</Quiet>}
      {shown.map((period) => (
        <Period key={period.row.hash} {...given} period={period} />
      ))}
      <p>
        <a href={`/spaces/${space.id}`}>{t('de-escalation.cooling.back')}</a>
      </p>
    </Framed>
  )
}

const looks: Partial<Record<PeriodState, string>> = { running: 'due', 'to-come': 'due', proposed: 'due', over: 'done' }

function Period({ period, ...given }: Given & { period: LoadedPeriod }) {
  const { visit, now, contents, clocks } = given
  const { services, viewer, t, language } = visit
  const { row, breaches } = period
  const state = stateOf(row, now)
  const time = (at: number) => formatDateTime(at, viewer.person.zone, language)
  const names = formatList(
    row.sides.map((one) => isolate(services.nameOf(one, language))),
    language,
  )
  const text = contents.get(row.hash)?.text
  const clock = clocks.get(row.hash)?.find((one) => one.cancelledBy === undefined)
  const reading = { services, t, language, zone: viewer.person.zone, now }
  return (
    <Section title={t(`de-escalation.cooling.heading.${state}`, { parties: names })} id={`period-${row.hash}`}>
      <Entry
        margin={
          <>
            <ClockChip state={looks[state] ?? 'open'} text={t(`de-escalation.cooling.state.${state}`)} />
            {clock && <ClockChip state={clockState(clock, now)} text={clockStateText(clock, reading)} />}
            <Pairs
              items={[
                { term: t('de-escalation.cooling.from'), detail: time(beginsAt(row)) },
                { term: t('de-escalation.cooling.until'), detail: time(row.ends_at) },
                { term: t('de-escalation.cooling.told-to'), detail: t(`de-escalation.cooling.told.${row.told}`) },
              ]}
            />
          </>
        }
      >
        <TermList
          sides={row.sides}
          terms={row.terms}
          words={typeof text?.words === 'object' ? text.words : undefined}
          services={services}
          t={t}
          language={language}
        />
        {!text && <Quiet>{t('de-escalation.cooling.words-withheld')}</Quiet>}
        {[text?.toldWords, text?.remarks].map((words) => words && <p dir="auto">{words}</p>)}
        <Signatures {...given} period={period} />
        <Verbs {...given} period={period} state={state} />
        {breaches.map((breach) => (
          <Breach key={breach.hash} {...given} breach={breach} />
        ))}
      </Entry>
    </Section>
  )
}

/** Who said what of it, each by an act of its own. */
function Signatures({ visit, space, period }: Given & { period: LoadedPeriod }) {
  const { services, viewer, t, language } = visit
  const { row, agreements, prolongations } = period
  const line = (key: string, { party, hash, at }: { party: string; hash: string; at?: number | null }) => (
    <li key={hash}>
      <a href={actHref(space.id, hash)}>
        {t(`de-escalation.cooling.headline.${key}`, { party: services.nameOf(party, language) })}
      </a>
      {at ? <> · {formatDateTime(at, viewer.person.zone, language)}</> : null}
    </li>
  )
  return (
    <ul>
      {line('made', { party: row.author, hash: row.hash })}
      {agreements.map((one) => line('agreed', one))}
      {row.closed_by !== null &&
        row.closed_how !== null &&
        line(row.closed_how, { party: row.closed_party ?? '', hash: row.closed_by })}
      {prolongations.map((one) => (
        <li key={one.hash}>
          <a href={actHref(space.id, one.hash)}>
            {t(
              `de-escalation.cooling.prolongation.${one.agreed_at === null ? (one.closed_how ?? 'proposed') : 'agreed'}`,
              {
                party: services.nameOf(one.author, language),
                until: formatDateTime(one.until_at, viewer.person.zone, language),
              },
            )}
          </a>
        </li>
      ))}
      {row.ended_by !== null && line('ended', { party: row.ended_party ?? '', hash: row.ended_by, at: row.ended_at })}
    </ul>
  )
}

/** What this side can do next; every link leads to a form that shows what leaves. */
function Verbs({ visit, space, period, periods, state, now }: Given & { period: LoadedPeriod; state: PeriodState }) {
  const { services, viewer, t } = visit
  const { row, agreements, prolongations } = period
  if (!row.sides.includes(services.party)) return null
  const link = (verb: string, { type, query }: { type: string; query: string }) =>
    viewer.may(`de-escalation.${type}:draft` as never) ? (
      <LinkButton
        key={verb + query}
        plain
        href={`/spaces/${space.id}/write/de-escalation.${type}?${query}`}
        label={t(`de-escalation.cooling.verb.${verb}`)}
      />
    ) : null
  const answers = (one: Pick<typeof row, 'hash' | 'author' | 'prolongs'>, agreed: readonly { party: string }[]) => {
    if (one.author === services.party)
      return [link('withdraw', { type: 'cooling-off-withdrawn', query: `proposal=${one.hash}` })]
    if (agreed.some(({ party }) => party === services.party)) return []
    const key = one.prolongs === null ? '' : '-prolongation'
    const instead = one.prolongs === null ? '' : `&prolongs=${one.prolongs}`
    return [
      link(`agree${key}`, { type: 'cooling-off-agreed', query: `proposal=${one.hash}` }),
      link('instead', { type: 'cooling-off-proposed', query: `insteadOf=${one.hash}${instead}` }),
      link(`decline${key}`, { type: 'cooling-off-declined', query: `proposal=${one.hash}` }),
    ]
  }
  const stands = state === 'running' || state === 'to-come'
  const agreedTo = (hash: string) => periods.find((one) => one.row.hash === hash)?.agreements ?? []
  const open = prolongations.filter((one) => stateOf(one, now) === 'proposed')
  return (
    <Row>
      {state === 'proposed' && answers(row, agreements)}
      {stands && open.flatMap((one) => answers(one, agreedTo(one.hash)))}
      {stands && link('prolong', { type: 'cooling-off-proposed', query: `prolongs=${row.hash}` })}
      {stands && link('end', { type: 'cooling-off-ended', query: `proposal=${row.hash}` })}
      {row.agreed_at !== null && link('state-breach', { type: 'breach-stated', query: `proposal=${row.hash}` })}
    </Row>
  )
}

/** One side's statement and what the other says of it, beside each other; the house adds nothing. */
function Breach({ visit, space, breach, contents, periods }: Given & { breach: LoadedPeriod['breaches'][number] }) {
  const { services, viewer, t, language } = visit
  const name = (party: string) => services.nameOf(party, language)
  const code = periods.find(({ row }) => row.hash === breach.proposal)?.row.terms.find(({ id }) => id === breach.term)
  const said = (hash: string) => {
    const words = contents.get(hash)?.text?.words
    return typeof words === 'string' ? (
      <p dir="auto">{words}</p>
    ) : (
      <Quiet>{t('de-escalation.cooling.words-withheld')}</Quiet>
    )
  }
  const mayAnswer = breach.party === services.party && viewer.may('de-escalation.breach-answered:draft')
  return (
    <section aria-label={t('de-escalation.cooling.form.breach')}>
      <h3>
        <a href={actHref(space.id, breach.hash)}>
          {t('de-escalation.cooling.breach-of', {
            author: name(breach.author),
            party: name(breach.party),
            code: code ? t(`de-escalation.cooling.code.${code.code}`) : '',
          })}
        </a>
      </h3>
      <p>
        <strong>{t('de-escalation.cooling.no-finding', { party: name(breach.author) })}</strong>
      </p>
      <p>
        {t('de-escalation.cooling.happened', {
          time: formatDateTime(breach.happened_at, viewer.person.zone, language),
        })}
      </p>
      {said(breach.hash)}
      <Evidence space={space.id} evidence={breach.evidence} t={t} />
      {breach.answers.length === 0 && (
        <Quiet>{t('de-escalation.cooling.not-answered', { party: name(breach.party) })}</Quiet>
      )}
      {breach.answers.map((answer) => (
        <section key={answer.hash} aria-label={t('de-escalation.cooling.form.answered')}>
          <h4>
            <a href={actHref(space.id, answer.hash)}>
              {t('de-escalation.cooling.headline.answered', { party: name(answer.author) })}
            </a>
          </h4>
          {said(answer.hash)}
        </section>
      ))}
      {mayAnswer && (
        <Row>
          <LinkButton
            plain
            href={`/spaces/${space.id}/write/de-escalation.breach-answered?statement=${breach.hash}`}
            label={t('de-escalation.cooling.verb.reply')}
          />
        </Row>
      )}
    </section>
  )
}
