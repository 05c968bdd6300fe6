import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Marking, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import type { Stretch } from '../../incidents/index.ts'
import type { PictureWords } from '../acts.ts'
import type { State } from '../vocabulary.ts'
import '../tables.ts'

/** A service as a party tells of it in a space. */
export interface JoinedService {
  author: string
  picture: string
  key: string
  /** Not there where its words were erased or are marked above the reader. */
  name?: string
  state?: State
  outSince?: Stretch
  since?: Stretch
  backSince?: Stretch
  expected?: number
  notBefore?: number
  needs: string[]
}

export interface JoinedPicture {
  space: SpaceFacts
  /** Now on the clock of the space. */
  now: number
  pictures: { picture: string; author: string; newest: string; asOf: number; marking?: Marking }[]
  /** Services of all parties. */
  services: JoinedService[]
}

/** What all parties of a space tell of recovery there, ours and theirs: three queries however many they are. */
export async function joinPictures(services: Services, viewer: Viewer, space: SpaceFacts): Promise<JoinedPicture> {
  const [pictures, rows, now] = await Promise.all([
    services.db
      .selectFrom('view.recovery_picture')
      .select(['picture', 'author', 'newest', 'as_of as asOf'])
      .where('space', '=', space.id)
      .where('ended_at', 'is', null)
      .orderBy('author')
      .orderBy('at')
      .execute(),
    services.db
      .selectFrom('view.recovery_told as t')
      .innerJoin('view.recovery_picture as p', (join) =>
        join.onRef('p.space', '=', 't.space').onRef('p.picture', '=', 't.picture'),
      )
      .selectAll('t')
      .select(['p.author', 'p.newest'])
      .where('t.space', '=', space.id)
      .where('p.ended_at', 'is', null)
      .orderBy('p.author')
      .orderBy('p.at')
      .orderBy('t.place')
      .execute(),
    services.ledger.scenarioNow(space.id),
  ])
  const contents = await revealedContents<unknown, PictureWords>(
    services,
    viewer,
    pictures.map(({ newest }) => newest),
  )
  const readable = pictures.filter(({ newest }) => contents.has(newest))
  return {
    space,
    now,
    pictures: readable,
    services: rows
      .filter(({ newest }) => contents.has(newest))
      .map(({ author, picture, key, state, expected, not_before, needs, newest, ...row }) => {
        const name = contents.get(newest)?.text?.names[key]
        const outSince = stretch(row.out_from, row.out_until)
        const since = stretch(row.since_from, row.since_until)
        const backSince = stretch(row.back_from, row.back_until)
        return {
          ...{ author, picture, key, needs },
          ...(name !== undefined && { name }),
          ...(state !== null && { state }),
          ...(outSince && { outSince }),
          ...(since && { since }),
          ...(backSince && { backSince }),
          ...(expected !== null && { expected }),
          ...(not_before !== null && { notBefore: not_before }),
        }
      }),
  }
}

const stretch = (from: number | null, until: number | null): Stretch | undefined =>
  from === null && until === null ? undefined : { ...(from !== null && { from }), ...(until !== null && { until }) }
