import { actHref } from '../../../core/module/act-href.ts'
import { clocksAbout, clockState } from '../../../core/clocks/index.ts'
import type { Clock } from '../../../core/clocks/types.ts'
import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import { ClockChip, Pairs, Time } from '../../../web/index.ts'
import type {
  FactsContestedBody,
  IncidentProse,
  PreservationConfirmedBody,
  PreservationRequestedBody,
} from '../acts.ts'
import { type ContestRow, listContests, listPreservations, listTakenUp, type PreservationRow } from '../queries.ts'

type Props<B, F = unknown> = Omit<FaceProps<B, IncidentProse>, 'facts'> & { facts?: F }

function ProseDocument({ shown }: Props<unknown>) {
  const text = shown.content?.text
  if (!text) return null
  return (
    <>
      <h3 dir="auto">{text.subject}</h3>
      {text.paragraphs.map((paragraph, index) => (
        <p key={index} dir="auto">
          {paragraph}
        </p>
      ))}
    </>
  )
}

const subjectOf = ({ shown, t }: Props<unknown>) => shown.content?.text?.subject ?? t('incidents.acts.withheld-subject')

/** A day as words; days of acts are calendar days and belong to no zone. */
const dayIn = (day: string, language: string) => formatDate(Date.parse(`${day}T00:00:00Z`), 'UTC', language)

interface ContestFacts {
  row: ContestRow
  incident?: string
}

export const factsContestedFace: ActFace<FactsContestedBody, IncidentProse> = {
  type: 'incidents.facts-contested',
  form: (t) => t('incidents.acts.contested'),
  headline: subjectOf,
  Document: ProseDocument,
  async load(services, acts, viewer) {
    const hashes = acts.map((one) => one.act.hash)
    const [rows, takenUp] = await Promise.all([
      listContests(services.db, hashes),
      listTakenUp(services, viewer, hashes),
    ])
    return new Map([...rows].map(([hash, row]) => [hash, { row, incident: takenUp.get(hash) } satisfies ContestFacts]))
  },
  async margin({ shown, t, facts }: Props<FactsContestedBody, ContestFacts>) {
    const body = shown.content?.body
    if (!body) return null
    return (
      <>
        <Pairs items={[{ term: t('incidents.acts.ground'), detail: t(`incidents.ground.${body.ground}`) }]} />
        <p>
          <a href={`#act-${body.about}`}>{t('incidents.acts.contests-this')}</a>
        </p>
        {facts?.incident && (
          <p>
            <a href={`/incidents/${facts.incident}`}>{t('incidents.acts.taken-up')}</a>
          </p>
        )}
      </>
    )
  },
  async actions({ shown, services, viewer, facts }: Props<FactsContestedBody, ContestFacts>): Promise<ActAction[]> {
    if (!facts || facts.incident || facts.row.about_author !== services.party || !viewer.may('incidents:draft'))
      return []
    return [
      {
        label: 'incidents.action.take-up',
        method: 'GET',
        href: `/incidents/contests/${shown.act.hash}/take-up`,
        primary: true,
      },
    ]
  },
}

interface RequestFacts {
  row: PreservationRow
  clock?: Clock
  /** Scenario or real now, ms. */
  now: number
}

export const preservationRequestedFace: ActFace<PreservationRequestedBody, IncidentProse> = {
  type: 'incidents.preservation-requested',
  form: (t) => t('incidents.acts.preservation-requested'),
  headline: subjectOf,
  Document: ProseDocument,
  async load(services, acts) {
    const hashes = acts.map((one) => one.act.hash)
    const [rows, clocks] = await Promise.all([listPreservations(services.db, hashes), clocksAbout(services.db, hashes)])
    const entries = await Promise.all(
      [...rows].map(async ([hash, row]) => {
        const now = await services.ledger.scenarioNow(row.space)
        return [hash, { row, clock: clocks.get(hash)?.[0], now } satisfies RequestFacts] as const
      }),
    )
    return new Map(entries)
  },
  async margin({ shown, services, viewer, t, language, facts }: Props<PreservationRequestedBody, RequestFacts>) {
    const body = shown.content?.body
    if (!body) return null
    return (
      <>
        <Pairs
          items={[
            facts && { term: t('incidents.acts.asked'), detail: services.nameOf(facts.row.addressee, language) },
            { term: t('incidents.acts.deleted-on'), detail: dayIn(body.deletionDate, language) },
            { term: t('incidents.acts.keep-until'), detail: dayIn(body.keepUntil, language) },
            { term: t('incidents.acts.deadline'), detail: t(`incidents.source.${body.source}`) },
          ]}
        />
        {facts?.clock && (
          <p>
            <ClockChip
              state={clockState(facts.clock, facts.now)}
              text={t(`incidents.clock.${clockState(facts.clock, facts.now)}`)}
            />{' '}
            <Time ms={facts.clock.metAt ?? facts.clock.dueAt} zone={viewer.person.zone} language={language} short />
          </p>
        )}
      </>
    )
  },
  async actions({
    shown,
    services,
    viewer,
    facts,
  }: Props<PreservationRequestedBody, RequestFacts>): Promise<ActAction[]> {
    if (!facts || facts.row.confirmed_by !== null || facts.row.addressee !== services.party) return []
    if (!viewer.may('incidents.preservation-confirmed:draft')) return []
    return [
      {
        label: 'incidents.action.confirm-preservation',
        method: 'GET',
        primary: true,
        href: `/spaces/${shown.space.id}/write/incidents.preservation-confirmed?request=${shown.act.hash}`,
      },
    ]
  },
}

export const preservationConfirmedFace: ActFace<PreservationConfirmedBody, IncidentProse> = {
  type: 'incidents.preservation-confirmed',
  form: (t) => t('incidents.acts.preservation-confirmed'),
  headline: subjectOf,
  Document: ProseDocument,
  async margin({ shown, t, language }: Props<PreservationConfirmedBody>) {
    const body = shown.content?.body
    if (!body) return null
    return (
      <>
        <Pairs items={[{ term: t('incidents.acts.kept-until'), detail: dayIn(body.keptUntil, language) }]} />
        <p>
          <a href={actHref(shown.space.id, body.request)}>{t('incidents.acts.answers-this')}</a>
        </p>
      </>
    )
  },
}
