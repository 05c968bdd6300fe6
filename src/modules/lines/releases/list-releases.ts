import type { Selectable } from 'kysely'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { ProposedText } from './acts.ts'
import { type ReleaseState, stateOf } from './releases.ts'
import type { ReleaseRow } from './tables.ts'
import { type Waiting, waitingFor } from './waiting-for.ts'

const most = 200

export interface ListedProposal {
  row: ReleaseRow
  state: ReleaseState
  text: ProposedText
  agreed: { party: string; hash: string; at: number }[]
  /** Sides that were asked and said nothing yet. */
  asked: string[]
}

export interface ListedRelease extends ListedProposal {
  /** Other times that were proposed for it, oldest first. */
  moves: ListedProposal[]
  breaks: Selectable<Tables['view.lines_release_break']>[]
  /** What of ours waits for it, as far as this person may know of it. */
  waits: Waiting[]
}

export interface Releases {
  /** On the clock of the space. */
  now: number
  releases: ListedRelease[]
  /** Proposals whose words are not for this person. */
  withheld: number
}

/** Every release that was proposed in a space: soonest first of those to come, then the others, newest first. */
export async function listReleases(services: Services, viewer: Viewer, space: SpaceFacts): Promise<Releases> {
  const { db, ledger } = services
  const [rows, agreements, breaks, now] = await Promise.all([
    db
      .selectFrom('view.lines_release')
      .selectAll()
      .where('space', '=', space.id)
      .orderBy('idx', 'desc')
      .limit(most)
      .execute(),
    db.selectFrom('view.lines_release_agreement').selectAll().where('space', '=', space.id).orderBy('at').execute(),
    db.selectFrom('view.lines_release_break').selectAll().where('space', '=', space.id).orderBy('idx').execute(),
    ledger.scenarioNow(space),
  ])
  const [contents, waits] = await Promise.all([
    revealedContents<unknown, ProposedText>(
      services,
      viewer,
      rows.map(({ hash }) => hash),
    ),
    waitingFor(
      services,
      viewer,
      rows.map(({ hash }) => ({ space: space.id, release: hash })),
    ),
  ])
  const proposals = rows.flatMap((row): ListedProposal[] => {
    const text = contents.get(row.hash)?.text
    if (!text) return []
    const state = stateOf(row, now)
    const agreed = agreements.filter(({ proposal }) => proposal === row.hash)
    const said = [row.author, ...agreed.map(({ party }) => party)]
    const asked = state === 'proposed' ? row.sides.filter((one) => !said.includes(one)) : []
    return [{ row, state, text, agreed, asked }]
  })
  const releases = proposals
    .filter(({ row }) => row.moves === null)
    .map((one) => ({
      ...one,
      moves: proposals.filter(({ row }) => row.moves === one.row.hash).toReversed(),
      breaks: breaks.filter(({ proposal }) => proposal === one.row.hash),
      waits: waits.get(one.row.hash) ?? [],
    }))
  return { now, releases: releases.toSorted(byTime), withheld: rows.length - proposals.length }
}

const isAhead = ({ state }: ListedRelease) => state === 'agreed' || state === 'proposed'

const byTime = (a: ListedRelease, b: ListedRelease): number =>
  Number(isAhead(b)) - Number(isAhead(a)) || (isAhead(a) ? a.row.at_ms - b.row.at_ms : b.row.at_ms - a.row.at_ms)
