import { sql } from 'kysely'
import type { SpaceKind } from '../../protocol/index.ts'
import { isSealed, toBase64url } from '../../protocol/index.ts'
import type { SpaceFacts, SpaceMember } from '../module/types.ts'
import type { Reader } from '../storage/types.ts'
import type { ClockSetting } from './drill-clock.ts'

/** Facts of the given spaces as projected, in the order of their newest act; spaces without projection are left out. */
export async function readSpaceFacts(db: Reader, spaces: readonly string[]): Promise<SpaceFacts[]> {
  if (spaces.length === 0) return []
  const rows = await db
    .selectFrom('view.space as v')
    .innerJoin('log.space as l', 'l.space', 'v.space')
    .where('v.space', 'in', spaces)
    .select([
      'v.space',
      'v.kind',
      'v.title',
      'v.purpose',
      'v.host',
      'v.drill',
      'v.terms',
      'v.under',
      'l.hosted',
      'l.size',
      'l.root',
      'l.time',
    ])
    .orderBy('l.time', 'desc')
    .orderBy('v.space')
    .execute()
  const members = Map.groupBy(await readMembers(db, spaces), (member) => member.space)
  return rows.map(({ space, root, drill, under, ...row }) => ({
    ...row,
    id: space,
    root: toBase64url(root),
    members: (members.get(space) ?? []).map(memberOf),
    ...(isSealed(row.terms) ? { sealed: true } : {}),
    ...(drill ? { drill } : {}),
    ...(under ? { under } : {}),
  }))
}

/** Ids of spaces by kind, by a party that belongs to them now, and of those given. Registers only when asked for. */
export async function findSpaces(
  db: Reader,
  filter: { kind?: SpaceKind; member?: string; among?: readonly string[] },
): Promise<string[]> {
  const { kind, member, among } = filter
  let query = db.selectFrom('view.space as v').select('v.space')
  if (kind) query = query.where('v.kind', '=', kind)
  else if (!among) query = query.where('v.kind', '!=', 'register')
  if (among) query = query.where('v.space', '=', sql<string>`any(${among})`)
  if (member !== undefined) {
    query = query
      .innerJoin('view.member as m', 'm.space', 'v.space')
      .where('m.party', '=', member)
      .where('m.until', 'is', null)
  }
  return (await query.execute()).map((row) => row.space)
}

/** Settings of a drill space's clock in order. */
export async function readClockSettings(db: Reader, spaces: readonly string[]): Promise<Map<string, ClockSetting[]>> {
  if (spaces.length === 0) return new Map()
  const rows = await db
    .selectFrom('view.drill_clock')
    .selectAll()
    .where('space', 'in', spaces)
    .orderBy('space')
    .orderBy('idx')
    .execute()
  const bySpace = Map.groupBy(rows, (row) => row.space)
  return new Map(
    [...bySpace].map(([space, settings]) => [
      space,
      settings.map((row) => ({
        index: row.idx,
        setAt: row.set_at,
        scenario: row.scenario,
        rate: row.rate,
      })),
    ]),
  )
}

async function readMembers(db: Reader, spaces: readonly string[]) {
  return db
    .selectFrom('view.member')
    .selectAll()
    .where('space', 'in', spaces)
    .orderBy('since')
    .orderBy('party')
    .execute()
}

function memberOf(row: Awaited<ReturnType<typeof readMembers>>[number]): SpaceMember {
  const { party, role, since, until } = row
  return { party, role, since, ...(until === null ? {} : { until }) }
}
