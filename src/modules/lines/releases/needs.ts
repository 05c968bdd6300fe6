import { sql } from 'kysely'
import { actHref } from '../../../core/module/act-href.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { nowsOf } from './releases.ts'

/** Times of release that were proposed and are open: to be answered by us, or by the others. */
export async function releaseNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, party } = services
  const rows = await db
    .selectFrom('view.lines_release as r')
    .selectAll('r')
    .select(
      sql<boolean>`exists (select from view.lines_release_agreement a
      where a.space = r.space and a.proposal = r.hash and a.party = ${party})`.as('we_agreed'),
    )
    .where('r.agreed_at', 'is', null)
    .where('r.closed_how', 'is', null)
    .where(sql<boolean>`r.sides ? ${party}`)
    .orderBy('r.at_ms', 'desc')
    .limit(200)
    .execute()
  const nows = await nowsOf(
    services,
    rows.map(({ space }) => space),
  )
  const mayAnswer = viewer.may('lines.release-agreed:draft')
  return rows
    .filter((row) => row.at_ms > (nows.get(row.space) ?? 0))
    .flatMap((row): Need[] => {
      const isTheirs = row.author !== party && !row.we_agreed
      if (isTheirs && !mayAnswer) return []
      return [
        {
          key: `release:${row.hash}`,
          verb: `lines.release.need.${isTheirs ? 'answer' : 'wait'}`,
          form: `lines.release.form.${row.moves === null ? 'proposed' : 'moved'}`,
          from: row.author,
          headline: '',
          subjectOf: row.hash,
          href: actHref(row.space, row.hash),
          dueAt: row.at_ms,
          space: row.space,
          waitsFor: isTheirs ? 'me' : 'them',
        },
      ]
    })
}
