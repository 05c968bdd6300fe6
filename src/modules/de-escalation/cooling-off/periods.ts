import type { Services, SpaceFacts } from '../../../core/module/types.ts'
import type { BreachRow, PeriodRow } from './tables.ts'

type Needed = Pick<Services, 'db'>

export type PeriodState =
  | 'proposed'
  | 'unanswered'
  | NonNullable<PeriodRow['closed_how']>
  | 'to-come'
  | 'running'
  | 'over'
  | 'ended'

/** How a proposal or a period stands at `now` (scenario ms in a drill, else real ms). */
export function stateOf(row: PeriodRow, now: number): PeriodState {
  if (row.ended_by !== null) return 'ended'
  if (row.closed_how !== null) return row.closed_how
  if (row.agreed_at === null) return now > row.until_at ? 'unanswered' : 'proposed'
  if (now > row.ends_at) return 'over'
  return now < row.from_at ? 'to-come' : 'running'
}

/** When it begins or began: as proposed, or with the last agreement where that came later. */
export const beginsAt = (row: PeriodRow): number => Math.max(row.from_at, row.agreed_at ?? row.from_at)

export function findPeriod({ db }: Needed, space: string, hash: string): Promise<PeriodRow | undefined> {
  return db
    .selectFrom('view.de_escalation_period')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

export function findBreach({ db }: Needed, space: string, hash: string): Promise<BreachRow | undefined> {
  return db
    .selectFrom('view.de_escalation_breach')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

/** Proposals and periods of one space with who agreed and what was said of them, newest first. */
export async function loadPeriods({ db }: Needed, space: Pick<SpaceFacts, 'id'>) {
  const [periods, agreements, breaches, answers] = await Promise.all([
    db
      .selectFrom('view.de_escalation_period')
      .selectAll()
      .where('space', '=', space.id)
      .orderBy('idx', 'desc')
      .limit(200)
      .execute(),
    db
      .selectFrom('view.de_escalation_agreement')
      .selectAll()
      .where('space', '=', space.id)
      .orderBy('at')
      .limit(1_000)
      .execute(),
    db
      .selectFrom('view.de_escalation_breach')
      .selectAll()
      .where('space', '=', space.id)
      .orderBy('idx')
      .limit(500)
      .execute(),
    db
      .selectFrom('view.de_escalation_answer')
      .selectAll()
      .where('space', '=', space.id)
      .orderBy('idx')
      .limit(1_000)
      .execute(),
  ])
  return periods.map((row) => ({
    row,
    agreements: agreements.filter(({ proposal }) => proposal === row.hash),
    prolongations: periods.filter(({ prolongs }) => prolongs === row.hash),
    breaches: breaches
      .filter(({ proposal }) => proposal === row.hash)
      .map((breach) => ({ ...breach, answers: answers.filter(({ statement }) => statement === breach.hash) })),
  }))
}
export type LoadedPeriod = Awaited<ReturnType<typeof loadPeriods>>[number]

/** Proposals that nobody closed and periods that nobody ended, in all spaces, latest end first; their time may be over. */
export function listStanding({ db }: Needed): Promise<PeriodRow[]> {
  return db
    .selectFrom('view.de_escalation_period')
    .selectAll()
    .where('closed_by', 'is', null)
    .where('ended_by', 'is', null)
    .orderBy('ends_at', 'desc')
    .limit(200)
    .execute()
}

/** Statements of a breach about a party that it has not answered. */
export function listUnansweredBreaches({ db }: Needed, party: string): Promise<BreachRow[]> {
  return db
    .selectFrom('view.de_escalation_breach as breach')
    .leftJoin('view.de_escalation_answer as answer', (join) =>
      join.onRef('answer.space', '=', 'breach.space').onRef('answer.statement', '=', 'breach.hash'),
    )
    .selectAll('breach')
    .where('breach.party', '=', party)
    .where('answer.hash', 'is', null)
    .orderBy('breach.at')
    .limit(50)
    .execute()
}

/** The period that runs in a space now, the one that ends last where there are several. */
export async function findRunning(
  { db, ledger }: Pick<Services, 'db' | 'ledger'>,
  space: SpaceFacts,
): Promise<PeriodRow | undefined> {
  const rows = await db
    .selectFrom('view.de_escalation_period')
    .selectAll()
    .where('space', '=', space.id)
    .where('agreed_at', 'is not', null)
    .where('ended_by', 'is', null)
    .where('prolongs', 'is', null)
    .orderBy('ends_at', 'desc')
    .limit(20)
    .execute()
  if (rows.length === 0) return undefined
  const now = await ledger.scenarioNow(space)
  return rows.find((row) => stateOf(row, now) === 'running')
}
