import type { Selectable } from 'kysely'
import type { Reader } from '../../core/storage/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { Attempt } from './acts.ts'
import type { Asked } from './plan-challenge.ts'
import './tables.ts'

export type ChallengeRow = Selectable<Tables['view.checks_challenge']>
export type ResultRow = Selectable<Tables['view.checks_result']>
export type AnnouncementRow = Selectable<Tables['view.checks_announcement']>
export type TargetRow = Selectable<Tables['home.checks_target']>

/** A round of ours together with the terms of its campaign. */
export type RoundRow = Awaited<ReturnType<typeof listRounds>>[number]

export function listRounds(db: Reader, filter: { round?: string } = {}) {
  return db
    .selectFrom('home.checks_round as r')
    .innerJoin('home.checks_campaign as c', 'c.id', 'r.campaign')
    .select(['r.id', 'r.campaign', 'r.number', 'r.opens_at', 'r.closes_at'])
    .select(['c.network', 'c.office', 'c.announced', 'c.kind', 'c.sample', 'c.within', 'c.lasts', 'c.cadence'])
    .select(['c.zone', 'c.first_at', 'c.ended_at', 'c.started_by'])
    .$if(filter.round !== undefined, (query) => query.where('r.id', '=', filter.round as string))
    .orderBy('r.opens_at', 'desc')
    .orderBy('r.id')
    .limit(200)
    .execute()
}

export function listTargets(db: Reader, rounds: readonly string[]): Promise<TargetRow[]> {
  if (rounds.length === 0) return Promise.resolve([])
  return db
    .selectFrom('home.checks_target')
    .selectAll()
    .where('round', 'in', [...rounds])
    .orderBy('party')
    .execute()
}

/** Challenges that we sent in these rounds, by round and party, in the order they were sent. */
export async function askedIn(
  db: Reader,
  author: string,
  rounds: readonly string[],
): Promise<(round: string, party: string) => (Asked & { hash: string; space: string })[]> {
  const rows = rounds.length === 0 ? [] : await challenges(db, author, rounds)
  const byTarget = Map.groupBy(rows, ({ round, addressee }) => `${round} ${addressee}`)
  return (round, party) =>
    (byTarget.get(`${round} ${party}`) ?? []).map((row) => ({
      hash: row.hash,
      space: row.space,
      attempt: row.attempt as Attempt,
      contact: row.contact,
      sentAt: row.sent_at,
      dueAt: row.due_at,
      ...(row.answered_at !== null && { answeredAt: row.answered_at }),
    }))
}

const challenges = (db: Reader, author: string, rounds: readonly string[]) =>
  db
    .selectFrom('view.checks_challenge')
    .selectAll()
    .where('author', '=', author)
    .where('round', 'in', [...rounds])
    .orderBy('idx')
    .execute()

export async function listChallenges(db: Reader, hashes: readonly string[]): Promise<Map<string, ChallengeRow>> {
  if (hashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('view.checks_challenge')
    .selectAll()
    .where('hash', 'in', [...hashes])
    .execute()
  return new Map(rows.map((row) => [row.hash, row]))
}

export function findChallenge(db: Reader, hash: string): Promise<ChallengeRow | undefined> {
  return db.selectFrom('view.checks_challenge').selectAll().where('hash', '=', hash).executeTakeFirst()
}

/** Challenges to a party, newest first; `open`: those that wait for its answer. */
export function listChallengesTo(db: Reader, party: string, { open }: { open: boolean }): Promise<ChallengeRow[]> {
  return db
    .selectFrom('view.checks_challenge')
    .selectAll()
    .where('addressee', '=', party)
    .$if(open, (query) => query.where('answered_by', 'is', null))
    .orderBy('sent_at', 'desc')
    .orderBy('hash')
    .limit(100)
    .execute()
}

/** What members of our networks published, newest first. */
export function listResults(db: Reader, rounds?: readonly string[]): Promise<ResultRow[]> {
  if (rounds?.length === 0) return Promise.resolve([])
  return db
    .selectFrom('view.checks_result')
    .selectAll()
    .$if(rounds !== undefined, (query) => query.where('round', 'in', [...(rounds ?? [])]))
    .orderBy('closes_at', 'desc')
    .orderBy('hash')
    .limit(100)
    .execute()
}

export function listAnnouncements(db: Reader): Promise<AnnouncementRow[]> {
  return db
    .selectFrom('view.checks_announcement')
    .selectAll()
    .orderBy('opens_at', 'desc')
    .orderBy('hash')
    .limit(100)
    .execute()
}
