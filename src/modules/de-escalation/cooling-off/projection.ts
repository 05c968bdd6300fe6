import { sql } from 'kysely'
import type { z } from 'zod'
import { cancelClock, nobodyOwes, startClock } from '../../../core/clocks/index.ts'
import type { Effect, ProjectedAct, SpaceFacts } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import type { aboutBody, BreachBody, breachAnsweredBody, ProposedBody } from './acts.ts'
import type { PeriodRow } from './tables.ts'

/** Regime of the clock of a period. */
export const regime = 'cooling-off'
const longestMs = 366 * 24 * 3_600_000

type About = ProjectedAct<z.infer<typeof aboutBody>>

const isSide = (space: SpaceFacts) => (party: string) =>
  space.members.some((one) => one.party === party && one.until === undefined && one.role !== 'observer')

export async function projectProposed(tx: Tx, act: ProjectedAct<ProposedBody>): Promise<Effect> {
  const { space, statement, body, scenarioTime: now } = act
  const sides = [statement.author, ...body.with].toSorted()
  if (new Set(sides).size !== sides.length) return { withoutEffect: 'named-twice' }
  if (!sides.every(isSide(space))) return { withoutEffect: 'no-such-side' }
  if (body.until <= Math.max(body.from, now)) return { withoutEffect: 'already-over' }
  if (body.until - Math.max(body.from, now) > longestMs) return { withoutEffect: 'too-long' }
  if (!areTermsOf(sides, body)) return { withoutEffect: 'terms-of-nobody' }
  if (body.prolongs !== undefined && !mayProlong(await find(tx, space.id, body.prolongs), { sides, body, now }))
    return { withoutEffect: 'nothing-to-prolong' }
  if (body.insteadOf !== undefined) {
    const before = await find(tx, space.id, body.insteadOf)
    if (!before || !isOpen(before) || !before.sides.includes(statement.author))
      return { withoutEffect: 'nothing-to-replace' }
    await close(tx, act, before, 'replaced')
  }
  await tx
    .insertInto('view.de_escalation_period')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      sides: sql`${JSON.stringify(sides)}::jsonb`,
      from_at: body.from,
      until_at: body.until,
      ends_at: body.until,
      zone: body.zone,
      terms: sql`${JSON.stringify(body.terms)}::jsonb`,
      told: body.told,
      instead_of: body.insteadOf ?? null,
      prolongs: body.prolongs ?? null,
      closed_by: null,
      closed_how: null,
      closed_party: null,
      agreed_by: null,
      agreed_at: null,
      prolonged_by: null,
      ended_by: null,
      ended_party: null,
      ended_at: null,
    })
    .execute()
  return undefined
}

/** Terms name sides, and each its own id; what prolongs a period brings none. */
function areTermsOf(sides: readonly string[], { terms, prolongs }: ProposedBody): boolean {
  if (prolongs !== undefined) return terms.length === 0
  const ids = new Set(terms.map(({ id }) => id))
  return terms.length > 0 && ids.size === terms.length && terms.every(({ party }) => sides.includes(party))
}

const isOpen = (row: PeriodRow) => row.closed_by === null && row.agreed_by === null
const isSame = (one: readonly string[], other: readonly string[]) => one.join() === other.join()

/** Agreed, not ended by notice, and its time not over. */
const stands = (row: PeriodRow, now: number) =>
  row.prolongs === null && row.agreed_by !== null && row.ended_by === null && now <= row.ends_at

function mayProlong(
  root: PeriodRow | undefined,
  { sides, body, now }: { sides: readonly string[]; body: { until: number }; now: number },
): boolean {
  return root !== undefined && stands(root, now) && isSame(root.sides, sides) && body.until > root.ends_at
}

function find(tx: Tx, space: string, hash: string): Promise<PeriodRow | undefined> {
  return tx
    .selectFrom('view.de_escalation_period')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

type Change = Partial<Omit<PeriodRow, 'sides' | 'terms'>>

async function change(tx: Tx, { space, hash }: Pick<PeriodRow, 'space' | 'hash'>, to: Change): Promise<void> {
  await tx
    .updateTable('view.de_escalation_period')
    .set(to)
    .where('space', '=', space)
    .where('hash', '=', hash)
    .execute()
}

const close = (tx: Tx, act: ProjectedAct, row: PeriodRow, how: NonNullable<PeriodRow['closed_how']>) =>
  change(tx, row, { closed_by: act.hash, closed_how: how, closed_party: act.statement.author })

export async function projectAgreed(tx: Tx, act: About): Promise<Effect> {
  const { space, statement, body, scenarioTime: now } = act
  const row = await find(tx, space.id, body.proposal)
  if (!row) return { withoutEffect: 'no-such-proposal' }
  const fault = await whyNotAgreed(tx, row, { author: statement.author, now })
  if (fault) return fault
  const said = { space: space.id, proposal: row.hash, party: statement.author, hash: act.hash, at: now }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('view.de_escalation_agreement')
    .values(said)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return { withoutEffect: 'said-before' }
  const { count } = await tx
    .selectFrom('view.de_escalation_agreement')
    .select((q) => q.fn.countAll<number>().as('count'))
    .where('space', '=', space.id)
    .where('proposal', '=', row.hash)
    .executeTakeFirstOrThrow()
  if (Number(count) === row.sides.length - 1) await takeForce(tx, act, row)
  return undefined
}

async function whyNotAgreed(tx: Tx, row: PeriodRow, { author, now }: { author: string; now: number }): Promise<Effect> {
  if (row.author === author || !row.sides.includes(author)) return { withoutEffect: 'not-asked' }
  if (row.closed_by !== null) return { withoutEffect: 'closed-before' }
  if (row.agreed_by !== null) return { withoutEffect: 'said-before' }
  if (now > row.until_at) return { withoutEffect: 'too-late' }
  if (row.prolongs !== null) {
    const root = await find(tx, row.space, row.prolongs)
    if (!root || !stands(root, now)) return { withoutEffect: 'has-ended' }
    const isLater = mayProlong(root, { sides: row.sides, body: { until: row.until_at }, now })
    return isLater ? undefined : { withoutEffect: 'nothing-to-prolong' }
  }
  const another = (await listOfSides(tx, row)).some((other) => overlaps(other, row, now))
  return another ? { withoutEffect: 'another-runs' } : undefined
}

async function listOfSides(tx: Tx, { space, hash, sides }: PeriodRow): Promise<PeriodRow[]> {
  const rows = await tx
    .selectFrom('view.de_escalation_period')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '!=', hash)
    .where('closed_by', 'is', null)
    .where('ended_by', 'is', null)
    .execute()
  return rows.filter((other) => isSame(other.sides, sides))
}

const overlaps = (other: PeriodRow, row: PeriodRow, now: number) =>
  stands(other, now) && Math.max(row.from_at, now) <= other.ends_at && other.from_at <= row.until_at

/** All sides agreed: the clock starts, or runs longer, and what else they had proposed to each other is off the table. */
async function takeForce(tx: Tx, act: About, row: PeriodRow): Promise<void> {
  await change(tx, row, { agreed_by: act.hash, agreed_at: act.scenarioTime })
  const period = row.prolongs ?? row.hash
  if (row.prolongs !== null) {
    await change(tx, { space: row.space, hash: period }, { ends_at: row.until_at, prolonged_by: row.hash })
    await stopClock(tx, act, period)
  }
  await startClock(tx, act, { regime, source: 'agreed', duty: nobodyOwes, dueAt: row.until_at, about: period })
  for (const other of await listOfSides(tx, row))
    if (isOpen(other) && other.prolongs === row.prolongs) await close(tx, act, other, 'another-agreed')
}

const stopClock = (tx: Tx, act: ProjectedAct, period: string) =>
  cancelClock(tx, act, { about: period, regime, duty: 'anyone' })

export async function projectDeclined(tx: Tx, act: About): Promise<Effect> {
  const { space, statement, body } = act
  const row = await find(tx, space.id, body.proposal)
  if (!row) return { withoutEffect: 'no-such-proposal' }
  if (row.author === statement.author || !row.sides.includes(statement.author)) return { withoutEffect: 'not-asked' }
  if (!isOpen(row)) return { withoutEffect: 'closed-before' }
  const said = await tx
    .selectFrom('view.de_escalation_agreement')
    .select('hash')
    .where('space', '=', space.id)
    .where('proposal', '=', row.hash)
    .where('party', '=', statement.author)
    .executeTakeFirst()
  if (said) return { withoutEffect: 'said-before' }
  await close(tx, act, row, 'declined')
  return undefined
}

export async function projectWithdrawn(tx: Tx, act: About): Promise<Effect> {
  const row = await find(tx, act.space.id, act.body.proposal)
  if (row?.author !== act.statement.author) return { withoutEffect: 'no-such-proposal' }
  if (!isOpen(row)) return { withoutEffect: 'closed-before' }
  await close(tx, act, row, 'withdrawn')
  return undefined
}

export async function projectEnded(tx: Tx, act: About): Promise<Effect> {
  const { space, statement, body, scenarioTime: now } = act
  const row = await find(tx, space.id, body.proposal)
  if (!row || row.prolongs !== null) return { withoutEffect: 'no-such-proposal' }
  if (!row.sides.includes(statement.author)) return { withoutEffect: 'not-asked' }
  if (!stands(row, now)) return { withoutEffect: 'has-ended' }
  await change(tx, row, { ended_by: act.hash, ended_party: statement.author, ended_at: now })
  await stopClock(tx, act, row.hash)
  return undefined
}

export async function projectBreach(tx: Tx, act: ProjectedAct<BreachBody>): Promise<Effect> {
  const { space, statement, body, scenarioTime: now } = act
  const row = await find(tx, space.id, body.proposal)
  if (!row || row.prolongs !== null || row.agreed_at === null) return { withoutEffect: 'no-such-proposal' }
  if (!row.sides.includes(statement.author)) return { withoutEffect: 'not-asked' }
  const term = row.terms.find(({ id }) => id === body.term)
  if (!term || term.party === statement.author) return { withoutEffect: 'no-such-term' }
  const begins = Math.max(row.from_at, row.agreed_at)
  if (body.at < begins || body.at > Math.min(row.ended_at ?? row.ends_at, now))
    return { withoutEffect: 'not-in-the-period' }
  await tx
    .insertInto('view.de_escalation_breach')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      proposal: row.hash,
      author: statement.author,
      party: term.party,
      term: term.id,
      happened_at: body.at,
      zone: body.zone,
      evidence: sql`${JSON.stringify(body.evidence)}::jsonb`,
      at: now,
    })
    .execute()
  return undefined
}

export async function projectBreachAnswered(
  tx: Tx,
  act: ProjectedAct<z.infer<typeof breachAnsweredBody>>,
): Promise<Effect> {
  const { space, statement, body } = act
  const breach = await tx
    .selectFrom('view.de_escalation_breach')
    .select(['party'])
    .where('space', '=', space.id)
    .where('hash', '=', body.statement)
    .executeTakeFirst()
  if (breach?.party !== statement.author) return { withoutEffect: 'not-said-of-them' }
  const row = { space: space.id, hash: act.hash, idx: act.index, statement: body.statement }
  await tx
    .insertInto('view.de_escalation_answer')
    .values({ ...row, author: statement.author, at: act.scenarioTime })
    .execute()
  return undefined
}
