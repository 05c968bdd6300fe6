import { sql } from 'kysely'
import { type Clock, openClocks } from '../../core/clocks/index.ts'
import type { Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import './tables.ts'

export interface ListedSpace {
  space: SpaceFacts
  open: Clock[]
  /** Entries of others that this person has not seen. */
  unread: number
  /** Scenario ms in a drill, else real ms. */
  now: number
}

/** Every space we are in but the registers, newest first, with a fixed number of queries. */
export async function listSpaces(services: Services, viewer: Viewer): Promise<ListedSpace[]> {
  const all = await services.ledger.list({ member: services.party })
  const spaces = all.filter((space) => space.kind !== 'register').toSorted((a, b) => b.time - a.time)
  const [open, unread, nows] = await Promise.all([
    openClocks(services.db),
    countUnread(services, viewer.person.id, spaces),
    Promise.all(spaces.map((space) => (space.drill ? services.ledger.scenarioNow(space) : services.clock.now()))),
  ])
  const bySpace = Map.groupBy(open, (clock) => clock.space)
  return spaces.map((space, index) => ({
    space,
    open: bySpace.get(space.id) ?? [],
    unread: unread.get(space.id) ?? 0,
    now: nows[index] as number,
  }))
}

async function countUnread(services: Services, person: string, spaces: SpaceFacts[]): Promise<Map<string, number>> {
  if (spaces.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('log.entry as entry')
    .leftJoin('home.read_mark as mark', (join) =>
      join.onRef('mark.space', '=', 'entry.space').on('mark.person', '=', person),
    )
    .select(['entry.space', (eb) => eb.fn.countAll<number>().as('count')])
    .where(
      'entry.space',
      'in',
      spaces.map((space) => space.id),
    )
    .where('entry.author', '!=', services.party)
    .where('entry.type', 'not like', 'space.%')
    .where('entry.idx', '>=', sql<number>`coalesce(mark.idx, 0)`)
    .groupBy('entry.space')
    .execute()
  return new Map(rows.map((row) => [row.space, Number(row.count)]))
}
