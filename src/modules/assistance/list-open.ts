import type { Services } from '../../core/module/types.ts'
import { hasEnded, type State } from './course.ts'
import { standingOf } from './standing.ts'
import './tables.ts'

export interface OpenRequest {
  hash: string
  space: string
  author: string
  addressee: string
  kind: string
  state: State
  extension: string | null
  /** Our party asks. */
  mine: boolean
  /** Something was handed over under terms that we have not taken. */
  untaken: boolean
}

/** Requests by or to our party that have not ended, oldest first, 200 at most; those nobody acknowledged are notes only. */
export async function listOpen({ db, party }: Pick<Services, 'db' | 'party'>): Promise<OpenRequest[]> {
  const rows = await db
    .selectFrom('view.channels_note as n')
    .leftJoin('view.assistance_request as r', (join) =>
      join.onRef('r.space', '=', 'n.space').onRef('r.request', '=', 'n.hash'),
    )
    .select(['n.hash', 'n.space', 'n.author', 'n.addressee', 'n.request_kind', 'n.ended', 'n.acknowledged_at'])
    .select(['n.acknowledged_by', 'r.state', 'r.kept_until', 'r.extension'])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('view.assistance_execution as e')
            .select('e.hash')
            .whereRef('e.request', '=', 'n.hash')
            .where('e.recipient', '=', party)
            .where('e.taken_first', '=', true)
            .where('e.taken_by', 'is', null),
        )
        .as('untaken'),
    )
    .where('n.form', '=', 'request')
    .where('n.ended', 'is', null)
    .where('n.acknowledged_by', 'is not', null)
    .where((eb) => eb.or([eb('r.state', 'is', null), eb('r.state', '!=', 'closed')]))
    .where((eb) => eb.or([eb('n.author', '=', party), eb('n.addressee', '=', party)]))
    .orderBy('n.sent_at')
    .limit(200)
    .execute()
  return rows.flatMap((row) => {
    const standing = standingOf(row, row.state === null ? undefined : { ...row, state: row.state })
    if (hasEnded(standing.state)) return []
    return [
      {
        hash: row.hash,
        space: row.space,
        author: row.author,
        addressee: row.addressee,
        kind: row.request_kind ?? 'incident-information',
        state: standing.state,
        extension: standing.extension,
        mine: row.author === party,
        untaken: Boolean(row.untaken),
      },
    ]
  })
}
