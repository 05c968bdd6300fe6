import { sql } from 'kysely'
import { type Clock, openClocks } from '../../core/clocks/index.ts'
import type { Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import './tables.ts'

export interface ListedSpace {
  space: SpaceFacts
  open: Clock[]
  /** Entries of others that this person has not seen, counted to 100. */
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

/** Counting stops there: a page says "or more". */
const mostUnread = 100

/** Entries of others since a person's mark, {@link mostUnread} at most for each space. */
async function countUnread(services: Services, person: string, spaces: SpaceFacts[]): Promise<Map<string, number>> {
  if (spaces.length === 0) return new Map()
  const ids = spaces.map(({ id }) => id)
  const { rows } = await sql<{ space: string; count: number }>`
    select s.space, n.count
    from unnest(${ids}::text[]) as s(space)
      left join home.read_mark as mark on mark.space = s.space and mark.person = ${person}
      cross join lateral (
        select count(*) as count from (
          select 1 from log.entry as entry
          where entry.space = s.space and entry.idx >= coalesce(mark.idx, 0)
            and entry.author != ${services.party} and entry.type not like 'space.%'
          limit ${mostUnread}) as one) as n`.execute(services.db)
  return new Map(rows.map((row) => [row.space, Number(row.count)]))
}
