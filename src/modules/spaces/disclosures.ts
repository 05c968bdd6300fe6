import type { Reader } from '../../core/storage/types.ts'
import './tables.ts'

export interface DisclosureAnswer {
  party: string
  answer: 'consented' | 'refused'
  hash: string
  at: number
}

export interface Disclosure {
  space: string
  request: string
  author: string
  purpose: string
  audience: string
  requestedAt: number
  acts: string[]
  answers: DisclosureAnswer[]
}

/** Requests of these spaces with the acts they name and what was answered, oldest first. */
export async function listDisclosures(db: Reader, spaces: string[]): Promise<Disclosure[]> {
  if (spaces.length === 0) return []
  const requests = await db
    .selectFrom('view.spaces_disclosure')
    .selectAll()
    .where('space', 'in', spaces)
    .orderBy('space')
    .orderBy('idx')
    .execute()
  if (requests.length === 0) return []
  const [acts, answers] = await Promise.all([
    db.selectFrom('view.spaces_disclosure_act').selectAll().where('space', 'in', spaces).orderBy('act').execute(),
    db
      .selectFrom('view.spaces_disclosure_answer')
      .selectAll()
      .where('space', 'in', spaces)
      .orderBy('answered_at')
      .execute(),
  ])
  const named = Map.groupBy(acts, (row) => row.request)
  const answered = Map.groupBy(answers, (row) => row.request)
  return requests.map((row) => ({
    space: row.space,
    request: row.request,
    author: row.author,
    purpose: row.purpose,
    audience: row.audience,
    requestedAt: row.requested_at,
    acts: (named.get(row.request) ?? []).map((one) => one.act),
    answers: (answered.get(row.request) ?? []).map((one) => ({
      party: one.party,
      answer: one.answer as DisclosureAnswer['answer'],
      hash: one.hash,
      at: one.answered_at,
    })),
  }))
}

/** What the author of an act answered for this purpose and audience: the newest answer counts. */
export function consentFor(
  disclosures: readonly Disclosure[],
  act: { hash: string; author: string },
  to: { purpose: string; audience: string },
): 'consented' | 'refused' | 'asked' | 'not-asked' {
  const asked = disclosures.filter(
    (one) => one.purpose === to.purpose && one.audience === to.audience && one.acts.includes(act.hash),
  )
  const answers = asked.flatMap((one) => one.answers).filter((one) => one.party === act.author)
  const newest = answers.toSorted((a, b) => a.at - b.at).at(-1)
  return newest?.answer ?? (asked.length > 0 ? 'asked' : 'not-asked')
}

/** Requests by others that name acts of `party` and that it has not answered; `authors` gives act hash → author. */
export function unanswered(
  disclosures: readonly Disclosure[],
  party: string,
  authors: ReadonlyMap<string, string>,
): Disclosure[] {
  return disclosures.filter(
    (one) =>
      one.author !== party &&
      one.acts.some((act) => authors.get(act) === party) &&
      !one.answers.some((answer) => answer.party === party),
  )
}
