import type { OwnResult, Services } from '../../core/module/types.ts'
import { formatDate } from '../../text/index.ts'
import { listChallengesTo, listResults } from './queries.ts'
import { figuresInWords, figuresOf } from './result-words.ts'

/** Checks that our contacts answered, and what we published of rounds of ours. */
export async function ownCheckResults(services: Pick<Services, 'db' | 'party' | 'nameOf'>): Promise<OwnResult[]> {
  const { db, party, nameOf } = services
  const [asked, results] = await Promise.all([listChallengesTo(db, party, { open: false }), listResults(db)])
  return [
    ...asked.flatMap(({ space, author, answered_by: act, answered_at: at, due_at: due }): OwnResult[] =>
      act === null || at === null
        ? []
        : [
            {
              ...{ of: 'check', space, act, at },
              says: ({ viewer, t, language }) =>
                t('checks.own.answered', {
                  party: nameOf(author, language),
                  result: t(`checks.asked.${at <= due ? 'in-time' : 'late'}`),
                  date: formatDate(at, viewer.person.zone, language),
                }),
            },
          ],
    ),
    ...results
      .filter(({ author }) => author === party)
      .map(
        (row): OwnResult => ({
          ...{ of: 'check', space: row.space, act: row.hash, at: row.closes_at },
          says: ({ viewer, t, language }) =>
            t('checks.own.published', {
              date: formatDate(row.closes_at, viewer.person.zone, language),
              result: figuresInWords(figuresOf(row), language, t),
            }),
        }),
      ),
  ]
}
