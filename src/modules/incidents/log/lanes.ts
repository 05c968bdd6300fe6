import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { listParticulars } from '../facts/state-particular.ts'
import { stretchOf } from '../facts/when.ts'
import type { Incident, IncidentState } from '../incident.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** Lanes in the life of an incident; entries of the log stand in those after the second, by their kind. */
export const laneNames = [
  'events',
  'state',
  'record',
  'weighing',
  'attribution',
  'response',
  'law',
  'plan',
  'said',
] as const
export type LaneName = (typeof laneNames)[number]

const lanesOfKinds: readonly [kind: RegExp, lane: LaneName][] = [
  [/^(state-|opened-)/, 'state'],
  [/^(evidence|hypothesis|assessed|regraded|judged|files-|objects-|severity)/, 'weighing'],
  [/^attribution-/, 'attribution'],
  [/^(gate-|option-|response-|sanctions-)/, 'response'],
  [/^(clock-|notification-)/, 'law'],
  [/^plan-/, 'plan'],
  [/^(line|brief|carried|linked)/, 'said'],
]
export const laneOf = (kind: string): LaneName => lanesOfKinds.find(([sign]) => sign.test(kind))?.[1] ?? 'record'

/** What happened in one lane. Times are ms. */
export interface LoadedLane {
  lane: LaneName
  n: number
  first: number
  last: number
  /** Moments, those close together as one; or stretches. */
  marks: { from: number; until?: number; isOpen?: boolean }[]
}

export interface Life {
  from: number
  until: number
  lanes: LoadedLane[]
}

/** Moments drawn apart: as many as can be told from one another. */
const places = 150

/** The life of an incident from its first event to its close, as far as this person reads it; two queries. */
export async function loadLife(
  services: Services,
  viewer: Viewer,
  { id, state, openedAt }: Pick<Incident, 'id' | 'state' | 'openedAt'>,
): Promise<Life> {
  const [{ rows }, particulars] = await Promise.all([
    sql<{ kind: string; n: number; first: number; last: number }>`
      with mine as materialized (select e.kind, e.at from home.incidents_entry e
        where e.incident = ${id} and ${inSight(services, viewer, 'e.incident')}
          and ${inCompartment(services, viewer, 'e')})
      select kind, count(*)::int as n, min(at) as first, max(at) as last from mine
      group by kind, floor((at - (select min(at) from mine))::numeric * ${places}
        / greatest(1, (select max(at) - min(at) from mine)))
      order by first`.execute(services.db),
    listParticulars(services, viewer, id),
  ])
  const groups = rows.map((row) => ({ ...row, first: Number(row.first), last: Number(row.last) }))
  const events = particulars.flatMap(({ value: { when } }) => {
    const { from, until } = when ? stretchOf(when) : {}
    return from === undefined ? [] : [{ from, ...(until !== undefined && until > from && { until }) }]
  })
  const moments = [openedAt, ...groups.flatMap(({ first, last }) => [first, last])]
  const ends = [...moments, ...events.flatMap(({ from, until = from }) => [from, until])]
  const until = Math.max(...ends, ...(state === 'closed' ? [] : [services.clock.now()]))
  const inLane = (lane: LaneName) => groups.filter(({ kind }) => laneOf(kind) === lane)
  const lanes = laneNames.map((lane): LoadedLane | undefined => {
    if (lane === 'events') return summed(lane, events, events.length)
    const mine = inLane(lane)
    const n = mine.reduce((sum, one) => sum + one.n, 0)
    if (lane === 'state') return summed(lane, statesOf(mine, openedAt, until), n)
    return summed(
      lane,
      mine.map(({ first }) => ({ from: first })),
      n,
    )
  })
  return { from: Math.min(...ends), until, lanes: lanes.filter((one) => one !== undefined) }
}

function summed(lane: LaneName, marks: LoadedLane['marks'], n: number): LoadedLane | undefined {
  if (marks.length === 0) return undefined
  const moments = marks.flatMap(({ from, until = from }) => [from, until])
  return { lane, n, marks, first: Math.min(...moments), last: Math.max(...moments) }
}

/** Stretches in which it was open, contained (drawn lighter) or, with nothing drawn, closed. */
function statesOf(
  steps: readonly { kind: string; first: number }[],
  openedAt: number,
  until: number,
): LoadedLane['marks'] {
  const turns: { at: number; state: IncidentState }[] = [
    { at: openedAt, state: 'open' },
    ...steps
      .filter(({ kind }) => kind.startsWith('state-'))
      .map(({ kind, first }) => ({ at: first, state: kind.slice('state-'.length) as IncidentState })),
  ]
  return turns.flatMap(({ at, state }, place) => {
    const end = turns[place + 1]?.at ?? until
    return state === 'closed' || end < at
      ? []
      : [{ from: at, until: end, ...(state === 'contained' && { isOpen: true }) }]
  })
}
