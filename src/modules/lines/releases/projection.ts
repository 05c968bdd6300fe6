import { sql } from 'kysely'
import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct, SpaceFacts } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import * as acts from './acts.ts'
import type { ReleaseRow } from './tables.ts'

type About = ProjectedAct<z.infer<typeof acts.aboutBody>>

const isSide = (space: SpaceFacts) => (party: string) =>
  space.members.some((one) => one.party === party && one.until === undefined && one.role !== 'observer')

function find(tx: Tx, space: string, hash: string): Promise<ReleaseRow | undefined> {
  return tx
    .selectFrom('view.lines_release')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

async function change(
  tx: Tx,
  { space, hash }: Pick<ReleaseRow, 'space' | 'hash'>,
  to: Partial<Omit<ReleaseRow, 'sides'>>,
): Promise<void> {
  await tx.updateTable('view.lines_release').set(to).where('space', '=', space).where('hash', '=', hash).execute()
}

/** Agreed, and its time not yet come: what can be moved, and broken. */
const binds = (row: ReleaseRow | undefined, now: number): row is ReleaseRow =>
  row !== undefined && row.moves === null && row.agreed_at !== null && now < row.at_ms

async function projectProposed(tx: Tx, act: ProjectedAct<acts.ProposedBody>): Promise<Effect> {
  const { space, statement, body, scenarioTime: now } = act
  const sides = [statement.author, ...body.with].toSorted()
  if (new Set(sides).size !== sides.length) return { withoutEffect: 'named-twice' }
  if (!sides.every(isSide(space))) return { withoutEffect: 'no-such-side' }
  if (body.at <= now) return { withoutEffect: 'in-the-past' }
  if (body.moves !== undefined) {
    const root = await find(tx, space.id, body.moves)
    if (!binds(root, now) || root.sides.join() !== sides.join()) return { withoutEffect: 'nothing-to-move' }
  }
  await tx
    .insertInto('view.lines_release')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      sides: sql`${JSON.stringify(sides)}::jsonb`,
      at_ms: body.at,
      zone: body.zone,
      moves: body.moves ?? null,
      agreed_at: null,
      closed_how: null,
      closed_by: null,
      moved_by: null,
    })
    .execute()
  return undefined
}

/** The proposal where this party is asked about it and it is still open; else why not. */
async function asked(tx: Tx, act: About): Promise<ReleaseRow | { withoutEffect: string }> {
  const { space, statement, body } = act
  const row = await find(tx, space.id, body.proposal)
  if (!row) return { withoutEffect: 'no-such-release' }
  if (row.author === statement.author || !row.sides.includes(statement.author)) return { withoutEffect: 'not-asked' }
  return row.agreed_at !== null || row.closed_by !== null ? { withoutEffect: 'settled-before' } : row
}

async function projectAgreed(tx: Tx, act: About): Promise<Effect> {
  const { space, statement, scenarioTime: now } = act
  const row = await asked(tx, act)
  if ('withoutEffect' in row) return row
  const root = row.moves === null ? undefined : await find(tx, space.id, row.moves)
  if (row.at_ms <= now || (row.moves !== null && !binds(root, now))) return { withoutEffect: 'too-late' }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('view.lines_release_agreement')
    .values({ space: space.id, proposal: row.hash, party: statement.author, hash: act.hash, at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return { withoutEffect: 'settled-before' }
  const { count } = await tx
    .selectFrom('view.lines_release_agreement')
    .select((q) => q.fn.countAll<number>().as('count'))
    .where('space', '=', space.id)
    .where('proposal', '=', row.hash)
    .executeTakeFirstOrThrow()
  if (Number(count) < row.sides.length - 1) return undefined
  await change(tx, row, { agreed_at: now })
  if (root) await change(tx, root, { at_ms: row.at_ms, zone: row.zone, moved_by: row.hash })
  return undefined
}

async function projectDeclined(tx: Tx, act: About): Promise<Effect> {
  const row = await asked(tx, act)
  if ('withoutEffect' in row) return row
  await change(tx, row, { closed_how: 'declined', closed_by: act.hash })
  return undefined
}

async function projectWithdrawn(tx: Tx, act: About): Promise<Effect> {
  const row = await find(tx, act.space.id, act.body.proposal)
  if (row?.author !== act.statement.author) return { withoutEffect: 'no-such-release' }
  if (row.agreed_at !== null || row.closed_by !== null) return { withoutEffect: 'settled-before' }
  await change(tx, row, { closed_how: 'withdrawn', closed_by: act.hash })
  return undefined
}

async function projectBroken(tx: Tx, act: ProjectedAct<acts.BrokenBody>): Promise<Effect> {
  const { space, statement, body, scenarioTime: now } = act
  const row = await find(tx, space.id, body.proposal)
  if (!row || row.moves !== null || row.agreed_at === null) return { withoutEffect: 'no-such-release' }
  if (!row.sides.includes(statement.author) || !row.sides.includes(body.party)) return { withoutEffect: 'not-asked' }
  if (body.at > now || body.at >= row.at_ms || body.at < row.agreed_at) return { withoutEffect: 'not-before-time' }
  const { party, zone } = body
  const said = { space: space.id, hash: act.hash, idx: act.index, proposal: row.hash, author: statement.author }
  await tx
    .insertInto('view.lines_release_break')
    .values({ ...said, party, happened_at: body.at, zone })
    .execute()
  return undefined
}

const kinds = ['case', 'channel', 'negotiation'] as const

export const releaseActs: readonly ActDefinition[] = [
  {
    type: 'lines.release-proposed',
    body: acts.proposedBody,
    text: acts.proposedText,
    kinds,
    who: 'a member',
    requires:
      'those named are members, the time lies ahead; what moves a release names an agreed one of the same sides',
    effect: 'a time before which none of them speaks in public, or another time for it, is proposed',
    release: 'two-person',
    project: projectProposed,
  },
  {
    type: 'lines.release-agreed',
    body: acts.aboutBody,
    kinds,
    who: 'a side that is asked',
    requires: 'the proposal is open, its time lies ahead, and the time it moves has not come',
    effect: 'this side agrees; with the last one the time binds all, or the earlier time is moved',
    release: 'two-person',
    standsAlone: true,
    project: projectAgreed,
  },
  {
    type: 'lines.release-declined',
    body: acts.aboutBody,
    text: acts.aboutText,
    kinds,
    who: 'a side that is asked',
    requires: 'the proposal is open',
    effect: 'the proposal is off the table; a time agreed before stays',
    release: 'one-person',
    standsAlone: true,
    project: projectDeclined,
  },
  {
    type: 'lines.release-withdrawn',
    body: acts.aboutBody,
    text: acts.aboutText,
    kinds,
    who: 'whoever proposed it',
    requires: 'the proposal is open',
    effect: 'the proposal is off the table; a time agreed before stays',
    release: 'one-person',
    standsAlone: true,
    project: projectWithdrawn,
  },
  {
    type: 'lines.release-broken',
    body: acts.brokenBody,
    text: acts.brokenText,
    kinds,
    who: 'a side of an agreed release',
    requires: 'the party is a side; the moment lies between agreement and the time agreed, and has passed',
    effect: 'this side’s statement that a side, itself perhaps, spoke before the time; nothing follows by itself',
    release: 'two-person',
    standsAlone: true,
    project: projectBroken,
  },
]

export const releaseViews = ['view.lines_release', 'view.lines_release_agreement', 'view.lines_release_break'] as const
