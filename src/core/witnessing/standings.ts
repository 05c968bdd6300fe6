import { sql } from 'kysely'
import { missingFor, mostForAll, noteKeyDigest } from '../../protocol/index.ts'
import type { LogLedger } from '../log/index.ts'
import type { SpaceFacts } from '../module/acts.ts'
import type { Db } from '../storage/types.ts'
import { type Ground, memberOfKey, readGround } from './space-policy.ts'
import type { Level, Standing } from './types.ts'

interface Row {
  kind: 'level' | 'party' | 'witness'
  name: string
  size: number
  at: number
}

/**
 * How far each act from index `from` to `to` has come: one query however many acts and checkpoints there are.
 * A line on a checkpoint of some size covers every entry before that size.
 */
export async function readStandings(
  context: { db: Db; ledger: LogLedger },
  space: SpaceFacts,
  { from, to }: { from: number; to: number },
): Promise<(index: number) => Standing> {
  const ground = await readGround(context, space.id)
  const rows = ground ? await readRows(context.db, ground, from, Math.max(from, to)) : []
  return (index) => standingOf(ground, rows, index)
}

async function readRows(db: Db, { head, members, set }: Ground, from: number, to: number): Promise<Row[]> {
  const count = to - from + 2
  const parties = members.map(({ party }) => party)
  const keys = set.policy.witnesses.map(({ key }) => key).filter((key) => !memberOfKey(members, key))
  const { rows } = await sql<Row>`
    select 'level' as kind, f.level as name, f.size, f.at from log.finality f
    where f.space = ${head.space} and f.size > ${from} and f.size <= coalesce(
      (select min(n.size) from log.finality n where n.space = f.space and n.level = f.level and n.size > ${to}), f.size)
    union all
    select 'party', p.party, c.size, c.time
    from unnest(${parties}::text[]) as p (party) cross join lateral (
      select size, time from log.cosignature
      where space = ${head.space} and party = p.party and size > ${from} order by size limit ${count}) c
    union all
    select 'witness', k.name, l.size, l.time
    from unnest(${keys.map(({ name }) => name)}::text[], ${keys.map(noteKeyDigest)}::text[]) as k (name, key)
    cross join lateral (
      select size, time from log.witness_line
      where space = ${head.space} and name = k.name and key = k.key and size > ${from} order by size limit ${count}) l`.execute(
    db,
  )
  return rows
}

function standingOf(ground: Ground | undefined, rows: readonly Row[], index: number): Standing {
  const covering = rows.filter((row) => row.size > index)
  const parties = firsts(covering, 'party')
  const witnesses = firsts(covering, 'witness')
  const since = Object.fromEntries(
    [...firsts(covering, 'level')].map(([level, at]) => [level, at]),
  ) as Standing['since']
  const missing = ground ? missingAt(ground, index, { parties, witnesses, since }) : noneKnown
  // Lines are stored a moment before what follows from them is written down.
  const has = (level: Level) => since[level] !== undefined || (isAsked(ground, level) && missing[level].length === 0)
  return {
    word: has('confirmed-by-all') ? 'confirmed-by-all' : has('witnessed') ? 'witnessed' : 'on-the-record',
    since,
    holders: listOf(parties)
      .filter(([party]) => party !== ground?.head.host)
      .map(([party, at]) => ({ party, at })),
    witnesses: listOf(witnesses).map(([name, at]) => ({ name, at })),
    missing,
  }
}

/** With nobody but the host in a space, an empty list of who is missing means nothing. */
function isAsked(ground: Ground | undefined, level: Level): boolean {
  if (!ground || ground.head.frozen) return false
  return ground.confirming.length > 0 || (level === 'witnessed' && ground.set.act !== undefined)
}

const noneKnown: Standing['missing'] = { witnessed: [], 'confirmed-by-all': [] }

/** Earliest time of each name on what covers the act. */
function firsts(rows: readonly Row[], kind: Row['kind']): Map<string, number> {
  const first = new Map<string, number>()
  for (const { name, at, kind: one } of rows) {
    if (one === kind) first.set(name, Math.min(at, first.get(name) ?? at))
  }
  return first
}

function listOf(first: Map<string, number>): [string, number][] {
  return [...first].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
}

function missingAt(
  { confirming, members, set }: Ground,
  index: number,
  have: { parties: Map<string, number>; witnesses: Map<string, number>; since: Standing['since'] },
): Record<Level, string[]> {
  const silent = confirming.filter(({ party, since }) => since <= index && !have.parties.has(party))
  const all = have.since['confirmed-by-all'] === undefined ? silent.map(({ party }) => party) : []
  if (have.since.witnessed !== undefined) return { witnessed: [], 'confirmed-by-all': all }
  if (!set.act && confirming.length <= mostForAll) return { witnessed: all, 'confirmed-by-all': all }
  const there = set.policy.witnesses.filter(({ key }) => {
    const member = memberOfKey(members, key)
    return member ? have.parties.has(member.party) : have.witnesses.has(key.name)
  })
  const names = missingFor(set.policy, new Set(there.map(({ name }) => name)))
  const nameOf = (name: string) => set.policy.witnesses.find((one) => one.name === name)?.key.name ?? name
  return { witnessed: names.map(nameOf), 'confirmed-by-all': all }
}
