import { sql } from 'kysely'
import { actHref } from '../../../core/module/act-href.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { tellsBeforeMs } from '../kinds.ts'
import { nowsOf } from './releases.ts'
import type { ReleaseRow } from './tables.ts'
import { waitingFor } from './waiting-for.ts'

/** Times of release that are open, to be answered by us or by the others, and those agreed that are near. */
export async function releaseNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, party } = services
  const rows = await db
    .selectFrom('view.lines_release as r')
    .selectAll('r')
    .select(
      sql<boolean>`exists (select from view.lines_release_agreement a
      where a.space = r.space and a.proposal = r.hash and a.party = ${party})`.as('we_agreed'),
    )
    .where('r.closed_how', 'is', null)
    .where((either) => either.or([either('r.agreed_at', 'is', null), either('r.moves', 'is', null)]))
    .where(sql<boolean>`r.sides ? ${party}`)
    .orderBy('r.at_ms', 'desc')
    .limit(200)
    .execute()
  const nows = await nowsOf(
    services,
    rows.map(({ space }) => space),
  )
  const inMs = (row: ReleaseRow) => row.at_ms - (nows.get(row.space) ?? 0)
  const ahead = rows.filter((row) => inMs(row) > 0)
  const open = ahead.filter((row) => row.agreed_at === null)
  const near = ahead.filter((row) => row.agreed_at !== null && inMs(row) <= tellsBeforeMs)
  return [...open.flatMap((row) => openNeed(services, viewer, row)), ...(await nearNeeds(services, viewer, near))]
}

function openNeed({ party }: Services, viewer: Viewer, row: ReleaseRow & { we_agreed: boolean }): Need[] {
  const isTheirs = row.author !== party && !row.we_agreed
  if (isTheirs && !viewer.may('lines.release-agreed:draft')) return []
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
}

/** What is agreed comes by itself; what of ours is not ready by then does not. */
async function nearNeeds(services: Services, viewer: Viewer, rows: readonly ReleaseRow[]): Promise<Need[]> {
  const asked = rows.map(({ space, hash }) => ({ space, release: hash }))
  const waits = await waitingFor(services, viewer, asked)
  const mayHelp = viewer.may('incidents:draft') || viewer.may('incidents.brief:release')
  return rows.map((row): Need => {
    const isMissing = mayHelp && waits.get(row.hash)?.some(({ isReady }) => !isReady) === true
    return {
      key: `release-near:${row.hash}`,
      verb: `lines.release.need.${isMissing ? 'prepare' : 'near'}`,
      form: 'lines.release.title',
      headline: '',
      subjectOf: row.hash,
      href: `/spaces/${row.space}/releases#release-${row.hash}`,
      dueAt: row.at_ms,
      space: row.space,
      waitsFor: isMissing ? 'me' : 'nobody',
    }
  })
}
