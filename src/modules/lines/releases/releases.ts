import { sql } from 'kysely'
import type { Services } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { ReleaseRow } from './tables.ts'
import './tables.ts'

type Needed = Pick<Services, 'db'>

export type ReleaseState = 'proposed' | 'unanswered' | 'declined' | 'withdrawn' | 'agreed' | 'over'

/** How a proposal or a release stands at `now` (scenario ms in a drill, else real ms). */
export function stateOf({ closed_how, agreed_at, at_ms }: ReleaseRow, now: number): ReleaseState {
  if (closed_how !== null) return closed_how
  if (agreed_at === null) return now < at_ms ? 'proposed' : 'unanswered'
  return now < at_ms ? 'agreed' : 'over'
}

/** How its state looks beside clocks. */
export const chipOf = (state: ReleaseState): 'met' | 'running' | 'open' =>
  state === 'over' ? 'met' : state === 'agreed' || state === 'proposed' ? 'running' : 'open'

export const findRelease = ({ db }: Needed, space: string, hash: string): Promise<ReleaseRow | undefined> =>
  db.selectFrom('view.lines_release').selectAll().where('space', '=', space).where('hash', '=', hash).executeTakeFirst()

/** Releases and proposals of them, no moves, whose time lies ahead by its own clock: what a line can wait for. */
export async function listChoices(services: Services): Promise<ReleaseRow[]> {
  const rows = await services.db
    .selectFrom('view.lines_release')
    .selectAll()
    .where('moves', 'is', null)
    .where('closed_how', 'is', null)
    .where(sql<boolean>`sides ? ${services.party}`)
    .orderBy('at_ms', 'desc')
    .limit(200)
    .execute()
  const nows = await nowsOf(
    services,
    rows.map(({ space }) => space),
  )
  return rows.filter((row) => row.at_ms > (nows.get(row.space) ?? 0)).toReversed()
}

/** What now is in each of these spaces: on the clock of the drill where there is one. */
export async function nowsOf(
  { ledger }: Pick<Services, 'ledger'>,
  spaces: readonly string[],
): Promise<Map<string, number>> {
  const each = await Promise.all(
    [...new Set(spaces)].map(async (space) => [space, await ledger.scenarioNow(space)] as const),
  )
  return new Map(each)
}

/** What holds a line or a read-out back from everybody outside the house. */
export interface Embargo {
  space: string
  release: string
  /** The time that binds, or is proposed; scenario ms in a drill. Undefined where the record does not have it. */
  at?: number
  zone?: string
  state: ReleaseState | 'unknown'
  /** Agreed by all, and the time has come. */
  isOver: boolean
  /** Somebody stated that a side spoke before the time. */
  isBroken: boolean
}

/** What these lines and read-outs wait for; those that wait for nothing are not there. */
export async function readEmbargoes(
  services: Pick<Services, 'db' | 'ledger'>,
  about: readonly string[],
): Promise<Map<string, Embargo>> {
  if (about.length === 0) return new Map()
  const rows = await services.db
    .with('newest', (q) =>
      q
        .selectFrom('home.lines_embargo')
        .selectAll()
        .distinctOn('about')
        .where(sql<boolean>`about = any(${texts([...about])})`)
        .orderBy('about')
        .orderBy('ordinal', 'desc'),
    )
    .selectFrom('newest as e')
    .leftJoin('view.lines_release as r', (on) => on.onRef('r.space', '=', 'e.space').onRef('r.hash', '=', 'e.release'))
    .select(['e.about', 'e.space', 'e.release', 'r.at_ms', 'r.zone', 'r.agreed_at', 'r.closed_how'])
    .select(
      sql<boolean>`exists (select from view.lines_release_break b
      where b.space = e.space and b.proposal = e.release)`.as('is_broken'),
    )
    .where('e.release', 'is not', null)
    .execute()
  const nows = await nowsOf(
    services,
    rows.flatMap(({ space, at_ms }) => (space === null || at_ms === null ? [] : [space])),
  )
  return new Map(
    rows.map(({ about: of, space, release, at_ms, zone, agreed_at, closed_how, is_broken }) => {
      const known = at_ms !== null && zone !== null
      const now = nows.get(space ?? '') ?? 0
      const state = known ? stateOf({ closed_how, agreed_at, at_ms } as ReleaseRow, now) : 'unknown'
      const embargo: Embargo = {
        space: space ?? '',
        release: release ?? '',
        ...(known && { at: at_ms, zone }),
        state,
        isOver: state === 'over',
        isBroken: is_broken,
      }
      return [of, embargo]
    }),
  )
}
